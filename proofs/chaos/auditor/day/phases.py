"""Phases: in the timetable's order and at its instants; a halt stands until somebody or its own end resumes trading."""

from typing import Final

from openoutcry.domain.commands import (
    AdvanceMarket,
    Command,
    EndSession,
    PhaseAt,
    ResumeInstrument,
    SetPhase,
    StartSession,
)
from openoutcry.domain.day.phases import Phase
from openoutcry.domain.events import InstrumentExpired, PhaseChanged
from openoutcry.domain.reasons import Reject
from openoutcry.scenarios.model import Scenario
from proofs.chaos.auditor.findings import Findings
from proofs.chaos.auditor.history import History

ORDER: Final = "phases follow the timetable"
HALTS: Final = "a halt stands until it is resumed"

MAY_FOLLOW: Final[dict[Phase, tuple[Phase, ...]]] = {
    "closed": ("pre_open", "continuous"),
    "pre_open": ("opening_auction", "halted", "closed"),
    "opening_auction": ("continuous", "closed"),
    "continuous": ("halted", "closed"),
    "halted": ("halted", "pre_open", "reopening_call", "closed"),
    "reopening_call": ("reopening_auction", "halted", "closed"),
    "reopening_auction": ("continuous", "closed"),
}


class PhaseCheck:
    """Goes through the past once."""

    def __init__(self, scenario: Scenario, history: History, findings: Findings) -> None:
        day = scenario.rulebook.game.day
        assert day is not None, "only days are checked"  # noqa: S101
        self._halt_seconds = day.halt_seconds
        self._history = history
        self._findings = findings
        self._now = 0
        self._phase: Phase = "closed"
        self._timetable: tuple[PhaseAt, ...] = ()
        self._halted_until: int | None = None
        """When the session's halt ends by itself."""
        self._own_halts: set[str] = set()
        self._resumed: set[str | None] = set()
        """What an organiser has let go on since it was halted; None: the session."""

    def run(self) -> None:
        for record, events in self._history.steps:
            if isinstance(record.verdict, Reject):
                continue
            self._note(record.command)
            for event in events:
                if isinstance(event, PhaseChanged):
                    self._change(f"sequence {record.sequence} at {self._now}", record.command, event)
                elif isinstance(event, InstrumentExpired):
                    self._own_halts.discard(event.instrument_id)
            if isinstance(record.command, AdvanceMarket):
                self._check_instant(f"sequence {record.sequence}")

    def _note(self, command: Command) -> None:
        match command:
            case StartSession():
                self._now, self._timetable = command.timetable[0].at, command.timetable
            case AdvanceMarket():
                self._now = command.market_time
            case ResumeInstrument() if command.why is not None:
                self._resumed.add(command.instrument_id)
            case SetPhase() | EndSession() if command.why is not None:
                self._resumed.add(None)
            case _:
                pass

    def _change(self, about: str, command: Command, event: PhaseChanged) -> None:
        if event.instrument_id is not None:
            self._change_own(about, event.instrument_id, event.phase)
            return
        self._findings.equal(ORDER, about, expected=self._phase, told=event.previous_phase)
        follows = event.phase in MAY_FOLLOW[self._phase]
        self._findings.check(follows, ORDER, f"{about}: {event.phase} after {self._phase}")
        if event.phase == "opening_auction":
            self._findings.equal(ORDER, f"{about}: uncross", expected=self._instant("opening_auction"), told=self._now)
        if self._phase == "closed":
            is_first = isinstance(command, StartSession) and event.phase == command.timetable[0].phase
            self._findings.check(is_first, ORDER, f"{about}: {event.phase} without a session's start")
        if self._phase == "halted":
            self._end_of_halt(about, event)
        if event.phase == "halted":
            self._resumed.discard(None)
            by_breaker = event.reason == "circuit_breaker"
            self._halted_until = self._now + self._halt_seconds if by_breaker else None
        self._phase = event.phase

    def _end_of_halt(self, about: str, event: PhaseChanged) -> None:
        by_itself = event.phase == "reopening_call" and self._halted_until == self._now
        by_close = event.phase == "closed" and self._now == self._instant("closed")
        is_due = event.phase == "halted" or None in self._resumed or by_itself or by_close
        self._findings.check(is_due, HALTS, f"{about}: {event.phase} after a halt, by nobody")

    def _change_own(self, about: str, instrument_id: str, phase: Phase) -> None:
        if phase == "halted" and instrument_id not in self._own_halts:
            self._own_halts.add(instrument_id)
            self._resumed.discard(instrument_id)
        elif instrument_id in self._own_halts:
            self._own_halts.discard(instrument_id)
            is_due = instrument_id in self._resumed
            self._findings.check(is_due, HALTS, f"{about}: {instrument_id} goes on in {phase}, by nobody")

    def _check_instant(self, about: str) -> None:
        """What the timetable has for this market second has begun, or comes before the next."""
        opening, close = self._instant("opening_auction"), self._instant("closed")
        is_overdue = opening is not None and self._now > opening and self._phase == "pre_open"
        is_late = is_overdue or self._now > (close or 0)
        self._findings.check(not is_late, ORDER, f"{about}: still in {self._phase} at {self._now}")

    def _instant(self, phase: Phase) -> int | None:
        return next((line.at for line in self._timetable if line.phase == phase), None)
