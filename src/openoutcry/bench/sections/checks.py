"""What each rule of the default game costs an order: the same orders with one rule more, in turns."""

from collections.abc import Callable
from time import process_time
from typing import Final

from msgspec.structs import replace

from openoutcry.bench.failures import MeasurementFailed
from openoutcry.bench.measures import ratios, spread
from openoutcry.bench.report import NOTHING, Section, rate_spread, times_spread
from openoutcry.bench.sections.pricing import default_chain, first_marks, first_values
from openoutcry.bench.stage import Stage
from openoutcry.domain.commands import (
    AdvanceMarket,
    CancelOrder,
    Command,
    PhaseAt,
    Price,
    RegisterTeam,
    StartSession,
    SubmitOrder,
    TakeScenarioValues,
)
from openoutcry.domain.day.game_rules import BandRules, CashRules, DeltaRules, GameRules, RoleDuties
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.rulebook import Rulebook
from openoutcry.domain.types import MarketTime, OrderId, Sequence, TeamId, Ticks, TimestampUs
from openoutcry.runtime.process.build import CORE
from openoutcry.scenarios.loader import load_scenario
from openoutcry.venue.venue import Venue

TEAMS: Final = 8
ROLE: Final = "market_maker"
CLOSE: Final = MarketTime(19_800)
_BELOW_TICKS: Final = 3
"""Orders stand on either side of the theoretical value, so that none trades and each is within its band."""

_DELTA: Final = {ROLE: RoleDuties(delta=DeltaRules(limit=1_000_000))}
_PLAIN: Final = "no rule of the day"
VARIANTS: Final[dict[str, GameRules]] = {
    _PLAIN: GameRules(),
    "price bands": GameRules(band=BandRules()),
    "portfolio delta": GameRules(roles=_DELTA),
    "cash": GameRules(cash=CashRules()),
    "all of them": GameRules(band=BandRules(), roles=_DELTA, cash=CashRules()),
}


def checks(stage: Stage) -> Section:
    section = Section(
        f"What each rule costs an order and its cancel, 84 options ({CORE})",
        ("rule", "orders a second of CPU", "time × without"),
    )
    measured: dict[str, list[float]] = {name: [] for name in VARIANTS}
    orders = stage.effort.checked_orders
    for names in stage.turns(list(VARIANTS)):
        for name in names:
            measured[name].append(_rate(VARIANTS[name], orders))
    for name, rates in measured.items():
        beside = NOTHING if name == _PLAIN else times_spread(ratios(measured[_PLAIN], rates))
        section.rows.append((name, rate_spread(spread(rates)), beside))
        section.figures[name] = rates
    return section


def _rate(game: GameRules, orders: int) -> float:
    """Orders a second of processor time, each with its cancel, in a venue with these rules."""
    shipped = load_scenario("intern").rulebook
    game = replace(game, index_ratio={"SPX": 1, "SPY": 10})
    rulebook = Rulebook(roles=shipped.roles, opening_phase="closed", game=game)
    chain, marks = default_chain(), first_marks()
    venue = Venue(rulebook, chain)
    perform = _performer(venue)
    phases = (PhaseAt("continuous", MarketTime(0), MarketTime(0)), PhaseAt("closed", CLOSE, CLOSE))
    perform(StartSession("2024-03-15", 0, phases, 1_000, 0))
    perform(AdvanceMarket(MarketTime(1), *marks))
    if game.cash is not None:
        perform(TakeScenarioValues(first_values(game.cash)))
    for number in range(TEAMS):
        perform(RegisterTeam(f"Team {number}", ROLE, number.to_bytes(32)))
    values = {mark.place: mark.value for mark in marks[1]}
    commands: list[Command] = []
    for number in range(orders):
        place = 1 + number % (len(chain) - 1)
        instrument, side = chain[place], "buy" if number % 2 else "sell"
        ticks = values[place] // instrument.tick_size + (-_BELOW_TICKS if side == "buy" else _BELOW_TICKS)
        team_id = TeamId(1 + number % TEAMS)
        commands.append(SubmitOrder(team_id, instrument.instrument_id, side, 1, Price(Ticks(max(ticks, 1)))))
        commands.append(CancelOrder(team_id, OrderId(1 + number)))
    started = process_time()
    for command in commands:
        perform(command)
    return orders / (process_time() - started)


def _performer(venue: Venue) -> Callable[[Command], None]:
    validate, execute, now = venue.validate, venue.execute, TimestampUs(0)

    def perform(command: Command) -> None:
        verdict = validate(command)
        if type(verdict) is not Accepted:
            raise MeasurementFailed(f"{command} was refused: {verdict}")
        execute(Sequence(0), now, command)

    return perform
