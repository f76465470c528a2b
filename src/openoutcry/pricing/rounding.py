"""From floats to the integers of marks, the only way that a theoretical value leaves this package.

Each number goes to the nearest integer of its unit, a half to the even one.
"""

from typing import Final

import numpy as np

from openoutcry.domain.types import MONEY_UNITS
from openoutcry.pricing.black_scholes import Floats

VOLATILITY_UNITS: Final = 1_000_000
DELTA_UNITS: Final = 1_000_000
GAMMA_UNITS: Final = 1_000_000_000
_MOST: Final = 2**62


def money_units(numbers: Floats) -> list[int]:
    """Values, vegas and thetas in units of 1e-4."""
    return _integers(numbers * MONEY_UNITS)


def volatility_units(numbers: Floats) -> list[int]:
    """In units of 1e-6."""
    return _integers(numbers * VOLATILITY_UNITS)


def delta_units(numbers: Floats) -> list[int]:
    """In units of 1e-6."""
    return _integers(numbers * DELTA_UNITS)


def gamma_units(numbers: Floats) -> list[int]:
    """In units of 1e-9."""
    return _integers(numbers * GAMMA_UNITS)


def _integers(numbers: Floats) -> list[int]:
    assert np.all(np.abs(numbers) < _MOST), "a theoretical value is finite"  # noqa: S101
    integers: list[int] = np.rint(numbers).astype(np.int64).tolist()
    return integers
