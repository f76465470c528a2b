"""From floats to the integers of marks, the only way that a theoretical value leaves this package.

Each number goes to the nearest integer of its unit, a half to the even one.
"""

from typing import Final

import numpy as np

from openoutcry.domain.types import MONEY_UNITS
from openoutcry.pricing.black_scholes import Floats
from openoutcry.pricing.session_time import Integers

DELTA_UNITS: Final = 1_000_000
_VOLATILITY_UNITS: Final = 1_000_000
_GAMMA_UNITS: Final = 1_000_000_000
_MARK_UNITS: Final = np.array(
    [MONEY_UNITS, _VOLATILITY_UNITS, DELTA_UNITS, _GAMMA_UNITS, MONEY_UNITS, MONEY_UNITS], dtype=np.float64
)[:, None]
_MOST: Final = 2**62


def mark_units(
    value: Floats, volatility: Floats, delta: Floats, gamma: Floats, vega: Floats, theta: Floats
) -> Integers:
    """The numbers of marks in their units. Arrays of one shape; in the result they stand side by side, in this order,
    on the last axis but one.
    """
    return _integers(np.stack((value, volatility, delta, gamma, vega, theta), axis=-2) * _MARK_UNITS)


def money_units(numbers: Floats) -> Integers:
    """In units of 1e-4."""
    return _integers(numbers * MONEY_UNITS)


def volatility_units(numbers: Floats) -> Integers:
    """In units of 1e-6."""
    return _integers(numbers * _VOLATILITY_UNITS)


def _integers(numbers: Floats) -> Integers:
    assert np.all(np.abs(numbers) < _MOST), "a theoretical value is finite"  # noqa: S101
    return np.rint(numbers).astype(np.int64)
