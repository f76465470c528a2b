"""Marks: the theoretical values that checks, duties and margins read. They enter the venue by the journal.

Units: prices of underlyings, values, vega and theta 1e-4 of the currency; volatility and delta 1e-6; gamma 1e-9. Delta
and gamma are per unit of the underlying, vega per volatility point (0.01), theta per session; all per unit, not per
contract.
"""

from msgspec import Struct


class UnderlyingMark(Struct, frozen=True, array_like=True, gc=False):
    """The price of an underlying, in 1e-4."""

    symbol: str
    price: int


class Mark(Struct, frozen=True, array_like=True, gc=False):
    """The mark of one instrument. `place`: its place among the listed ones, from 0, in order of listing.

    A spot instrument has its fair value and a delta of one; the rest is 0.
    """

    place: int
    value: int
    volatility: int
    delta: int
    gamma: int
    vega: int
    theta: int


class ScenarioValues(Struct, frozen=True, array_like=True, gc=False):
    """What one instrument would be worth at once, in 1e-4 per unit, in each scenario of `CashRules`: for every move of
    the spot, in its order, every move of the volatility. `place` as in a mark.
    """

    place: int
    values: tuple[int, ...]
