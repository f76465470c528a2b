"""Checks of the simulated market: chances that add up, balance between up and down, signals for roles that exist."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from msgspec import Struct

from openoutcry.domain.instruments import parse_symbol
from openoutcry.domain.simulation.headlines import REGIMES
from openoutcry.scenarios.listing import one_of, shortened
from openoutcry.scenarios.reading import Problem
from openoutcry.scenarios.rules import Amount
from openoutcry.scenarios.schema.duties import ProtectionTable
from openoutcry.scenarios.schema.flow import HouseTable, RetailFlowTable
from openoutcry.scenarios.schema.instruments import IndexTable, InstrumentTable
from openoutcry.scenarios.schema.market import HeadlineTable, OddsTable, SignalsTable, WorldTable
from openoutcry.scenarios.schema.pricing import PricingTable
from openoutcry.scenarios.schema.roles import RoleTable

_WHOLE: Final = 100
"""Percent."""


def chances_of_regimes(world: WorldTable | None) -> Iterable[Problem]:
    if world is None:
        return
    for number, name in enumerate(REGIMES):
        regime = getattr(world, name)
        for key in ("next_percent", "forced_percent"):
            yield from _adding_up(f"world.{name}.{key}", getattr(regime, key))
        if own := regime.next_percent[number]:
            yield Problem(
                f"world.{name}.next_percent[{number + 1}]",
                f"{own} is the chance that {name} follows itself; write 0: stay_seconds says how long it lasts",
            )


def odds_of_headlines(headlines: tuple[HeadlineTable, ...] | None) -> Iterable[Problem]:
    for number, headline in enumerate(headlines or (), start=1):
        odds = [getattr(headline.odds, key) for key in OddsTable.__struct_fields__]
        yield from _adding_up(f"headlines[{number}].odds", odds)


def jumps_in_balance(headlines: tuple[HeadlineTable, ...] | None) -> Iterable[Problem]:
    """Prices have no drift that bots could earn by: what jumps up, by weight and odds, is what jumps down."""
    up, down = (
        sum(line.weight * line.odds.price_jump for line in headlines or () if line.jump_sign == sign)
        for sign in (1, -1)
    )
    if up != down:
        yield Problem(
            "headlines",
            f"prices would drift: weight times odds of a jump come to {up} for jump_sign = 1 and to {down} for"
            " jump_sign = -1; make both the same, or write jump_sign = 0, by which chance decides",
        )


def signals_for_roles(signals: SignalsTable | None, roles: Mapping[str, RoleTable]) -> Iterable[Problem]:
    if signals is None:
        return
    tables = {name: getattr(signals, name) for name in SignalsTable.__struct_fields__}
    if not any(tables.values()):
        kinds = " or ".join(f"[signals.{name}]" for name in tables)
        yield Problem("signals", f"switches nothing on; add {kinds}, or leave it out")
    for name, table in tables.items():
        if table is not None and table.role not in roles:
            yield Problem(
                f"signals.{name}.role",
                f"{shortened(table.role)!r} is not a role of this scenario; {one_of(table.role, roles)}",
            )


def signals_from_least_to_most(signals: SignalsTable | None) -> Iterable[Problem]:
    forecast, tracking = (None, None) if signals is None else (signals.volatility_forecast, signals.tracking_error)
    if forecast is not None:
        path = "signals.volatility_forecast"
        yield from _within(path, forecast, "confidence_least_percent", "confidence_most_percent")
        yield from _within(path, forecast, "lead_least_seconds", "lead_most_seconds")
    if tracking is not None:
        yield from _within("signals.tracking_error", tracking, "confidence_least_percent", "confidence_percent")


def pulls_of_the_house(house: HouseTable | None, protection: ProtectionTable) -> Iterable[Problem]:
    """The venue pulls the house's quotes as it pulls anybody's."""
    if house is not None and house.pull_percent < protection.least_move_percent:
        least = protection.least_move_percent
        yield Problem("house.pull_percent", f"is below least_move_percent of [protection]; {least} or more would do")


def shares_of_retail(retail_flow: RetailFlowTable | None) -> Iterable[Problem]:
    if retail_flow is None:
        return
    yield from _adding_up("retail_flow.expiries_percent", retail_flow.expiries_percent)
    most = _WHOLE - Decimal(retail_flow.aggressive_percent)
    if retail_flow.touch_percent > most:
        yield Problem(
            "retail_flow.touch_percent",
            f"{retail_flow.touch_percent} is more than what aggressive_percent leaves of the limit orders; {most} or"
            " less would do",
        )


def prices_that_the_world_makes(
    world: WorldTable | None, instruments: list[InstrumentTable], index: IndexTable
) -> Iterable[Problem]:
    if world is None:
        return
    made = (index.symbol, index.tracker)
    for number, table in enumerate(instruments, start=1):
        underlying = parse_symbol(table.symbol)[0]
        if underlying not in made:
            yield Problem(
                f"instruments[{number}].symbol",
                f"{table.symbol} depends on {underlying}, and [world] makes prices of {' and '.join(made)} only; list"
                " another instrument, or leave [world] out",
            )


def volatility_comes_from_the_world(world: WorldTable | None, pricing: PricingTable | None) -> Iterable[Problem]:
    if world is not None and pricing is not None and pricing.volatility_percent != PricingTable().volatility_percent:
        yield Problem(
            "pricing.volatility_percent",
            "does nothing beside [world], whose regimes make the volatility; leave it out, or change volatility_points"
            " of [world.low], [world.medium] and [world.high]",
        )


def _adding_up(key: str, chances: Iterable[Amount]) -> Iterable[Problem]:
    if (total := sum(map(Decimal, chances))) != _WHOLE:
        yield Problem(key, f"the chances add up to {total:f} and not to {_WHOLE}; change one of them")


def _within(path: str, table: Struct, least: str, most: str) -> Iterable[Problem]:
    if getattr(table, least) > (allowed := getattr(table, most)):
        yield Problem(f"{path}.{least}", f"is more than {most} ({allowed}); {allowed} or less would do")
