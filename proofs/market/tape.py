"""Every trade of a match, as a projection: who bought from whom, how far from the theoretical value, at what fee."""

from collections import Counter, defaultdict
from typing import Final, NamedTuple

from openoutcry.domain.events import Event, OrderExecuted, PhaseChanged
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.orders import BUY
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import MONEY_UNITS, TeamId
from openoutcry.runtime.projections import ALL_COMMANDS
from openoutcry.simulation.shown import MarketShown


class Dealing(NamedTuple):
    """What one team has traded with another, in all options or all spot instruments."""

    team_id: TeamId
    other_id: TeamId
    is_option: bool


class Tape:
    """`shown` and `instruments` are given to it before anything can trade."""

    name: Final = "tape"
    shape: Final = ""
    commands: Final = ALL_COMMANDS

    def __init__(self) -> None:
        self.shown: MarketShown
        self.instruments: dict[str, Instrument] = {}
        self.contracts: Counter[Dealing] = Counter()
        self.edges: defaultdict[Dealing, float] = defaultdict(float)
        """In currency: what the team's trades were worth at the marks of their instants, less what it paid."""
        self.fees: defaultdict[Dealing, float] = defaultdict(float)
        self.halts = 0
        """By the circuit breaker."""
        self._first: OrderExecuted | None = None
        """The fill whose other side comes next."""

    def apply(self, sequenced: Sequenced, events: list[Event]) -> None:  # noqa: ARG002 - all commands are alike
        for event in events:
            if type(event) is OrderExecuted:
                self._fill(event)
            elif type(event) is PhaseChanged and event.reason == "circuit_breaker" and event.phase == "halted":
                self.halts += 1

    def capture(self) -> bytes:
        return b""

    def restore(self, state: memoryview) -> None:  # noqa: ARG002 - a projection is given one
        raise AssertionError("a match in memory is never restored")

    def _fill(self, event: OrderExecuted) -> None:
        first, self._first = self._first, event
        if first is None or first.trade_id != event.trade_id:
            return
        self._first = None
        self._note(first, event.team_id)
        self._note(event, first.team_id)

    def _note(self, fill: OrderExecuted, other_id: TeamId) -> None:
        instrument, mark = self.instruments[fill.instrument_id], self.shown.mark(fill.instrument_id)
        assert mark is not None, "what trades has a mark"  # noqa: S101
        dealing = Dealing(fill.team_id, other_id, instrument.option is not None)
        gain = (mark.value - fill.price * instrument.tick_size) * instrument.multiplier / MONEY_UNITS
        self.contracts[dealing] += fill.quantity
        self.edges[dealing] += fill.quantity * (gain if fill.side == BUY else -gain)
        self.fees[dealing] += fill.fees / MONEY_UNITS
