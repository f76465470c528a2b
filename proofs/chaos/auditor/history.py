"""The past as the journal has it: each command with what happened by it, and what of it every account rests on."""

from bisect import bisect_right
from collections import defaultdict
from pathlib import Path
from typing import Final, NamedTuple

from openoutcry.domain.commands import AdvanceMarket, ListInstrument, SettleInstrument, StartSession
from openoutcry.domain.day.marks import Mark
from openoutcry.domain.events import Event, PhaseChanged
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.reasons import Reject
from openoutcry.domain.sequenced import Sequenced
from openoutcry.runtime.projections import ALL_COMMANDS
from openoutcry.runtime.recovery.rerun import rerun
from openoutcry.scenarios.model import Scenario

Step = tuple[Sequenced, list[Event]]


class Paid(NamedTuple):
    """A settlement: from this command on, positions are paid out at this price, in ticks."""

    sequence: int
    price: int


class Listener:
    """A projection that keeps everything."""

    name: Final = "listener"
    shape: Final = "nothing"
    commands: Final = ALL_COMMANDS

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def apply(self, sequenced: Sequenced, events: list[Event]) -> None:
        self.steps.append((sequenced, events))

    def capture(self) -> bytes:
        return b""

    def restore(self, state: memoryview) -> None:
        pass


class History:
    """`steps`: every command from the first on, refused ones without events."""

    def __init__(self, scenario: Scenario, steps: list[Step]) -> None:
        self.steps: Final = steps
        self.instruments: Final[dict[str, Instrument]] = {each.instrument_id: each for each in scenario.instruments}
        """In order of listing."""
        self.settlements: Final[defaultdict[str, list[Paid]]] = defaultdict(list)
        self.commands: Final = {int(record.sequence): record.command for record, _ in steps}
        """By sequence, refused ones too."""
        self._marks: defaultdict[int, list[tuple[int, Mark]]] = defaultdict(list)
        self._openings: list[int] = []
        for record, events in steps:
            self._read(record, events)

    def _read(self, record: Sequenced, events: list[Event]) -> None:
        if isinstance(record.verdict, Reject):
            return
        sequence, command = int(record.sequence), record.command
        match command:
            case ListInstrument(instrument=Instrument() as listed):
                self.instruments[listed.instrument_id] = listed
            case SettleInstrument():
                self.settlements[command.instrument_id].append(Paid(sequence, command.settlement_price))
            case AdvanceMarket():
                for mark in command.marks:
                    self._marks[mark.place].append((sequence, mark))
            case _:
                pass
        for event in events:
            if isinstance(event, PhaseChanged) and event.instrument_id is None and event.previous_phase == "closed":
                self._openings.append(sequence)

    @property
    def has_day(self) -> bool:
        return any(isinstance(record.command, StartSession) for record, _ in self.steps)

    def trading_session(self, sequence: int) -> int:
        """How many times the market had opened by then."""
        return bisect_right(self._openings, sequence)

    def mark_at(self, instrument_id: str, sequence: int) -> Mark | None:
        """The newest mark that this command or one before it brought."""
        marks = self._marks[list(self.instruments).index(instrument_id)]
        place = bisect_right(marks, sequence, key=_sequence)
        return marks[place - 1][1] if place else None

    def settlement_at(self, instrument_id: str, sequence: int) -> Paid | None:
        """The settlement by which the instrument is being paid out then."""
        paid = self.settlements.get(instrument_id)
        return paid[0] if paid and paid[0].sequence <= sequence else None


def read_history(scenario: Scenario, directory: Path) -> History:
    """Of the exchange on this data directory. Raises what `rerun` does."""
    listener = Listener()
    rerun(directory, projections_of=lambda _scenario: (listener,))
    return History(scenario, listener.steps)


def _sequence(marked: tuple[int, Mark]) -> int:
    return marked[0]
