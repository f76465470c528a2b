"""A session under way in which roles have duties: a maker, a fund, a desk, and a team without any."""

from collections.abc import Iterable

from core_stage import CALL, Stage, order

from openoutcry.domain import commands
from openoutcry.domain.commands import PhaseAt
from openoutcry.domain.day.game_rules import (
    BalanceRules,
    CoverageRules,
    DeltaRules,
    GameRules,
    RoleDuties,
    SanctionRules,
)
from openoutcry.domain.day.marks import Mark, UnderlyingMark
from openoutcry.domain.events import DutyJudged, Event
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.types import InstrumentId, MarketTime
from openoutcry.venue.snapshots.snapshot import decode, encode
from openoutcry.venue.venue import Venue
from reference.workload import instrument, role

SPY_CALL = InstrumentId("SPY_CALL_450_20240315")
PUT = InstrumentId("SPX_PUT_4500_20240315")
SPY = InstrumentId("SPY")
INSTRUMENTS = (instrument(CALL), instrument(PUT), instrument(SPY_CALL), instrument(SPY))
MAKER, FUND, DESK, RETAIL = 1, 2, 3, 4
NAMES = {"maker": MAKER, "fund": FUND, "desk": DESK, "retail": RETAIL}
DUTIES = {
    "maker": RoleDuties(coverage=CoverageRules()),
    "fund": RoleDuties(delta=DeltaRules()),
    "desk": RoleDuties(balance=BalanceRules()),
}
GAME = GameRules(roles=DUTIES, sanctions=SanctionRules(), index_ratio={"SPX": 1, "SPY": 10})
START = MarketTime(1_705_329_000)
OPEN = (PhaseAt("continuous", START, START), PhaseAt("closed", START + 90_000, START + 90_000))


class DutiesStage(Stage):
    """The session has begun, and everything trades. Marks stay until there are others."""

    def __init__(
        self,
        game: GameRules = GAME,
        instruments: tuple[Instrument, ...] = INSTRUMENTS,
        word: int = 7,
        names: Iterable[str] = NAMES,
        **limits: object,
    ) -> None:
        super().__init__(rules=role(**limits), instruments=instruments, opening_phase="closed", game=game)
        rulebook = self.venue._state.rulebook
        roles = dict.fromkeys(NAMES, rulebook.roles["trader"])
        rulebook.roles.clear()
        rulebook.roles.update(roles)
        self.now = START
        for name in names:
            self.do(commands.RegisterTeam(name, name.split("-")[0], name.encode()))
        self.do(commands.StartSession("2024-01-15", -18_000, OPEN, 1_000, word))

    def pass_seconds(self, seconds: int = 1, *marks: Mark, spx: int | None = None) -> list[Event]:
        """So many market seconds pass, one by one; the first brings these marks."""
        events: list[Event] = []
        for number in range(seconds):
            events += self.tick(self.now + 1, marks if not number else (), spx if not number else None)
        return events

    def tick(self, until: int, marks: tuple[Mark, ...] = (), spx: int | None = None) -> list[Event]:
        self.now = MarketTime(until)
        underlyings = () if spx is None else (UnderlyingMark("SPX", spx),)
        events = self.do(commands.AdvanceMarket(self.now, underlyings, marks))
        return events + self.finish()

    def finish(self) -> list[Event]:
        """Do what is left of slices."""
        events: list[Event] = []
        while self.venue.has_work:
            events += self.do(commands.ContinueWork(500))
        return events

    def restart(self) -> None:
        """Go on with what a snapshot keeps."""
        kept = decode(encode(self.venue.snapshot()))
        self.venue = Venue(self.venue._state.rulebook, snapshot=kept)
        self.queries = self.venue.queries

    def hold(self, team: int, instrument_id: str, quantity: int, ticks: int = 100) -> None:
        """Let the team trade so much (< 0: sell) with the team without duties."""
        side, other = ("buy", "sell") if quantity > 0 else ("sell", "buy")
        self.enter(RETAIL, other, abs(quantity), ticks, instrument_id=instrument_id)
        self.enter(team, side, abs(quantity), ticks, instrument_id=instrument_id)

    def level(self, team: int) -> int:
        standing = self.queries.standing(team)  # type: ignore[arg-type]
        return 0 if standing is None else standing.level

    def duty(self, team: int):  # type: ignore[no-untyped-def]
        """The team's only duty."""
        (duty,) = self.queries.standing(team).duties  # type: ignore[arg-type, union-attr]
        return duty


def mark(instrument_id: str, value: int = 100_000, delta: int = 500_000, vega: int = 5_000) -> Mark:
    place = [each.instrument_id for each in INSTRUMENTS].index(instrument_id)  # type: ignore[arg-type]
    return Mark(place, value, 200_000, delta, 1_000, vega, -2_000)


def told(events: Iterable[Event], team: int | None = None) -> list[tuple[str | None, str, int]]:
    """What was told of duties: the duty, its state, the level."""
    return [
        (event.duty, event.state, event.level)
        for event in events
        if isinstance(event, DutyJudged) and team in (None, event.team_id)
    ]


__all__ = ["CALL", "order"]
