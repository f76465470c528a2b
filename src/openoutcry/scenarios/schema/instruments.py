"""What is traded."""

from decimal import Decimal
from typing import Annotated, Final

from msgspec import Meta, Struct

from openoutcry.domain.types import MAX_MULTIPLIER
from openoutcry.scenarios.rules import Amount, MoneyRange, TextRule, symbol_problem

MAX_TICK_SIZE: Final = 10_000
"""Largest tick, in currency."""


class InstrumentTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One instrument. Its symbol says what it is: `SPY` is spot, `SPX_CALL_4500_20240315` an option."""

    symbol: Annotated[
        str,
        TextRule(symbol_problem),
        Meta(description="`SPY`; or underlying, type, strike and expiry of an option."),
    ]
    tick_size: Annotated[
        Amount,
        MoneyRange(Decimal("0.0001"), MAX_TICK_SIZE),
        Meta(description="Currency between neighbouring prices; a multiple of 0.0001."),
    ] = Decimal("0.01")
    multiplier: Annotated[
        int, Meta(ge=1, le=MAX_MULTIPLIER, description="Units of the underlying in one contract or lot.")
    ] = 100
