"""What retail traders see in the prices of a session: falls from the day's high, runs, spikes of volatility."""

from typing import NamedTuple

import numpy as np

from openoutcry.domain.simulation.flow_rules import RetailRules
from openoutcry.domain.types import PPM
from openoutcry.simulation.world.world import Integers


class Trends(NamedTuple):
    """A place for each second of the world."""

    falls: list[bool]
    """Whether the index is far below the day's high."""
    runs: list[int]
    """Which way it has gone three times in a row: 1 up, -1 down, 0 neither."""
    spikes: list[bool]
    """Whether the implied volatility of today's money has risen much."""

    @property
    def seconds(self) -> int:
        """From the opening to the close."""
        return len(self.falls) - 1


def trends_of(rules: RetailRules, index: Integers, money_volatility: Integers) -> Trends:
    """`index`: its prices; `money_volatility`: of today's options at the money, in 1e-6. A place for each second."""
    falls = index * PPM <= np.maximum.accumulate(index) * (PPM - rules.panic_ppm)
    way, seconds = np.sign(_change(index, rules.momentum_seconds)), rules.momentum_seconds
    way[:seconds] = 0  # a return over less time is none of a run
    is_run = (way == _before(way, seconds)) & (way == _before(way, 2 * seconds))
    spikes = _change(money_volatility, rules.spike_seconds) >= rules.spike_micro
    return Trends(falls.tolist(), np.where(is_run, way, 0).tolist(), spikes.tolist())


def _change(values: Integers, seconds: int) -> Integers:
    """Against so many seconds before; at first, against the beginning."""
    return values - values[np.maximum(np.arange(len(values)) - seconds, 0)]


def _before(values: Integers, seconds: int) -> Integers:
    """So many seconds before; 0 where that was before the beginning."""
    moved: Integers = np.zeros_like(values)
    moved[seconds:] = values[: max(len(values) - seconds, 0)]
    return moved
