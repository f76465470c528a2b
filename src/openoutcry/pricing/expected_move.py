"""How far the index is expected to move over a time ahead, by the regime in which it begins.

A straddle at the money pays the move, up or down, so the mean of its size is what the straddle is worth. It comes from
the characteristic function of the move X: E|X| = 2/pi times the integral over k of (1 - E cos(kX)) / k². Regimes and
news are one Markov chain, and E cos(kX) is an exponential of it, in which each regime loses by its variance, and a jump
by its own cosine.

After an item of news, and after the opening, none can come for a while. Exactly this much is known of the next one;
the pauses after later ones are taken as exponential, with the same mean.
"""

import math
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from openoutcry.domain.simulation.world_rules import MarketRules
from openoutcry.domain.types import PPM
from openoutcry.pricing.black_scholes import Floats
from openoutcry.pricing.curves import Curves

LOWEST_FREQUENCY: Final = 1e-5
HIGHEST_FREQUENCY: Final = 1e8
"""Of the integral: moves of 1e-7 to 1e4 can be told from each other, far more than a second or a year makes."""


class Fineness(NamedTuple):
    """Nodes of the table. With these it is within a thousandth of what more of them find."""

    frequencies: int = 224
    times: int = 24
    """Up to the quiet time, and again from there to a year, evenly by their logarithms."""
    quiet: int = 5
    """Shares of the quiet time, from none of it to all."""


FINE: Final = Fineness()

_JUMP_NODES: Final = 401
_FARTHEST_JUMP: Final = 8.0
"""Standard deviations of the logarithm of a jump's size."""
_ALL_BUT_ZERO: Final = 40.0
"""Of the argument of a jump's cosine, its spread: the mean is 0 long before."""
_PERCENT: Final = 100


def shift_chance(rules: MarketRules) -> float:
    """That an item of news shifts the regime."""
    return _weighted([(headline.weight, headline.odds.regime_shift) for headline in rules.headlines])


def jump_chance(rules: MarketRules) -> float:
    """That an item of news lets the price jump."""
    return _weighted([(headline.weight, headline.odds.price_jump) for headline in rules.headlines])


def _weighted(percentages: list[tuple[int, int]]) -> float:
    whole = sum(weight for weight, _ in percentages)
    return sum(weight * percent for weight, percent in percentages) / (whole * _PERCENT) if whole else 0.0


class ExpectedMove:
    """A table for one set of rules. It takes some 70 ms to make."""

    def __init__(self, rules: MarketRules, shortest_seconds: float, fineness: Fineness = FINE) -> None:
        """Answers for times between `shortest_seconds` and a year."""
        self._quiet_seconds = rules.world.news_gap_least_seconds
        self._quiet_nodes = np.arange(fineness.quiet)
        self._shortest, self._longest = shortest_seconds, float(rules.world.year_seconds)
        ends = [self._shortest, self._longest]
        if self._shortest < self._quiet_seconds < self._longest:
            ends.insert(1, self._quiet_seconds)  # where curves have a corner
        self._curves = Curves(
            [np.linspace(math.log(first), math.log(last), fineness.times) for first, last in pairwise(ends)],
            lambda logs: _table(rules, np.exp(logs), fineness),
        )

    def over(self, seconds: Floats, quiet: Floats) -> Floats:
        """The mean size of the move over a time of which the first part, `quiet`, is without news, as the standard
        deviation of a normal move of this size. Arrays of one shape; the last axis of the result is the regime of now.
        """
        found = self._curves.at(np.log(np.clip(seconds, self._shortest, self._longest)))
        longest = np.minimum(seconds, self._quiet_seconds)
        share = np.divide(quiet, longest, out=np.zeros_like(longest), where=longest > 0)
        place = np.clip(share, 0, 1) * self._quiet_nodes[-1]
        nodes = np.maximum(1 - np.abs(place[..., None] - self._quiet_nodes), 0)
        deviations: Floats = np.einsum("...nr,...n->...r", found, nodes) * np.sqrt(seconds)[..., None]
        return deviations


