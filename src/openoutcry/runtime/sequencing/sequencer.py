"""The one writer: gives every command its place and time, has it judged, journals it, and has it executed.

All calls come from one thread and none of them waits. The order of commands makes the exchange fair: the first to come
is executed first, and each verdict takes the outcome of all earlier commands into account.
"""

from collections.abc import Callable
from typing import Final, NoReturn, Protocol

import structlog

from openoutcry.domain.commands import Command, ContinueWork
from openoutcry.domain.events import Event
from openoutcry.domain.reasons import Accepted, ErrorCode, Reject, Verdict
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import Sequence, TimestampUs
from openoutcry.journal.writer import JournalUnavailable
from openoutcry.runtime.clock import Clock
from openoutcry.runtime.sequencing.unavailable import Unavailable
from openoutcry.venue.reading.queries import Queries
from openoutcry.venue.tasks.slices import SLICE
from openoutcry.venue.venue import Venue

NO_SEQUENCE: Final = Sequence(0)
"""The sequence before the first command, and that of a command without a place."""
NO_TIME: Final = TimestampUs(0)

ACCEPTED: Final = Accepted()

_log: Final = structlog.get_logger()

Deliver = Callable[[Sequenced, list[Event]], None]
"""Give readers a command and its events."""

Schedule = Callable[[Callable[[], None]], object]
"""Run a function soon, after what runs now: `loop.call_soon`."""


class Journal(Protocol):
    def append(self, record: Sequenced) -> None:
        """Keep the record before returning, or raise `JournalUnavailable` and keep nothing."""


def _always_room() -> None:
    """For readers that keep nothing."""


def _note_nothing(_command: Command, _code: ErrorCode) -> None:
    """For callers who do not ask who was refused."""


