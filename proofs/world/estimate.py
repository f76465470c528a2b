"""A figure over many seeds with its standard error: a ratio of two sums, each with one term a seed."""

import math
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

Observation = tuple[float, float]
"""What one seed adds to the sum above and to the sum below."""

_NUDGE: Final = 1e-6


class Estimate(NamedTuple):
    value: float
    error: float
    """Standard error."""
    examples: float = 0.0
    """The sum below: of what it is a mean."""


def ratio(observations: Iterable[Observation]) -> Estimate:
    """Seeds are independent of each other; what one of them adds above and below need not be."""
    pairs = list(observations)
    below = sum(pair[1] for pair in pairs)
    if not below:
        return Estimate(math.nan, math.nan)
    value = sum(pair[0] for pair in pairs) / below
    spread = sum((pair[0] - value * pair[1]) ** 2 for pair in pairs)
    return Estimate(value, math.sqrt(spread * len(pairs) / max(len(pairs) - 1, 1)) / below, below)


def through(function: Callable[[float], float], estimate: Estimate) -> Estimate:
    """What a smooth function makes of it, to the first order."""
    nudge = _NUDGE * max(abs(estimate.value), _NUDGE)
    slope = (function(estimate.value + nudge) - function(estimate.value - nudge)) / (2 * nudge)
    return Estimate(function(estimate.value), abs(slope) * estimate.error, estimate.examples)
