"""Theoretical values, and the checks of an order that rest on them."""

from decimal import Decimal
from typing import Annotated, Final

from msgspec import Meta, Struct

from openoutcry.scenarios.rules import Amount, DecimalRange
from openoutcry.scenarios.schema.bounds import Percent, Points, Seconds

_MOVES: Final = Meta(min_length=1, max_length=25)


class PricingTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Theoretical values and Greeks of all instruments at each market second. Needs a `[schedule]`, and the starting
    prices in `[underlyings]`.
    """

    volatility_percent: Annotated[
        Amount, DecimalRange(Decimal("0.01"), 1_000), Meta(description="Annual volatility of the underlyings.")
    ] = 20
    rate_percent: Annotated[Amount, DecimalRange(-100, 100), Meta(description="Annual interest rate.")] = 0
    dividend_percent: Annotated[Amount, DecimalRange(-100, 100), Meta(description="Annual dividend yield.")] = 0
    sessions_per_year: Annotated[
        int, Meta(ge=1, le=1_000, description="Trading days in a year: options age only while a session runs.")
    ] = 252
    greeks_interval_seconds: Annotated[
        Seconds | None,
        Meta(
            description="Market time between two publications of an option's value and Greeks. Default: what passes in"
            " a second of wall time, by the schedule's speed."
        ),
    ] = None


class BandsTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Price bands: buys above and sells below the theoretical value by more than the band's width are refused. Needs
    `[pricing]`.

    An option's band is as wide as volatility points times vega and a share of the spot times delta together, or a
    number of ticks if that is more.
    """

    volatility_points: Annotated[Points, Meta(description="Volatility points of vega, in an option's band.")] = 3
    spot_percent: Annotated[Percent, Meta(description="Share of the spot, times delta, in an option's band.")] = (
        Decimal("0.1")
    )
    minimum_ticks: Annotated[int, Meta(ge=1, le=100_000, description="Least width of an option's band, in ticks.")] = 10
    spot_instrument_percent: Annotated[
        Percent, Meta(description="Width of a spot instrument's band, of its theoretical value.")
    ] = Decimal("0.25")


class CashTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The cash check: a team's equity covers its worst loss over scenarios, each a move of the spot together with one
    of the volatility. Needs `[pricing]`.
    """

    interval_seconds: Annotated[Seconds, Meta(description="Market time between two valuations of the scenarios.")] = 60
    spot_moves_percent: Annotated[
        tuple[Annotated[Amount, DecimalRange(-99, 1_000)], ...], _MOVES, Meta(description="Moves of the spot.")
    ] = (-8, -4, 0, 4, 8)
    volatility_moves_points: Annotated[
        tuple[Annotated[Amount, DecimalRange(-1_000, 1_000)], ...],
        _MOVES,
        Meta(description="Moves of the volatility, in volatility points."),
    ] = (-10, 0, 10)
    minimum_volatility_points: Annotated[
        Amount, DecimalRange(0, 1_000), Meta(description="No scenario takes the volatility below this.")
    ] = 5
