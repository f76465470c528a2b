"""What is traded."""

from decimal import Decimal
from typing import Annotated, Final

from msgspec import Meta, Struct

from openoutcry.domain.types import MAX_MULTIPLIER
from openoutcry.scenarios.rules import Amount, DecimalRange, OwnRule, symbol_problem, underlying_problem
from openoutcry.scenarios.schema.bounds import Seconds

MAX_TICK_SIZE: Final = 10_000
"""Largest tick, in currency."""

MAX_DAYS: Final = 3_650
"""Farthest expiry of a chain, in days after the session."""

TickSize = Annotated[
    Amount,
    DecimalRange(Decimal("0.0001"), MAX_TICK_SIZE),
    Meta(description="Currency between neighbouring prices; a multiple of 0.0001."),
]
Multiplier = Annotated[
    int, Meta(ge=1, le=MAX_MULTIPLIER, description="Units of the underlying in one contract or lot.")
]
Underlying = Annotated[str, OwnRule(underlying_problem)]


class InstrumentTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One instrument. Its symbol says what it is: `SPY` is spot, `SPX_CALL_4500_20240315` an option."""

    symbol: Annotated[
        str,
        OwnRule(symbol_problem),
        Meta(description="`SPY`; or underlying, type, strike and expiry of an option."),
    ]
    tick_size: TickSize = Decimal("0.01")
    multiplier: Multiplier = 100


class IndexTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The index, and its tracker: an underlying that stands at a fraction of the index. Portfolios count their deltas
    in units of the index.
    """

    symbol: Annotated[Underlying, Meta(description="The index. It is not traded itself.")] = "SPX"
    tracker: Annotated[Underlying, Meta(description="The tracker, which is traded in lots.")] = "SPY"
    ratio: Annotated[int, Meta(ge=1, le=10_000, description="Units of the tracker that make one of the index.")] = 10


class ChainExpiryTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One expiry of the chain."""

    days: Annotated[
        int,
        Meta(
            ge=0,
            le=MAX_DAYS,
            description="Days after the session's date: 0 expires at its close. If the calendar does not trade then,"
            " the last trading day before.",
        ),
    ]
    strikes_percent: Annotated[
        tuple[Annotated[Amount, DecimalRange(-99, 800, decimals=2)], ...],
        Meta(min_length=1, max_length=200, description="Each strike's distance from the starting price of the index."),
    ]


_NEAR: Final[tuple[Amount, ...]] = tuple(map(Decimal, ("-2.5", "-1.5", "-0.75", "0", "0.75", "1.5", "2.5")))
_FAR: Final[tuple[Amount, ...]] = tuple(map(Decimal, ("-7.5", "-5", "-2.5", "0", "2.5", "5", "7.5")))
GAME_EXPIRIES: Final = (
    ChainExpiryTable(days=0, strikes_percent=_NEAR),
    ChainExpiryTable(days=7, strikes_percent=_FAR),
    ChainExpiryTable(days=14, strikes_percent=_FAR),
)
"""The default chain: three expiries with seven strikes each."""


class ChainTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Options that each session lists anew around the price of the index: calls and puts on index and tracker, and the
    tracker itself.

    Needs the starting price of the index in `[underlyings]`. `[[instruments]]` may stand beside it.
    """

    expiries: Annotated[
        tuple[ChainExpiryTable, ...],
        Meta(
            min_length=1,
            max_length=50,
            description="One table `[[chain.expiries]]` for each. Default: today, in 7 and in 14 days, seven strikes"
            " each.",
        ),
    ] = GAME_EXPIRIES
    strike_step: Annotated[
        Amount,
        DecimalRange(Decimal("0.0001"), 100_000),
        Meta(
            description="Strikes of the index are rounded half up to a multiple of this; the tracker's are theirs"
            " divided by the ratio."
        ),
    ] = 10
    tick_size: TickSize = Decimal("0.01")
    multiplier: Multiplier = 100


class SettlementTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Options settle in cash against an average of the underlying's price. Needs a `[schedule]` and `[pricing]`."""

    fixings: Annotated[
        int, Meta(ge=1, le=3_600, description="Prices in the average; the last one is that of the close.")
    ] = 30
    interval_seconds: Annotated[Seconds, Meta(description="Market time between two of them.")] = 10
