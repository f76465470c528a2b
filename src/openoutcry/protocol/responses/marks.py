"""Theoretical values, Greeks and prices of underlyings."""

from typing import Literal

from msgspec import Struct

NoVolatility = Literal["no_time"]
"""Why a theoretical value implies no volatility. `no_time`: nothing can move any more."""


class GreeksInfo(Struct, kw_only=True):
    """An option's theoretical value and how it moves, as on the channel `greeks`."""

    theoretical: float
    implied_volatility: float | None
    implied_volatility_reason: NoVolatility | None
    delta: float
    gamma: float
    vega: float
    theta: float
    underlying_price: float


class GreeksData(Struct):
    """By instrument; empty if the scenario has no theoretical values. `as_of`: market time; null before the first."""

    greeks: dict[str, GreeksInfo]
    as_of: str | None


class UnderlyingPriceInfo(Struct):
    price: float
    market_time: str


class UnderlyingPricesData(Struct, kw_only=True):
    """Oldest first. `omitted`: how many come after these; ask again with the last one's `market_time` as `after`.

    `forgotten`: how many older ones are no longer kept.
    """

    symbol: str
    prices: list[UnderlyingPriceInfo]
    omitted: int
    forgotten: int
