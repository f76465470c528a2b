"""A session with halts and reopenings, asked for each phase by market time."""

from core_stage import CALL, Stage

from openoutcry.domain import commands
from openoutcry.domain.commands import PhaseAt
from openoutcry.domain.day.game_rules import BreakerRules, DayRules, GameRules
from openoutcry.domain.day.marks import UnderlyingMark
from openoutcry.domain.events import PhaseChanged
from openoutcry.venue.snapshots.snapshot import decode, encode
from openoutcry.venue.venue import Venue
from reference.workload import instrument

PUT = "SPX_PUT_4500_20240315"
NINE = 1_705_327_200  # 2024-01-15 09:00 in New York
OPENS = NINE + 1_790
CLOSES = NINE + 21_600
RULES = DayRules(breaker=BreakerRules())
SPOT = 45_000_000


def timetable(day=0):
    return (
        PhaseAt("pre_open", NINE + day, NINE + day),
        PhaseAt("opening_auction", OPENS + day, OPENS + day - 20),
        PhaseAt("closed", CLOSES + day, CLOSES + day),
    )


class DayOfHalts(Stage):
    """A session in which one can ask for each phase by market time."""

    def __init__(self, **terms):
        super().__init__(
            "ann",
            "bob",
            instruments=(instrument(CALL), instrument(PUT)),
            opening_phase="closed",
            game=GameRules(day=RULES),
            **terms,
        )
        self.do(commands.StartSession("2024-01-15", -18_000, timetable(), 1_000, 7))
        self.now = NINE
        self.told = []

    def do(self, command):
        events = super().do(command)
        if hasattr(self, "told"):
            self.told += [event for event in events if isinstance(event, PhaseChanged)]
        return events

    def tick(self, until, price=SPOT):
        """Every second up to this one."""
        while self.now < until:
            self.now += 1
            self.do(commands.AdvanceMarket(self.now, (UnderlyingMark("SPX", price),)))

    def tick_while(self, phase, where=None):
        while self.phase(where) == phase:
            self.tick(self.now + 1)
        return self.now

    def phase(self, where=None):
        market = self.queries.market()
        return market.phase if where is None else market.instrument_phases.get(where, market.phase)

    def phases(self):
        return [event.phase for event in self.told]

    def restart(self):
        kept = decode(encode(self.venue.snapshot()))
        self.venue = Venue(self.venue._state.rulebook, snapshot=kept)
        self.queries = self.venue.queries
