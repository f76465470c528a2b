"""An option chain from its template: a pure function of the session's date, the starting spot and the calendar.

Expiries are days after the session's date, strikes percentages of the starting spot. Everything is in integers.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from openoutcry.domain.instruments import Instrument, OptionTerms, OptionType, option_symbol
from openoutcry.domain.types import MONEY_UNITS, InstrumentId, Money
from openoutcry.scenarios.calendar import Calendar, trading_day_on_or_before

WHOLE_BP: Final = 10_000
"""Basis points (hundredths of a percent) in the whole."""

_OPTION_TYPES: Final[tuple[OptionType, ...]] = ("call", "put")
_NEAR: Final = (-250, -150, -75, 0, 75, 150, 250)
_FAR: Final = (-750, -500, -250, 0, 250, 500, 750)


class ExpiryTemplate(Struct, frozen=True, kw_only=True):
    """One expiry of the chain, with its strikes."""

    days: int
    """Days from the session's date; where that is no trading day, the last trading day before it."""
    strikes_bp: tuple[int, ...]
    """Each strike's distance from the starting spot, in basis points of it."""


class ChainTemplate(Struct, frozen=True, kw_only=True):
    """Options on an index, and with the same expiries on its tracker, which is tradable itself.

    The tracker stands at 1/`ratio` of the index, and so do its strikes.
    """

    index: str = "SPX"
    tracker: str = "SPY"
    ratio: int = 10
    expiries: tuple[ExpiryTemplate, ...] = (
        ExpiryTemplate(days=0, strikes_bp=_NEAR),
        ExpiryTemplate(days=7, strikes_bp=_FAR),
        ExpiryTemplate(days=14, strikes_bp=_FAR),
    )
    strike_step: Money = Money(10 * MONEY_UNITS)
    """Strikes of the index are multiples of this. A multiple of `ratio` units, so that the tracker's are exact."""
    tick_size: Money = Money(MONEY_UNITS // 100)
    multiplier: int = 100


def chain_of(template: ChainTemplate, date: dt.date, spot: Money, calendar: Calendar) -> tuple[Instrument, ...]:
    """The tracker and all options for the session of `date`, in their order of listing.

    `spot` is the index at the start, in money units. After the tracker come the options, by underlying (the index
    first), expiry, strike, calls before puts. Strikes that round to the same one, and expiries that move to the same
    day, are listed once. No strike is below one step.
    """
    expiries = list(_expiries(template, date, spot, calendar))
    options = [
        _option(template, underlying, option_type, Money(strike // ratio), expiry)
        for underlying, ratio in ((template.index, 1), (template.tracker, template.ratio))
        for expiry, strikes in expiries
        for strike in strikes
        for option_type in _OPTION_TYPES
    ]
    return _tracker(template), *options


def strike_near(spot: Money, distance_bp: int, step: Money) -> Money:
    """The spot moved by a share of itself, rounded half up to a multiple of `step`, which is the least there is."""
    moved = spot * (WHOLE_BP + distance_bp)
    steps = (2 * moved + step * WHOLE_BP) // (2 * step * WHOLE_BP)
    return Money(max(steps, 1) * step)


def _expiries(
    template: ChainTemplate, date: dt.date, spot: Money, calendar: Calendar
) -> Iterator[tuple[dt.date, list[Money]]]:
    """Each expiry, the nearest first, with the strikes of the index in rising order."""
    strikes_of: dict[dt.date, set[Money]] = {}
    for row in template.expiries:
        expiry = trading_day_on_or_before(calendar, date + dt.timedelta(days=row.days))
        strikes = strikes_of.setdefault(expiry, set())
        strikes.update(strike_near(spot, distance, template.strike_step) for distance in row.strikes_bp)
    for expiry in sorted(strikes_of):
        yield expiry, sorted(strikes_of[expiry])


def _tracker(template: ChainTemplate) -> Instrument:
    return Instrument(
        instrument_id=InstrumentId(template.tracker),
        kind="spot",
        underlying=template.tracker,
        tick_size=template.tick_size,
        multiplier=template.multiplier,
    )


def _option(
    template: ChainTemplate, underlying: str, option_type: OptionType, strike: Money, expiry: dt.date
) -> Instrument:
    terms = OptionTerms(option_type, strike, f"{expiry:%Y%m%d}")
    return Instrument(
        instrument_id=option_symbol(underlying, terms),
        kind="option",
        underlying=underlying,
        tick_size=template.tick_size,
        multiplier=template.multiplier,
        option=terms,
    )
