"""The variance that is expected of the index over a time ahead, by the regime in which it begins.

Regimes are a Markov chain. Its intensities are those of the stays, and of news that shift the regime, which come at
their mean rate. Jumps add the same variance at every instant. The expected variance over a + b is that over a, and
that over b as seen from the regimes after a; tables for small and for large steps answer for any time by this.
"""

import math

import numpy as np
from scipy.linalg import expm

from openoutcry.domain.simulation.world_rules import CERTAIN_PPM, MarketRules
from openoutcry.pricing.black_scholes import Floats
from openoutcry.pricing.session_time import Integers

_PERCENT = 100


def news_rate(rules: MarketRules) -> float:
    """Items of news a second, in the mean."""
    if not rules.headlines:
        return 0.0
    return 1 / (rules.world.news_gap_least_seconds + rules.world.news_gap_beyond_seconds)


def shift_chance(rules: MarketRules) -> float:
    """That an item of news shifts the regime."""
    return _weighted([(headline.weight, headline.odds.regime_shift) for headline in rules.headlines])


def jump_chance(rules: MarketRules) -> float:
    """That an item of news lets the price jump."""
    return _weighted([(headline.weight, headline.odds.price_jump) for headline in rules.headlines])


def _weighted(percentages: list[tuple[int, int]]) -> float:
    whole = sum(weight for weight, _ in percentages)
    return sum(weight * percent for weight, percent in percentages) / (whole * _PERCENT) if whole else 0.0


def intensities(rules: MarketRules) -> Floats:
    """By how much a second the chances of each regime, a column, change, seen from each regime, a row: those of stays
    alone.
    """
    regimes = rules.world.regimes
    following = np.array([regime.next_ppm for regime in regimes]) / CERTAIN_PPM
    leaving = 1 / np.array([regime.stay_seconds for regime in regimes])
    return (following - np.eye(len(regimes))) * leaving[:, None]


def forced_chances(rules: MarketRules) -> Floats:
    """Of each regime, a column, after news that shift the regime, from each one, a row."""
    return np.array([regime.forced_ppm for regime in rules.world.regimes]) / CERTAIN_PPM


def jump_variance(rules: MarketRules) -> float:
    """Of jumps, a second. The size of one is log-normal: the mean square is the squared mean times exp(spread²)."""
    mean, spread = rules.world.jump_ppm / CERTAIN_PPM, rules.world.jump_spread_ppm / CERTAIN_PPM
    return news_rate(rules) * jump_chance(rules) * mean * mean * math.exp(spread * spread)


class ExpectedVariance:
    """Of the logarithm of the price, jumps included. Time is counted in whole parts of a second."""

    def __init__(self, rules: MarketRules, year_seconds: int, parts_a_second: int, longest_seconds: int) -> None:
        """Answers for times up to `longest_seconds`."""
        forced = forced_chances(rules)
        chain = intensities(rules) + news_rate(rules) * shift_chance(rules) * (forced - np.eye(len(forced)))
        volatilities = np.array([regime.volatility_micro for regime in rules.world.regimes]) / CERTAIN_PPM
        gains = volatilities * volatilities / year_seconds + jump_variance(rules)
        self._steps = math.isqrt(longest_seconds * parts_a_second) + 1
        self._chances, self._large = _multiples(chain, gains, self._steps / parts_a_second, self._steps + 1)
        _, self._small = _multiples(chain, gains, 1 / parts_a_second, self._steps)

    def over(self, parts: Integers) -> Floats:
        """Of so many parts of a second; the last axis is the regime of now."""
        large, small = np.divmod(parts, self._steps)
        later = np.einsum("...rq,...q->...r", self._chances[large], self._small[small])
        found: Floats = self._large[large] + later
        return found


def _multiples(chain: Floats, gains: Floats, seconds: float, count: int) -> tuple[Floats, Floats]:
    """Chances of regimes after 0, 1, 2, ... `count` - 1 times so many seconds, and what is gained by then; the tables
    are doubled until they are long enough. `gains`: a second in each regime.
    """
    regimes = len(gains)
    # The exponential of the chain stands beside what is gained over it.
    both = np.zeros((regimes + 1, regimes + 1))
    both[:regimes, :regimes], both[:regimes, regimes] = chain, gains
    after, gained = np.eye(regimes)[None], np.zeros((1, regimes))
    while len(after) < count:
        # Not by squaring: the exponential of a tiny step has lost digits.
        step: Floats = expm(both * (seconds * len(after)))
        chances = step[:regimes, :regimes]
        gained = np.concatenate([gained, step[:regimes, regimes] + gained @ chances.T])
        after = np.concatenate([after, chances @ after])
    return after[:count], gained[:count]
