"""For how long, as everybody knows, no news can come: the least gap after the opening and after the world's news.

An organiser's news begin a gap too, but values do not go by it.
"""

import numpy as np

from openoutcry.domain.simulation.world_rules import MarketRules
from openoutcry.simulation.world.world import Integers, World


def quiet_seconds(rules: MarketRules, world: World) -> Integers:
    """For each second of the world, the seconds without news from this one on."""
    least = rules.world.news_gap_least_seconds if rules.headlines else 0
    begin = np.array([0, *(item.second for item in world.news)])
    seconds = np.arange(world.seconds + 1)
    last = begin[np.searchsorted(begin, seconds, side="right") - 1]
    left: Integers = np.maximum(last + least - seconds, 0)
    return left
