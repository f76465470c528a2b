"""The volatility of each option of a chain: the same for all, or what the public can expect of the regimes."""

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np

from openoutcry.domain.day.game_rules import SettlementRules
from openoutcry.domain.simulation.world_rules import MarketRules
from openoutcry.pricing.black_scholes import Floats
from openoutcry.pricing.expected_move import expected_move
from openoutcry.pricing.moment import Moment
from openoutcry.pricing.session_time import Integers
from openoutcry.pricing.settlement_average import Average, variance_parts

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
    """A straddle at the money costs what it pays in the mean, as far as the public filter of regimes knows; beside it
    level noise, and a symmetric smile. It stands on moments with beliefs.
    """

    def __init__(self, rules: MarketRules, settlement: SettlementRules) -> None:
        self._settlement = settlement
        self._parts_a_second = settlement.fixings * settlement.fixings
        self._expected = expected_move(rules, 1 / self._parts_a_second)
        self._smile_seconds = rules.world.smile_seconds

    def volatilities(self, moments: Sequence[Moment], average: Average, groups: Integers, distances: Floats) -> Floats:
        beliefs = np.array([moment.beliefs for moment in moments], dtype=np.int64)
        quiet = np.array([moment.quiet_seconds for moment in moments], dtype=np.int64)
        levels = np.array([moment.level for moment in moments], dtype=np.int64)
        level = self._level_variances(beliefs, quiet, levels, average)
        # With z = distance / sqrt(level) and curvature c: level / 2 * (1 + sqrt(1 + c * z * z)).
        curvature = level / (1 + average.variance_parts / self._parts_a_second / self._smile_seconds)
        level = level.take(groups, axis=1)
        wings = np.sqrt(level * level + curvature.take(groups, axis=1) * (distances * distances))
        variances = _whole_units(0.5 * (level + wings))
        return _annual(variances, average.variance_time.take(groups, axis=1))

    def at_the_money(self, beliefs: Integers, quiet: Integers, levels: Integers, average: Average) -> Floats:
        """Annual volatilities of options at the money: a row for each moment, a column for each group of `average`.

        `beliefs`, `quiet` and `levels` have a row for each moment, as `Moment` has them.
        """
        return _annual(self._level_variances(beliefs, quiet, levels, average), average.variance_time)

    def _level_variances(self, beliefs: Integers, quiet: Integers, levels: Integers, average: Average) -> Floats:
        """Total variances at the money, of each moment and group."""
        later = variance_parts(np.maximum(average.seconds_left - quiet[:, None], 0), self._settlement)
        seconds, later_seconds = average.variance_parts / self._parts_a_second, later / self._parts_a_second
        deviations = self._expected.over(seconds, seconds - later_seconds)
        # What a straddle pays is the mean over what is believed, so that the roots of variances are added, not these.
        root = np.einsum("mr,mgr->mg", beliefs / BELIEF_UNITS, deviations) * (1 + levels / BELIEF_UNITS)[:, None]
        return _whole_units(root * root)


def _annual(variances: Floats, time: Floats) -> Floats:
    """The volatilities that these total variances are, over so many years; 0 where no time is left."""
    found: Floats = np.sqrt(np.divide(variances, time, out=np.zeros_like(variances), where=time > 0))
    return found


def _whole_units(variances: Floats) -> Floats:
    return np.rint(variances * VARIANCE_UNITS) / VARIANCE_UNITS
