"""For how long, as everybody knows, no news can come: the least gap after the opening and after the world's news.

An organiser's news with an effect begin a gap too, but nobody is told that there is one.
"""

from bisect import bisect_right

from openoutcry.domain.simulation.world_rules import MarketRules
from openoutcry.simulation.world.world import World


class QuietTimes:
    def __init__(self, rules: MarketRules, world: World) -> None:
        self._least = rules.world.news_gap_least_seconds if rules.headlines else 0
        self._begin = [0, *(item.second for item in world.news)]

    def left_at(self, second: int) -> int:
        """Seconds without news from this one on."""
        last = self._begin[bisect_right(self._begin, second) - 1]
        return max(last + self._least - second, 0)