@lru_cache(maxsize=4)
def expected_move(rules: MarketRules, shortest_seconds: float) -> ExpectedMove:
    """The same one for all who ask, because of the time that it takes to make."""
    return ExpectedMove(rules, shortest_seconds)


def _table(rules: MarketRules, times: Floats, fineness: Fineness) -> Floats:
    """Deviations divided by the root of time: times, shares of the quiet time, regimes."""
    frequencies, weights = _frequencies(fineness.frequencies)
    quiet = np.linspace(0, 1, fineness.quiet) * np.minimum(times, rules.world.news_gap_least_seconds)[:, None]
    cosines = _cosines(rules, frequencies, times[:, None], quiet)
    mean = 2 / math.pi * (np.einsum("...kr,k->...r", 1 - cosines, weights / frequencies) + 1 / frequencies[-1])
    table: Floats = math.sqrt(math.pi / 2) * mean / np.sqrt(times)[:, None, None]
    return table


def _frequencies(count: int) -> tuple[Floats, Floats]:
    """Evenly by their logarithms, with their weights in an integral over these."""
    frequencies = np.geomspace(LOWEST_FREQUENCY, HIGHEST_FREQUENCY, count)
    weights = np.full(count, math.log(frequencies[1] / frequencies[0]))
    weights[[0, -1]] /= 2
    return frequencies, weights


def _cosines(rules: MarketRules, frequencies: Floats, times: Floats, quiet: Floats) -> Floats:
    """Mean cosines of moves times the frequencies: times, parts of them that are quiet, frequencies, regimes of now."""
    world = rules.world
    regimes = world.regimes
    count = len(regimes)
    following, forced = (
        np.array([getattr(regime, field) for regime in regimes]) / PPM for field in ("next_ppm", "forced_ppm")
    )
    leaving = 1 / np.array([regime.stay_seconds for regime in regimes])
    variances = (np.array([regime.volatility_micro for regime in regimes]) / PPM) ** 2 / world.year_seconds
    one = np.eye(count)
    without = (following - one) * leaving[:, None] - one * (0.5 * variances * frequencies[:, None] ** 2)[..., None]
    shift, jump = shift_chance(rules), jump_chance(rules)
    news = shift * forced + one * (1 - shift - jump + jump * _jump_cosines(rules, frequencies))[:, None, None]
    coming, ending = 1 / world.news_gap_beyond_seconds, 1 / max(world.news_gap_least_seconds, 1)
    # Regimes in which news may come, and then those of the pause after some.
    both = np.block(
        [
            [without - coming * one, coming * news],
            [np.broadcast_to(ending * one, without.shape), without - ending * one],
        ]
    )
    rates, vectors = np.linalg.eig(both)
    shares = np.linalg.solve(vectors, np.ones((*rates.shape, 1)))[..., 0]
    grown = np.exp(rates * (times - quiet)[..., None, None]) * shares
    later = np.einsum("krj,...kj->...kr", vectors[:, :count], grown)
    rates, vectors = np.linalg.eig(without)
    grown = np.exp(rates * quiet[..., None, None]) * np.einsum("kjr,...kr->...kj", np.linalg.inv(vectors), later)
    cosines: Floats = np.einsum("krj,...kj->...kr", vectors, grown).real
    return cosines


def _jump_cosines(rules: MarketRules, frequencies: Floats) -> Floats:
    """The mean cosine of a jump. Jumps up and down are as likely as each other, and their sizes log-normal."""
    mean, spread = rules.world.jump_ppm / PPM, rules.world.jump_spread_ppm / PPM
    nodes = np.linspace(-_FARTHEST_JUMP, _FARTHEST_JUMP, _JUMP_NODES)
    weights = np.exp(-0.5 * nodes * nodes)
    sizes = mean * np.exp(spread * nodes - spread * spread / 2)
    cosines = np.cos(frequencies[:, None] * sizes) @ (weights / weights.sum())
    found: Floats = np.where(frequencies * mean * spread < _ALL_BUT_ZERO, cosines, 0.0)
    return found