class Sequencer:
    """Owns the venue. `deliver` gets each executed command and its events, in sequence, and must not raise.

    `deliver_refused` gets the others, in sequence with them and without events; None if nothing reads them.
    `check_room` raises `Unavailable` while the readers could not keep the events of another command. `note_refused` is
    told of each command that the validator refuses.
    Every method raises `Unavailable` once the venue has stopped itself: a broken assertion, or any other exception out
    of the venue or `deliver`, means that its state can no longer be trusted. The journal is kept.
    """

    def __init__(
        self,
        venue: Venue,
        journal: Journal,
        clock: Clock,
        *,
        deliver: Deliver,
        schedule: Schedule,
        epoch: int,
        deliver_refused: Deliver | None = None,
        check_room: Callable[[], None] = _always_room,
        note_refused: Callable[[Command, ErrorCode], None] = _note_nothing,
        last_sequence: Sequence = NO_SEQUENCE,
        last_time: TimestampUs = NO_TIME,
        takes_slices: bool = True,
    ) -> None:
        """`takes_slices`: it takes tasks that wait further by itself; else who gives the commands does that too."""
        self.epoch: Final = epoch
        self.last_sequence = last_sequence
        self.stopped_reason: str | None = None
        self.accepted = 0
        """Commands accepted since the start, including repeats under a known client order id."""
        self.refused: dict[ErrorCode, int] = {}
        """Commands refused since the start, by code."""
        self.idle = 0
        """Commands since the start that would have changed nothing, and were not sequenced."""
        self._venue = venue
        self._journal = journal
        self._now = clock.now
        self._deliver = deliver
        self._deliver_refused = deliver_refused
        self._schedule = schedule
        self._check_room = check_room
        self._note_refused = note_refused
        self._last_time = last_time
        self._pending: Sequenced | None = None
        self._work_scheduled = not takes_slices
        self._scheduled = False
        self._journal_refuses = False

    def submit(self, command: Command) -> Sequenced:
        """Sequence `command` and return its verdict; if it is accepted, it is executed after that.

        Raises `Unavailable`: the command is not in the journal, has no effect, and may be sent again.
        """
        sequenced = self._sequence(command)
        if type(sequenced.verdict) is Accepted:
            self._pending = sequenced
            if not self._scheduled:
                self._scheduled = True
                self._schedule(self._execute_on_schedule)
        elif self._deliver_refused is not None:
            self._deliver_refused(sequenced, [])
        return sequenced

    def perform(self, command: Command) -> tuple[Sequenced, list[Event]]:
        """Sequence `command`, execute it at once, and return its verdict and its events, which are delivered too.

        Raises `Unavailable` as `submit` does. Also if the venue stopped itself while executing it: then no effect is
        visible until the exchange is restarted.
        """
        sequenced = self._sequence(command)
        if type(sequenced.verdict) is Accepted:
            return sequenced, self._execute(sequenced)
        if self._deliver_refused is not None:
            self._deliver_refused(sequenced, [])
        return sequenced, []

    def perform_change(self, command: Command) -> tuple[Sequenced, list[Event]]:
        """As `perform`; a command that would change nothing is not sequenced: its sequence is `NO_SEQUENCE`, it has no
        events, and neither the journal nor anything else knows of it.

        Raises `Unavailable`, as `perform`.
        """
        self.execute_pending()
        if self._is_idle(command) and type(self._validate(command)) is Accepted:
            self.idle += 1
            return Sequenced(NO_SEQUENCE, max(self._now(), self._last_time), command, ACCEPTED), []
        return self.perform(command)

    def validate(self, command: Command) -> Verdict:
        """What the verdict on `command` would be now. Nothing is sequenced."""
        self.execute_pending()
        return self._validate(command)

    def execute_pending(self) -> None:
        """Execute the accepted command that still waits, if one does."""
        pending = self._pending
        if pending is not None:
            self._pending = None
            self._execute(pending)
        if self.stopped_reason is not None:
            raise Unavailable(self.stopped_reason)

    @property
    def queries(self) -> Queries:
        """The venue as it stands after every command so far."""
        self.execute_pending()
        return self._venue.queries

    @property
    def has_work(self) -> bool:
        """Whether tasks wait in the venue."""
        return self._venue.has_work

    @property
    def time(self) -> TimestampUs:
        """The time that a command would get now."""
        return max(self._now(), self._last_time)

    def state_hash(self) -> str:
        """SHA-256, in hexadecimal, of the venue's state after every command so far."""
        self.execute_pending()
        return self._venue.state_hash()

    def live_hash(self) -> str:
        """The live hash of the venue after every command so far, as the journal's seals have it."""
        self.execute_pending()
        return self._venue.live_hash()

    def stop(self, doing: str, error: Exception) -> None:
        """Take no further command, because of a failure after which none may be executed."""
        self._pending = None
        self.stopped_reason = f"the exchange stopped itself {doing}: {type(error).__name__}; its log tells more"
        _log.critical("venue stopped", doing=doing, exc_info=error)

    def _sequence(self, command: Command) -> Sequenced:
        self.execute_pending()
        self._check_room()
        now = self._now()
        if now < self._last_time:  # noqa: PLR1730 - max() costs twice as much, for every order
            now = self._last_time
        verdict = self._validate(command)
        sequence: Sequence = self.last_sequence + 1  # type: ignore[assignment]
        sequenced = Sequenced(sequence, now, command, verdict)
        try:
            self._journal.append(sequenced)
        except JournalUnavailable as error:
            if not self._journal_refuses:
                self._journal_refuses = True
                _log.error("no command is taken", reason=str(error))
            raise Unavailable(str(error)) from error
        if self._journal_refuses:
            self._journal_refuses = False
            _log.info("commands are taken again")
        self.last_sequence = sequence
        self._last_time = now
        if type(verdict) is Reject:
            self.refused[verdict.code] = self.refused.get(verdict.code, 0) + 1
            self._note_refused(command, verdict.code)
        else:
            self.accepted += 1
        return sequenced

    def _validate(self, command: Command) -> Verdict:
        try:
            return self._venue.validate(command)
        except Exception as error:  # noqa: BLE001 - whatever it is, the state can no longer be trusted
            self._fail(f"validating {type(command).__name__}", error)

    def _is_idle(self, command: Command) -> bool:
        try:
            return self._venue.changes_nothing(command)
        except Exception as error:  # noqa: BLE001 - whatever it is, the state can no longer be trusted
            self._fail(f"judging {type(command).__name__}", error)

    def _execute(self, sequenced: Sequenced) -> list[Event]:
        try:
            events = self._venue.execute(sequenced.sequence, sequenced.time, sequenced.command)
            self._deliver(sequenced, events)
        except Exception as error:  # noqa: BLE001 - whatever it is, the state can no longer be trusted
            self._fail(f"executing sequence {sequenced.sequence}", error)
        if self._venue.has_work and not self._work_scheduled:
            self.continue_work()
        return events

    def continue_work(self) -> None:
        """If tasks wait in the venue: one slice of them in each of the next turns, until none is left."""
        if self._venue.has_work:
            self._work_scheduled = True
            self._schedule(self._take_slice)

    def _take_slice(self) -> None:
        self._work_scheduled = False
        if not self._venue.has_work:
            return
        try:
            self.perform(ContinueWork(SLICE))
        except Unavailable as unavailable:
            # The next command that is executed takes it up again.
            _log.warning("tasks of the exchange wait", reason=str(unavailable))

    def _execute_on_schedule(self) -> None:
        self._scheduled = False
        try:
            self.execute_pending()
        except Unavailable:
            return  # the next caller is told

    def _fail(self, doing: str, error: Exception) -> NoReturn:
        self.stop(doing, error)
        raise Unavailable(self.stopped_reason) from error
