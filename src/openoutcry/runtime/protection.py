"""Protection of the bot that dies, in time: sends the venue's timers their `ElapseTimer` when they are due.

The timers themselves are state of the venue, so a restart knows them; here is only the wish to be woken for the next.
"""

from typing import Final

import structlog

from openoutcry.domain.commands import (
    Command,
    ElapseTimer,
    GuardConnection,
    LoseConnection,
    SetCancelAfter,
    UnguardConnection,
)
from openoutcry.domain.types import ConnectionId, TeamId, TimestampUs
from openoutcry.runtime.clock import Clock
from openoutcry.runtime.executed import Sequenced, Unavailable
from openoutcry.runtime.sequencer import Sequencer
from openoutcry.runtime.timers import CallLater, TimerHandle

RETRY_SECONDS: Final = 0.5
"""Pause before the next attempt where the exchange cannot take a command at present."""

_SECOND_US: Final = 1_000_000

_log: Final = structlog.get_logger()


class Protection:
    """Dead-man timers and guarded connections. Commands raise `Unavailable` as the sequencer does."""

    def __init__(self, sequencer: Sequencer, clock: Clock, call_later: CallLater) -> None:
        self._sequencer = sequencer
        self._clock = clock
        self._call_later = call_later
        self._wake_up: TimerHandle | None = None
        self._wakes_at = TimestampUs(0)
        # Losses that the exchange could not take yet; each was a guarded connection, whose number is bounded.
        self._untold: dict[LoseConnection, None] = {}

    def start(self) -> None:
        """After a restart: what is overdue happens first, and every guarded connection counts as lost from now."""
        self._elapse_due()
        for team_id, connection_id in self._sequencer.queries.guarded_connections():
            self._sequencer.perform(LoseConnection(team_id, connection_id))
        self._elapse_due()
        self._arm()

    def stop(self) -> None:
        """Wake up no more. The venue keeps its timers."""
        if self._wake_up is not None:
            self._wake_up.cancel()
            self._wake_up = None

    def set_cancel_after(self, team_id: TeamId, seconds: int) -> Sequenced:
        """Set, renew or (0) switch off the team's dead-man timer."""
        sequenced = self._perform(SetCancelAfter(team_id, seconds))
        if seconds:
            self._wake_by(TimestampUs(sequenced.time + seconds * _SECOND_US))
        return sequenced

    def guard(self, team_id: TeamId, connection_id: ConnectionId, grace_seconds: int) -> Sequenced:
        """Cancel the team's orders `grace_seconds` after this connection is lost."""
        return self._perform(GuardConnection(team_id, connection_id, grace_seconds))

    def unguard(self, team_id: TeamId, connection_id: ConnectionId) -> Sequenced:
        """Let the connection end without consequences."""
        return self._perform(UnguardConnection(team_id, connection_id))

    def lose(self, team_id: TeamId, connection_id: ConnectionId) -> None:
        """A guarded connection has ended. Where the exchange cannot take that now, it is told as soon as it can."""
        self._untold[LoseConnection(team_id, connection_id)] = None
        self._work()

    def _perform(self, command: Command) -> Sequenced:
        sequenced, _ = self._sequencer.perform(command)
        return sequenced

    def _work(self) -> None:
        """Tell what is untold and due, then sleep until the next timer."""
        try:
            for loss in list(self._untold):
                self._sequencer.perform(loss)
                del self._untold[loss]
            self._elapse_due()
            self._arm()
        except Unavailable as unavailable:
            if self._sequencer.stopped_reason is None:
                _log.warning("a timer waits for the exchange", reason=str(unavailable))
                self._sleep(RETRY_SECONDS)

    def _elapse_due(self) -> None:
        while (timer := self._sequencer.queries.next_timer()) is not None and timer.due <= self._clock.now():
            self._sequencer.perform(ElapseTimer(timer.team_id, timer.connection_id, timer.due))

    def _arm(self) -> None:
        timer = self._sequencer.queries.next_timer()
        if timer is None:
            self.stop()
        else:
            self._sleep_until(timer.due)

    def _wake_by(self, due: TimestampUs) -> None:
        """Be awake at `due`: asleep for longer, wake up then.

        Whoever wakes up earlier, for a timer that has been renewed since, finds that out and sleeps on. So a renewal,
        of which every bot sends many, need not look for the timer that is next among all there are.
        """
        if self._wake_up is None or due < self._wakes_at:
            self._sleep_until(due)

    def _sleep_until(self, due: TimestampUs) -> None:
        self._sleep(max(due - self._clock.now(), 0) / _SECOND_US)

    def _sleep(self, seconds: float) -> None:
        self.stop()
        self._wakes_at = TimestampUs(self._clock.now() + round(seconds * _SECOND_US))
        self._wake_up = self._call_later(seconds, self._work)
