"""What a sound scenario makes, in lines: session, instruments, roles, rules."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from openoutcry.domain.instruments import Instrument
from openoutcry.domain.rulebook import OWN_ROLES
from openoutcry.domain.simulation.headlines import REGIMES
from openoutcry.domain.types import MONEY_UNITS, Money
from openoutcry.scenarios.building.game import DUTIES
from openoutcry.scenarios.calendar import calendar_of, trading_day_on_or_after
from openoutcry.scenarios.chain import chain_of
from openoutcry.scenarios.listing import some_of
from openoutcry.scenarios.model import Scenario, SessionPlan
from openoutcry.scenarios.timetable import timetable
from openoutcry.scenarios.units import shown

_ROLE_COLUMNS: Final = ("", "maker", "taker", "option", "total", "spot", "order", "open", "per second", "burst", "cash")
"""Fees; limits on the position in one option, in all options, in one spot instrument; largest order; most open orders;
orders per second, at once; cash at the start.
"""


def summary(scenario: Scenario, now: dt.datetime) -> Iterator[str]:
    """`now` says which session is the first, if the scenario names no date."""
    calendar = calendar_of(scenario.calendar)
    today = now.astimezone(ZoneInfo(scenario.time_zone)).date()
    first = today if scenario.session_date is None else dt.date.fromisoformat(scenario.session_date)
    date = trading_day_on_or_after(calendar, first)
    yield f"{scenario.name}: {scenario.title}"
    yield f"session      {date} ({date:%A}){'' if scenario.session_date else ', if it starts today'}"
    yield f"hours        {_hours(scenario, date)}"
    chain: tuple[Instrument, ...] = ()
    if scenario.chain is not None:
        spot = Money(round(scenario.underlyings[scenario.chain.index] * MONEY_UNITS))
        chain = chain_of(scenario.chain, date, spot, calendar)
    symbols = [instrument.instrument_id for instrument in (*scenario.instruments, *chain)]
    yield f"instruments  {len(symbols)}: {some_of(symbols)}"
    yield from (f"expiry       {line}" for line in _expiries(chain))
    if scenario.underlyings:
        yield f"underlyings  {', '.join(f'{symbol} {price:g}' for symbol, price in scenario.underlyings.items())}"
    yield from (f"market       {line}" for line in _market(scenario))
    yield from _roles(scenario)
    yield f"matching     {_matching(scenario)}; self-trade prevention {scenario.rulebook.self_trade_prevention}"
    on, off = _rules(scenario)
    yield f"rules on     {', '.join(on) or 'none'}"
    yield f"rules off    {', '.join(off) or 'none'}"
    yield f"registration {_registration(scenario)}"
    yield f"hash         {scenario.hash}"


def _hours(scenario: Scenario, date: dt.date) -> str:
    plan, day = scenario.session, scenario.rulebook.game.day
    if plan is None or day is None:
        return f"none: {scenario.rulebook.opening_phase} from the start, until an organiser changes it"
    table = timetable(date, plan.hours, scenario.time_zone, calendar_of(scenario.calendar))
    call, earliest, latest, close = (
        dt.datetime.fromtimestamp(instant, ZoneInfo(scenario.time_zone)).time()
        for instant in (table.call_at, table.opening_at - day.opening_random_seconds, table.opening_at, table.close_at)
    )
    opening = f"{latest}" if earliest == latest else f"between {earliest} and {latest}"
    minutes = round((table.close_at - table.call_at) / plan.speed / 60)
    return (
        f"call {call}, opening {opening}, close {close}{' (half-day)' if table.is_half_day else ''} in"
        f" {scenario.time_zone}; {minutes} minutes at speed {plan.speed}; {_start(plan)}"
    )


def _start(plan: SessionPlan) -> str:
    return "an organiser starts it" if plan.start == "hand" else "starts by itself"


def _expiries(chain: tuple[Instrument, ...]) -> Iterator[str]:
    """Each expiry with its strikes, by underlying."""
    strikes: dict[str, dict[str, set[Money]]] = {}
    for instrument in chain:
        if instrument.option is not None:
            of_expiry = strikes.setdefault(instrument.option.expiry, {})
            of_expiry.setdefault(instrument.underlying, set()).add(instrument.option.strike)
    for expiry, of_underlying in strikes.items():
        ranges = (
            f"{len(values)} strikes on {underlying} from {_money(min(values))} to {_money(max(values))}"
            for underlying, values in of_underlying.items()
        )
        yield f"{expiry[:4]}-{expiry[4:6]}-{expiry[6:]}: {', '.join(ranges)}"


def _market(scenario: Scenario) -> Iterator[str]:
    """What moves prices, what is told of them, and who trades for the exchange."""
    market, flow = scenario.market, scenario.flow
    if market is None:
        return
    points = ", ".join(
        f"{regime} {shown('volatility_micro', market.world.of(regime).volatility_micro)}" for regime in REGIMES
    )
    yield f"volatility {points} points, at the start {market.world.start}; {len(market.headlines)} headlines"
    told = {"volatility_forecast": market.forecast, "tracking_error": market.tracking}
    yield from (f"signal {name} for {rules.role}" for name, rules in told.items() if rules is not None)
    own = [name for name, rules in (("the house", flow.house), ("retail flow", flow.retail)) if rules is not None]
    yield f"for the exchange itself trade: {', '.join(own) or 'none'}"


def _roles(scenario: Scenario) -> Iterator[str]:
    """A table of the roles' numbers, then their duties."""
    rows: list[tuple[str, ...]] = [_ROLE_COLUMNS]
    for name, role in scenario.rulebook.roles.items():
        if name in OWN_ROLES:  # without limits
            continue
        rate = scenario.rate_limits.orders[name]
        numbers = (
            *(_money(role.maker_fee), _money(role.taker_fee), role.option_position_limit, role.total_option_exposure),
            *(role.spot_position_limit, role.maximum_order_size, role.maximum_open_orders),
            *(f"{rate.per_second:.10g}", rate.burst, _money(role.starting_cash)),
        )
        rows.append((name, *map(str, numbers)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for number, row in enumerate(rows):
        cells = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        yield f"{'roles' if number == 0 else '':12} {row[0]:{widths[0]}} {' '.join(cells)}".rstrip()
    for name, duties in scenario.rulebook.game.roles.items():
        names = (table for field, table in DUTIES.items() if getattr(duties, field) is not None)
        yield f"duties       {name}: {', '.join(names)}"


def _matching(scenario: Scenario) -> str:
    batch = scenario.rulebook.game.batch
    return "continuous" if batch is None else f"a batch every {batch.interval_seconds} s"


def _rules(scenario: Scenario) -> tuple[list[str], list[str]]:
    """Rules that are on, and those that are off, by the tables of the file."""
    game, market = scenario.rulebook.game, scenario.market
    rules = {
        "schedule": game.day,
        "breaker": None if game.day is None else game.day.breaker,
        "chain": scenario.chain,
        "settlement": game.settlement,
        "pricing": scenario.pricing,
        "bands": game.band,
        "cash": game.cash,
        "sanctions": game.sanctions,
        "world": market,
        "signals": market and (market.forecast or market.tracking),
        "house": scenario.flow.house,
        "retail_flow": scenario.flow.retail,
    }
    on = [name for name, rule in rules.items() if rule is not None]
    return on, [name for name in rules if name not in on]


def _registration(scenario: Scenario) -> str:
    registration = scenario.registration
    coded = [role for role in registration.roles if role in registration.role_codes]
    others = [role for role in registration.roles if role not in coded]
    ways = []
    if others:
        ways.append(f"{'open' if registration.join_code is None else 'by join code'} for {some_of(others)}")
    if coded:
        ways.append(f"by a code of its own for {some_of(coded)}")
    return "; ".join(ways)


def _money(units: Money) -> str:
    return f"{Decimal(units) / MONEY_UNITS:f}"
