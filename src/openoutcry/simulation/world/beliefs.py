"""What anybody may believe of the regime: Bayes' rule on the index's public returns, and the public odds of news.

In each second: what was believed, times the likelihood of the second's return in each regime, then a second of the
chain. In a second with news the return is not used, because it may hold a jump; the belief moves by the odds of a
shift.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from scipy.linalg import expm

from openoutcry.domain.simulation.world_rules import WorldRules
from openoutcry.domain.types import PPM
from openoutcry.simulation.world.index import deviations
from openoutcry.simulation.world.world import SHARES, Integers

_LIKELIHOODS: Final = 10**9
"""Units in the likelihood of the likeliest regime, to which the others are rounded."""
_PERCENT: Final = 100

Matrix = list[list[float]]


def generator(rules: WorldRules) -> Matrix:
    """Of the chain without news: rates per second, from the row's regime to the column's."""
    rates = [[chance / PPM / regime.stay_seconds for chance in regime.next_ppm] for regime in rules.regimes]
    for place, row in enumerate(rates):
        row[place] = -sum(rate for column, rate in enumerate(row) if column != place)
    return rates


def believe(
    rules: WorldRules, returns: Integers, shift_odds: Mapping[int, Sequence[int]], belief: Sequence[int]
) -> Integers:
    """Beliefs after each of `returns`, behind the first one, `belief`; chances in 1e-12 that add up to one.

    `shift_odds`: for places behind `belief` with news, how likely each of these shifts the regime, in percent.
    """
    (low_low, low_medium, low_high), (medium_low, medium_medium, medium_high), (high_low, high_medium, high_high) = (
        _second_of_chain(rules)
    )
    forced = [[chance / PPM for chance in regime.forced_ppm] for regime in rules.regimes]
    low, medium, high = (chance / SHARES for chance in belief)
    lows, mediums = [low], [medium]
    # Multiplications, additions and divisions only: these are the same on every processor.
    for place, (likely_low, likely_medium, likely_high) in enumerate(_likelihoods(rules, returns), start=1):
        odds = shift_odds.get(place)
        if odds is None:
            now_low, now_medium, now_high = low * likely_low, medium * likely_medium, high * likely_high
            whole = now_low + now_medium + now_high
            if whole > 0:
                low, medium, high = now_low / whole, now_medium / whole, now_high / whole
        low, medium, high = (
            low * low_low + medium * medium_low + high * high_low,
            low * low_medium + medium * medium_medium + high * high_medium,
            low * low_high + medium * medium_high + high * high_high,
        )
        if odds is not None:
            for percent in odds:
                low, medium, high = _mixed((low, medium, high), forced, percent / _PERCENT)
        lows.append(low)
        mediums.append(medium)
    by_regime = np.floor(np.array([lows, mediums]) * SHARES).astype(np.int64)
    beliefs = np.column_stack((by_regime[0], by_regime[1], SHARES - by_regime[0] - by_regime[1]))
    beliefs[0] = belief  # there and back through floats it may lose a unit
    return beliefs


def _second_of_chain(rules: WorldRules) -> Matrix:
    """How likely each regime is a second after another, rounded to 1e-12."""
    chances: Integers = np.rint(expm(np.array(generator(rules))) * SHARES).astype(np.int64)
    for place in range(len(chances)):
        chances[place, place] += SHARES - chances[place].sum()
    matrix: Matrix = (chances / SHARES).tolist()
    return matrix


def _likelihoods(rules: WorldRules, returns: Integers) -> list[list[float]]:
    """Of each return in each regime, as shares of the likeliest regime's."""
    deviation = np.array(deviations(rules))
    logs = -0.5 * (returns[:, None] / SHARES / deviation) ** 2 - np.log(deviation)
    shares = np.rint(np.exp(logs - logs.max(axis=1, keepdims=True)) * _LIKELIHOODS) / _LIKELIHOODS
    likelihoods: list[list[float]] = shares.tolist()
    return likelihoods


def _mixed(belief: tuple[float, float, float], forced: Matrix, share: float) -> tuple[float, float, float]:
    """The belief of which `share` has been shifted by news."""
    low, medium, high = (
        (1 - share) * chance + share * sum(was * row[place] for was, row in zip(belief, forced, strict=True))
        for place, chance in enumerate(belief)
    )
    return low, medium, high
