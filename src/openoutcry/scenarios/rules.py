"""Rules for single values of the file that a type cannot express: each says what is wrong with a value, if anything.

The schema names each rule beside its key. An amount that is not exact and finite is refused.
"""

import datetime as dt
import re
import zoneinfo
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct

from openoutcry.domain.instruments import SymbolError, parse_symbol
from openoutcry.domain.types import MONEY_UNITS, Money
from openoutcry.scenarios.listing import closest, shortened

Amount = int | Decimal
"""A decimal number in the file."""

FIRST_DATE: Final = dt.date(1970, 1, 2)
LAST_DATE: Final = dt.date(2099, 12, 31)
"""Sessions that market time can count and calendars know."""

_ORIGIN: Final = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+")


class DecimalRange(Struct, frozen=True):
    """An exact number from `least` to `most`, both included, with so many decimals at most; money has four."""

    least: Amount
    most: Amount
    decimals: int = 4

    def problem(self, amount: Amount) -> str | None:
        value = Decimal(amount)
        if not value.is_finite() or not self.least <= value <= self.most:
            return f"{amount} is out of range: it must be from {self.least} to {self.most}"
        nearest = value.quantize(Decimal(1).scaleb(-self.decimals))
        if nearest != value:
            return f"{amount} is not a multiple of {Decimal(1).scaleb(-self.decimals)}; the nearest is {nearest}"
        return None


class NumberRange(Struct, frozen=True):
    """A number that is not an amount of money, such as a rate or a duration: above `above`, and at most `most`."""

    above: Amount
    most: Amount

    def problem(self, amount: Amount) -> str | None:
        value = Decimal(amount)
        if not value.is_finite() or not self.above < value <= self.most:
            return f"{amount} is out of range: it must be above {self.above} and at most {self.most}"
        return None


class OwnRule(Struct, frozen=True):
    """A value with a rule of its own."""

    problem: Callable[[Any], str | None]


Rule = DecimalRange | NumberRange | OwnRule


def money_units(amount: Amount) -> Money:
    """An amount of currency in money units, to the nearest."""
    return Money(int((Decimal(amount) * MONEY_UNITS).to_integral_value()))


def symbol_problem(symbol: str) -> str | None:
    try:
        parse_symbol(symbol)
    except SymbolError as error:
        return str(error)
    return None


def underlying_problem(symbol: str) -> str | None:
    if symbol_problem(symbol) is None and parse_symbol(symbol)[1] is None:
        return None
    return f"{symbol!r} is not an underlying; write capital letters and digits, 16 at most, such as 'SPX'"


def time_zone_problem(name: str) -> str | None:
    if name == "UTC":
        return None
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        close = closest(name, sorted(zoneinfo.available_timezones()))
        hint = f"did you mean {close!r}?" if close else "use an IANA name, such as 'UTC' or 'America/New_York'"
        return f"{shortened(name)!r} is not a time zone that this machine knows; {hint}"
    return None


def time_problem(time: object) -> str | None:
    if not isinstance(time, dt.time) or time.tzinfo is not None:
        return f"{shortened(str(time))!r} is not a time of day; write it without quotes, such as 09:30:00"
    if time.microsecond:
        return f"{time} is not a whole second; write {time.replace(microsecond=0)}"
    return None


def date_problem(date: object) -> str | None:
    if not isinstance(date, dt.date):
        return f"{shortened(str(date))!r} is not a date; write it without quotes, such as 2024-03-14"
    if not FIRST_DATE <= date <= LAST_DATE:
        return f"{date} is out of range: it must be from {FIRST_DATE} to {LAST_DATE}"
    return None


def origin_problem(origin: str) -> str | None:
    if origin == "*" or _ORIGIN.fullmatch(origin):
        return None
    return (
        f"{origin!r} is not an origin; write scheme and host (and port), without a path, such as"
        " 'https://bots.example' or 'http://127.0.0.1:8080', or '*' for any page"
    )
