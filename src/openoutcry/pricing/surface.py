"""The volatility of each option of a chain: the same for all, or what the public can expect of the regimes."""

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np

from openoutcry.domain.day.game_rules import SettlementRules
from openoutcry.domain.simulation.world_rules import CERTAIN_PPM, MarketRules
from openoutcry.pricing.black_scholes import Floats
from openoutcry.pricing.expected_variance import ExpectedVariance
from openoutcry.pricing.moment import Moment
from openoutcry.pricing.parameters import Parameters
from openoutcry.pricing.session_time import Integers
from openoutcry.pricing.settlement_average import Average

BELIEF_UNITS: Final = 10**12
"""Units in one, of beliefs and of the level noise."""
VARIANCE_UNITS: Final = 10**15
"""Total variances are whole numbers of 1e-15 before anything uses them."""


class Surface(Protocol):
    def volatilities(self, moments: Sequence[Moment], average: Average, groups: Integers, distances: Floats) -> Floats:
        """Annual volatilities: a row for each moment, a column for each option; 0 where nothing moves any more.

        `average` has a row for each moment and a column for each group of options, of one underlying and expiry.
        `groups` says which one an option is of, `distances` are logarithms of strike over forward.
        """


class FlatSurface:
    """One volatility for all options at all times."""

    def __init__(self, volatility: float) -> None:
        """0.2 is 20 %."""
        self._volatility = volatility

    def volatilities(self, _moments: Sequence[Moment], average: Average, groups: Integers, _: Floats) -> Floats:
        found: Floats = np.where(average.variance_time > 0, self._volatility, 0.0).take(groups, axis=1)
        return found


class RegimeSurface:
    """What the public filter of regimes lets expect, a little less for options near their end, with level noise and a
    symmetric smile. It stands on moments with beliefs.
    """

    def __init__(
        self, rules: MarketRules, parameters: Parameters, settlement: SettlementRules, longest_seconds: int
    ) -> None:
        """`longest_seconds`: of sessions, up to the last expiry."""
        self._parts_a_second = settlement.fixings * settlement.fixings
        self._expected = ExpectedVariance(rules, parameters.year_seconds, self._parts_a_second, longest_seconds)
        world = rules.world
        self._discount = world.near_discount_ppm / CERTAIN_PPM
        self._discount_seconds = world.near_discount_seconds
        self._smile_seconds = world.smile_seconds

    def volatilities(self, moments: Sequence[Moment], average: Average, groups: Integers, distances: Floats) -> Floats:
        beliefs = np.array([moment.beliefs for moment in moments], dtype=np.int64)
        levels = np.array([moment.level for moment in moments], dtype=np.int64)
        seconds = average.variance_parts / self._parts_a_second
        level = self._level_variances(beliefs, levels, average, seconds)
        # With z = distance / sqrt(level) and curvature c: level / 2 * (1 + sqrt(1 + c * z * z)).
        curvature = level / (1 + seconds / self._smile_seconds)
        level = level.take(groups, axis=1)
        wings = np.sqrt(level * level + curvature.take(groups, axis=1) * (distances * distances))
        variances = _whole_units(0.5 * (level + wings))
        return _annual(variances, average.variance_time.take(groups, axis=1))

    def at_the_money(self, beliefs: Integers, levels: Integers, average: Average) -> Floats:
        """Annual volatilities of options at the money: a row for each moment, a column for each group of `average`.

        `beliefs` and `levels` have a row for each moment, as `Moment` has them.
        """
        seconds = average.variance_parts / self._parts_a_second
        return _annual(self._level_variances(beliefs, levels, average, seconds), average.variance_time)

    def _level_variances(self, beliefs: Integers, levels: Integers, average: Average, seconds: Floats) -> Floats:
        """Total variances at the money, of each moment and group."""
        expected = np.einsum("mr,mgr->mg", beliefs / BELIEF_UNITS, self._expected.over(average.variance_parts))
        noise = (1 + levels / BELIEF_UNITS)[:, None]
        root = (1 - self._discount / (1 + seconds / self._discount_seconds)) * noise
        return _whole_units(expected * (root * root))


def _annual(variances: Floats, time: Floats) -> Floats:
    """The volatilities that these total variances are, over so many years; 0 where no time is left."""
    found: Floats = np.sqrt(np.divide(variances, time, out=np.zeros_like(variances), where=time > 0))
    return found


def _whole_units(variances: Floats) -> Floats:
    return np.rint(variances * VARIANCE_UNITS) / VARIANCE_UNITS
