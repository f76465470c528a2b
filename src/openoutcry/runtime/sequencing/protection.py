"""Dead-man timers and graces, in time: submits `ElapseTimer` to the venue for each timer that is due.

The timers are state of the venue, so a restart knows them. This module decides when they strike, by elapsed time:
setting the machine's clock moves no timer. A restart knows only times of the clock, and continues with the rest of each
timer by them.
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
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import ConnectionId, TeamId
from openoutcry.runtime.clock import Clock
from openoutcry.runtime.sequencing.sequencer import Sequencer
from openoutcry.runtime.sequencing.timer_schedule import Timer, TimerSchedule
from openoutcry.runtime.sequencing.timers import CallLater, TimerHandle
from openoutcry.runtime.sequencing.unavailable import Unavailable

RETRY_SECONDS: Final = 0.5
"""Seconds before the next attempt if the exchange cannot take a command now."""

LONGEST_SLEEP_SECONDS: Final = 0.5
"""Most seconds that the loop sleeps while a timer runs. The loop's clock stops while the machine is suspended;
`Clock.elapsed` does not. So timers due meanwhile strike at most this long after the machine woke up."""

SLICE_WORK: Final = 50
"""Commands and events after which other work of the loop has its turn, if many timers are due at once. One timer is
never divided: it cancels all orders of its team."""

_SECOND_US: Final = 1_000_000

_log: Final = structlog.get_logger()


class Protection:
    """Dead-man timers and guarded connections. Commands raise `Unavailable` as the sequencer does."""

    def __init__(self, sequencer: Sequencer, clock: Clock, call_later: CallLater) -> None:
        self._sequencer = sequencer
        self._elapsed = clock.elapsed
        self._call_later = call_later
        self._schedule = TimerSchedule()
        self._wake_up: TimerHandle | None = None
        self._wakes_at = 0
        # Lost connections whose grace is running.
        self._lost: dict[TeamId, dict[ConnectionId, None]] = {}
        # Losses that the exchange could not take yet. Each was a guarded connection, so their number is bounded.
        self._untold: dict[LoseConnection, None] = {}

    def start(self) -> None:
        """After a restart: overdue timers strike first, and every guarded connection counts as lost from now on."""
        now, time = self._elapsed(), self._sequencer.time
        for view in sorted(self._sequencer.queries.timers(), key=lambda view: view.due):
            self._schedule.set((view.team_id, view.connection_id), now + view.due - time)
            if view.connection_id is not None:
                self._lost.setdefault(view.team_id, {})[view.connection_id] = None
        self._elapse_all_due()
        for team_id, connection_id in self._sequencer.queries.guarded_connections():
            self._tell(LoseConnection(team_id, connection_id))
        self._elapse_all_due()
        self._arm()

    def stop(self) -> None:
        """Stop. The venue keeps its timers."""
        if self._wake_up is not None:
            self._wake_up.cancel()
            self._wake_up = None

    def set_cancel_after(self, team_id: TeamId, seconds: int) -> Sequenced:
        """Set, renew or (0) switch off the team's dead-man timer."""
        sequenced = self._perform(SetCancelAfter(team_id, seconds))
        if type(sequenced.verdict) is Accepted:
            if seconds:
                self._set((team_id, None), seconds * _SECOND_US)
            else:
                self._schedule.cancel((team_id, None))
        return sequenced

    def guard(self, team_id: TeamId, connection_id: ConnectionId, grace_seconds: int) -> Sequenced:
        """Cancel the team's orders `grace_seconds` after this connection is lost."""
        # A loss that still waits came first. If it were told after the guard, it would strike although the bot is back.
        for loss in [loss for loss in self._untold if loss.team_id == team_id]:
            self._tell(loss)
        sequenced = self._perform(GuardConnection(team_id, connection_id, grace_seconds))
        if type(sequenced.verdict) is Accepted:
            # The lost connection is replaced.
            for lost in self._lost.pop(team_id, ()):
                self._schedule.cancel((team_id, lost))
        return sequenced

    def unguard(self, team_id: TeamId, connection_id: ConnectionId) -> Sequenced:
        """Remove the guard: the connection may end without cancelling orders."""
        return self._perform(UnguardConnection(team_id, connection_id))

    def lose(self, team_id: TeamId, connection_id: ConnectionId) -> None:
        """A guarded connection has ended. If the exchange cannot take that now, it is told as soon as it can."""
        loss = LoseConnection(team_id, connection_id)
        self._untold[loss] = None
        try:
            self._tell(loss)
        except Unavailable as unavailable:
            self._put_off(str(unavailable))

    def _perform(self, command: Command) -> Sequenced:
        sequenced, _ = self._sequencer.perform_change(command)
        return sequenced

    # ---- what is due

    def _tell(self, loss: LoseConnection) -> int:
        """Tell the venue, which starts the grace; a grace of 0 is over at once. Returns the amount of work."""
        sequenced = self._perform(loss)
        self._untold.pop(loss, None)
        team_id, connection_id = loss.team_id, loss.connection_id
        due = self._sequencer.queries.due(team_id, connection_id)
        if due is None:
            return 1  # guarded no longer
        self._lost.setdefault(team_id, {})[connection_id] = None
        self._set((team_id, connection_id), due - sequenced.time)
        return 1 + self._elapse((team_id, connection_id)) if due <= sequenced.time else 1

    def _elapse(self, timer: Timer) -> int:
        """Let this timer strike. Returns the amount of work."""
        team_id, connection_id = timer
        due = self._sequencer.queries.due(team_id, connection_id)
        events = 0
        if due is not None:
            events = len(self._sequencer.perform(ElapseTimer(team_id, connection_id, due))[1])
        self._schedule.cancel(timer)
        if connection_id is not None and (lost := self._lost.get(team_id)) is not None:
            lost.pop(connection_id, None)
            if not lost:
                del self._lost[team_id]
        return 1 + events

    def _elapse_all_due(self) -> None:
        while (timer := self._due()) is not None:
            self._elapse(timer)

    def _due(self) -> Timer | None:
        first = self._schedule.next()
        return first[0] if first is not None and first[1] <= self._elapsed() else None

    # ---- when to look

    def _work(self) -> None:
        """Submit one slice of waiting losses and due timers, then sleep until there is more."""
        self._wake_up = None
        try:
            work = 0
            while self._untold and work < SLICE_WORK:
                work += self._tell(next(iter(self._untold)))
            while work < SLICE_WORK and (timer := self._due()) is not None:
                work += self._elapse(timer)
            self._arm()
        except Unavailable as unavailable:
            self._put_off(str(unavailable))
        except Exception as error:  # noqa: BLE001 - a timer that nobody looks at any more would never strike
            _log.error("a timer failed", exc_info=error)
            self._put_off(str(error))

    def _put_off(self, reason: str) -> None:
        if self._sequencer.stopped_reason is None:
            _log.warning("a timer waits for the exchange", reason=reason)
            self._sleep(RETRY_SECONDS)

    def _arm(self) -> None:
        first = self._schedule.next()
        if self._untold:
            self._sleep(0)
        elif first is None:
            self.stop()
        else:
            self._sleep((first[1] - self._elapsed()) / _SECOND_US)

    def _set(self, timer: Timer, microseconds: int) -> None:
        """Let the timer strike after this time, and wake up then.

        A wake-up for a timer that has been renewed since only sets the next one.
        """
        deadline = self._elapsed() + microseconds
        self._schedule.set(timer, deadline)
        if self._wake_up is None or deadline < self._wakes_at:
            self._sleep(microseconds / _SECOND_US)

    def _sleep(self, seconds: float) -> None:
        self.stop()
        seconds = min(max(seconds, 0.0), LONGEST_SLEEP_SECONDS)
        self._wakes_at = self._elapsed() + round(seconds * _SECOND_US)
        self._wake_up = self._call_later(seconds, self._work)
