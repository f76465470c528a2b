"""The index: a geometric Brownian motion by the regime of each second, with the jumps of news.

Returns are rounded to integers of 1e-12 and summed as integers: a running sum of floats differs between processors.
"""

import math
from collections.abc import Iterable
from typing import Final

import numpy as np

from openoutcry.domain.simulation.world_rules import WorldRules
from openoutcry.domain.types import PPM
from openoutcry.simulation.world.chance import Chance
from openoutcry.simulation.world.world import SHARES, Integers

_LOWEST_PRICE: Final = 1
_MOST_LOG: Final = 20.0
"""A price is at most so many e-folds from where it started, whatever the rules: its integer has an end."""


def deviations(rules: WorldRules) -> list[float]:
    """Of a second's return, by regime."""
    return [regime.volatility_micro / PPM / math.sqrt(rules.year_seconds) for regime in rules.regimes]


def draw_returns(rules: WorldRules, chance: Chance, regimes: Integers, jumps: Iterable[tuple[int, int]]) -> Integers:
    """Logarithmic returns in 1e-12, one for each second but the last of `regimes`, by the regime in which it begins.

    `jumps`: places in `regimes`, and the jump in ppm of the price at that place.
    """
    deviation = np.array(deviations(rules))[regimes[:-1]]
    drawn = deviation * chance.normals(len(deviation)) - deviation * deviation / 2
    returns: Integers = np.rint(drawn * SHARES).astype(np.int64)
    for place, jump_ppm in jumps:
        returns[place - 1] += round(math.log1p(jump_ppm / PPM) * SHARES)
    return returns


def prices(start: int, returns: Integers) -> Integers:
    """Prices in 1e-4, the first of them `start`."""
    logs = np.concatenate(([0], np.cumsum(returns))) / SHARES
    floats = np.maximum(start * np.exp(np.clip(logs, -_MOST_LOG, _MOST_LOG)), _LOWEST_PRICE)
    rounded: Integers = np.rint(floats).astype(np.int64)
    return rounded
