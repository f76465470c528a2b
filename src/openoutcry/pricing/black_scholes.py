"""Black-Scholes on a forward, over arrays: values, and how they move with forward, volatility and time.

Formulas: Black (1976), The pricing of commodity contracts. Every function takes the option's sign (1 a call, -1 a put),
and arrays that broadcast to one shape. No time left, or no volatility, is a legal input: the value is the intrinsic
value of the forward, and nothing is infinite or NaN.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]
"""An array of numbers, or one number where it broadcasts."""

LEAST_DEVIATION: Final = 1e-10
"""A standard deviation of the logarithm of the price at or below this counts as none."""
_DENSITY_AT_ZERO: Final = 1 / np.sqrt(2 * np.pi)


class Sensitivities(NamedTuple):
    """A value, and its derivatives."""

    value: Floats
    by_forward: Floats
    by_forward_twice: Floats
    by_volatility: Floats
    by_time: Floats
    """By the time over which the volatility works, in the unit of `time`."""


def values(sign: Floats, strike: Floats, forward: Floats, deviation: Floats, discount: Floats) -> Floats:
    """Values of options. `deviation`: of the logarithm of the price at expiry, volatility times root of time."""
    width = np.maximum(deviation, LEAST_DEVIATION)
    upper = np.log(forward / strike) / width + 0.5 * width
    return _values(sign, strike, forward, discount, ndtr(sign * upper), ndtr(sign * (upper - width)))


def sensitivities(
    sign: Floats, strike: Floats, forward: Floats, volatility: Floats, time: Floats, discount: Floats
) -> Sensitivities:
    """Values of options, and their derivatives. `time` in years if `volatility` is annual.

    At the very end, derivatives that have no limit at the money are 0.
    """
    root = np.sqrt(time)
    deviation = volatility * root
    width = np.maximum(deviation, LEAST_DEVIATION)
    upper = np.log(forward / strike) / width + 0.5 * width
    chance = ndtr(sign * upper)
    # With no deviation left the density is that of a step: 0 on either side, and on the step itself taken as 0.
    density = discount * np.exp(-0.5 * upper * upper) * (_DENSITY_AT_ZERO * (deviation > LEAST_DEVIATION))
    by_volatility = forward * density * root
    return Sensitivities(
        value=_values(sign, strike, forward, discount, chance, ndtr(sign * (upper - width))),
        by_forward=discount * sign * chance,
        by_forward_twice=density / (forward * width),
        by_volatility=by_volatility,
        by_time=0.5 * forward * density * volatility / np.maximum(root, LEAST_DEVIATION),
    )


def _values(
    sign: Floats, strike: Floats, forward: Floats, discount: Floats, chance: Floats, strike_chance: Floats
) -> Floats:
    # Far out of the money the difference of two tiny numbers may come out below 0.
    return np.maximum(discount * sign * (forward * chance - strike * strike_chance), 0.0)
