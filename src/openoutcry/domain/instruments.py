"""Instruments, their price grid, and the symbols that name them."""

import re
from datetime import datetime
from typing import Final, Literal

from msgspec import Struct

from openoutcry.domain.types import MAX_PRICE, MONEY_UNITS, InstrumentId, MarketTime, Money, Ticks

InstrumentKind = Literal["option", "spot"]
OptionType = Literal["call", "put"]

_OPTION_SYMBOL: Final = re.compile(
    r"([A-Z][A-Z0-9]{0,15})_(CALL|PUT)_([1-9][0-9]{0,6}(?:\.[0-9]{0,3}[1-9])?)_([0-9]{8})"
)
_SPOT_SYMBOL: Final = re.compile(r"[A-Z][A-Z0-9]{0,15}")


class OptionTerms(Struct, frozen=True):
    """Terms of a European, cash-settled option. `expiry` is a date, `YYYYMMDD`; `strike` is money per unit."""

    option_type: OptionType
    strike: Money
    expiry: str


class Instrument(Struct, frozen=True, kw_only=True):
    """What is traded. One contract (or lot) is `multiplier` units of the underlying."""

    instrument_id: InstrumentId
    kind: InstrumentKind
    underlying: str
    tick_size: Money
    """Money between neighbouring prices, per unit."""
    multiplier: int
    option: OptionTerms | None = None

    @property
    def tick_value(self) -> Money:
        """The value of one tick of one contract, in money units."""
        return Money(self.tick_size * self.multiplier)

    @property
    def maximum_ticks(self) -> Ticks:
        """The highest price on the grid."""
        return Ticks(MAX_PRICE * MONEY_UNITS // self.tick_size)

    def price_of(self, ticks: int) -> float:
        """The price in currency per unit: the double nearest to the decimal that people write.

        Dividing two integers rounds once, correctly, so this equals reading the decimal text.
        """
        return ticks * self.tick_size / MONEY_UNITS


InstrumentStatus = Literal["listed", "halted", "expired", "settled"]
"""Where an instrument is in its life. A halted one is listed, and trades again."""


class Settlement(Struct, frozen=True, array_like=True, gc=False):
    """What an instrument was settled at, and when. `underlying_price`: what that follows from, where there is such."""

    settlement_price: Ticks
    underlying_price: Money | None
    market_time: MarketTime
    utc_offset: int
    """Seconds, of the session's time zone."""


class SymbolError(ValueError):
    """A symbol that is not well formed; the text says what a symbol looks like."""


def parse_symbol(symbol: str) -> tuple[str, OptionTerms | None]:
    """The underlying and, for an option, its terms.

    `SPY` names a spot instrument; `SPX_CALL_4500_20240315` an option: underlying, type, strike, expiry.

    Raises `SymbolError`.
    """
    if _SPOT_SYMBOL.fullmatch(symbol):
        return symbol, None
    match = _OPTION_SYMBOL.fullmatch(symbol)
    if match is None:
        raise SymbolError(
            f"{symbol!r} is neither a spot symbol such as 'SPY' nor an option symbol"
            " such as 'SPX_CALL_4500_20240315' (underlying, CALL or PUT, strike, expiry YYYYMMDD)"
        )
    underlying, option_type, strike, expiry = match.groups()
    try:
        datetime.strptime(expiry, "%Y%m%d")  # noqa: DTZ007 - a date, not an instant
    except ValueError:
        raise SymbolError(f"{symbol!r}: expiry {expiry!r} is not a date YYYYMMDD") from None
    whole, _, fraction = strike.partition(".")
    units = int(whole) * MONEY_UNITS + int(fraction.ljust(4, "0"))
    return underlying, OptionTerms("call" if option_type == "CALL" else "put", Money(units), expiry)


def option_symbol(underlying: str, terms: OptionTerms) -> InstrumentId:
    """The symbol that `parse_symbol` reads back: `SPX_CALL_4500_20240315`."""
    whole, fraction = divmod(terms.strike, MONEY_UNITS)
    decimals = f".{fraction:04}".rstrip("0") if fraction else ""
    return InstrumentId(f"{underlying}_{terms.option_type.upper()}_{whole}{decimals}_{terms.expiry}")
