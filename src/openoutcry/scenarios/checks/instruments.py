"""Checks of what is traded, and of the prices at the start."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from openoutcry.domain.instruments import parse_symbol
from openoutcry.domain.types import MONEY_UNITS
from openoutcry.scenarios.calendar import calendar_of, trading_day_on_or_before
from openoutcry.scenarios.listing import one_of
from openoutcry.scenarios.reading import Problem
from openoutcry.scenarios.rules import Amount, money_units
from openoutcry.scenarios.schema.instruments import ChainTable, IndexTable, InstrumentTable
from openoutcry.scenarios.schema.pricing import PricingTable
from openoutcry.scenarios.schema.session import CALENDARS, BreakerTable, ScheduleTable, SessionTable


def index_and_tracker(index: IndexTable) -> Iterable[Problem]:
    if index.symbol == index.tracker:
        yield Problem("index.tracker", f"{index.tracker} is the index itself; name the underlying that follows it")


def symbols_once(instruments: list[InstrumentTable]) -> Iterable[Problem]:
    seen: set[str] = set()
    for number, table in enumerate(instruments, start=1):
        if table.symbol in seen:
            yield Problem(f"instruments[{number}].symbol", f"{table.symbol} is listed twice; keep one of the two")
        seen.add(table.symbol)


def expiries_ahead(instruments: list[InstrumentTable], session: SessionTable) -> Iterable[Problem]:
    if session.date is None:
        return
    for number, table in enumerate(instruments, start=1):
        _, option = parse_symbol(table.symbol)
        if option is not None and option.expiry < f"{session.date:%Y%m%d}":
            yield Problem(
                f"instruments[{number}].symbol",
                f"{table.symbol} expires before the session date {session.date}; list a later expiry,"
                " or move session.date",
            )


def expiries_on_trading_days(
    instruments: list[InstrumentTable], session: SessionTable, schedule: ScheduleTable | None
) -> Iterable[Problem]:
    """An option expires at the close of its day, so there must be one."""
    if schedule is None or session.calendar == "none":
        return
    calendar = calendar_of(CALENDARS[session.calendar])
    for number, table in enumerate(instruments, start=1):
        _, option = parse_symbol(table.symbol)
        expiry = None if option is None else dt.date.fromisoformat(option.expiry)
        if expiry is not None and not calendar.is_trading_day(expiry):
            before = trading_day_on_or_before(calendar, expiry)
            yield Problem(
                f"instruments[{number}].symbol",
                f"{table.symbol} expires on a {expiry:%A} that is no trading day of the calendar {session.calendar!r};"
                f" the last one before is {before:%Y%m%d}",
            )


def strikes_on_the_grid(instruments: list[InstrumentTable], schedule: ScheduleTable | None) -> Iterable[Problem]:
    """On a trading day, options settle at values that are prices on their grid."""
    for number, table in enumerate(instruments if schedule else (), start=1):
        _, option = parse_symbol(table.symbol)
        tick = money_units(table.tick_size)
        if option is not None and option.strike % tick:
            nearest = Decimal(max(round(option.strike / tick), 1) * tick) / MONEY_UNITS
            yield Problem(
                f"instruments[{number}].symbol",
                f"the strike of {table.symbol} is no multiple of its tick_size {table.tick_size}; the nearest is"
                f" {nearest:f}",
            )


def prices_of_known_underlyings(
    prices: dict[str, Amount],
    instruments: list[InstrumentTable],
    index: IndexTable,
    chain: ChainTable | None,
    pricing: PricingTable | None,
) -> Iterable[Problem]:
    known = _underlyings(instruments, index, chain, pricing)
    for symbol in prices:
        if symbol not in known:
            yield Problem(f"underlyings.{symbol}", f"no instrument has this underlying; {one_of(symbol, known)}")


def tracker_near_the_index(prices: dict[str, Amount], index: IndexTable) -> Iterable[Problem]:
    if index.symbol in prices and index.tracker in prices:
        expected = Decimal(prices[index.symbol]) / index.ratio
        if abs(prices[index.tracker] - expected) > expected / 50:
            yield Problem(
                f"underlyings.{index.tracker}",
                f"{prices[index.tracker]} is not near {index.symbol} / {index.ratio} = {expected:f}; correct"
                " one of the prices, or index.ratio, or leave this price out",
            )


def breaker_on_a_known_underlying(
    breaker: BreakerTable | None,
    instruments: list[InstrumentTable],
    index: IndexTable,
    chain: ChainTable | None,
    pricing: PricingTable | None,
) -> Iterable[Problem]:
    known = _underlyings(instruments, index, chain, pricing)
    if breaker is not None and breaker.underlying not in known:
        yield Problem(
            "breaker.underlying",
            f"no instrument has the underlying {breaker.underlying}; {one_of(breaker.underlying, known)}",
        )


def starting_prices(
    pricing: PricingTable | None, prices: dict[str, Amount], instruments: list[InstrumentTable], index: IndexTable
) -> Iterable[Problem]:
    """Of all underlyings that pricing needs; the tracker's follows from the index."""
    if pricing is None:
        return
    needed = {parse_symbol(table.symbol)[0] for table in instruments}
    if index.tracker in needed:
        needed = needed - {index.tracker} | {index.symbol}
    for symbol in sorted(needed - prices.keys()):
        yield Problem("underlyings", f"has no price of {symbol}, at which pricing starts; add one: {symbol} = 4500")
    if index.symbol in prices:
        prices = {index.tracker: Decimal(prices[index.symbol]) / index.ratio, **prices}
    for symbol, price in prices.items():
        if not money_units(price):
            yield Problem(f"underlyings.{symbol}", f"{price} is too low to be priced; 0.0001 or more would do")


def _underlyings(
    instruments: list[InstrumentTable], index: IndexTable, chain: ChainTable | None, pricing: PricingTable | None
) -> list[str]:
    """Those of all instruments that a session has, and the index by which a tracker is priced."""
    known = {parse_symbol(table.symbol)[0] for table in instruments}
    if chain is not None or (pricing is not None and index.tracker in known):
        known |= {index.symbol, index.tracker}
    return sorted(known)
