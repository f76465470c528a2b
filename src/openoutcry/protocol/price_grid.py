"""Prices on an instrument's tick grid, exact: the exchange reads the result as a price on the grid."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from math import isfinite
from typing import Final, Literal

Rounding = Literal["nearest", "down", "up"]

_MODES: Final[dict[Rounding, str]] = {"nearest": ROUND_HALF_EVEN, "down": ROUND_FLOOR, "up": ROUND_CEILING}


def price_on_grid(price: float, tick_size: float, rounding: Rounding) -> float:
    """The nearest price on the grid, or the next one below or above; at least one tick.

    `price` counts as it is written: 4.35 is on a grid of 0.01, although a float stores a little less.
    Raises `ValueError` for a price that is not finite, or another rounding.
    """
    if not isfinite(price):
        raise ValueError(f"price is {price}: it must be a finite number")
    if rounding not in _MODES:
        raise ValueError(f"rounding is {rounding!r}: it must be one of {', '.join(_MODES)}")
    tick = Decimal(str(float(tick_size)))
    ticks = (Decimal(str(float(price))) / tick).to_integral_value(_MODES[rounding])
    return float(max(ticks, Decimal(1)) * tick)
