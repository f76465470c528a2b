"""Regimes of volatility: a Markov chain in continuous time, which news may shift.

A shift counts from the first market second that begins at or after it.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from openoutcry.domain.simulation.headlines import REGIMES, NewsEffect
from openoutcry.domain.simulation.world_rules import WorldRules
from openoutcry.simulation.world.chance import Chance
from openoutcry.simulation.world.news import MICROSECONDS, News
from openoutcry.simulation.world.world import Integers, WorldNews


class Shift(NamedTuple):
    """From one regime to the next, in microseconds after the opening. Regimes are places in `REGIMES`."""

    instant: int
    since: int
    """When the stay that it ends began."""
    regime: int
    forced: bool
    """By news. Such a shift may lead to the same regime, whose stay begins anew."""

    @property
    def second(self) -> int:
        """The first in which it counts."""
        return -(-self.instant // MICROSECONDS)


class Course(NamedTuple):
    """What happens from some second on."""

    shifts: list[Shift]
    news: list[WorldNews]
    """Those with a headline."""
    jumps: list[tuple[int, int]]
    """Seconds, and jumps of their prices in ppm."""


def draw_course(
    rules: WorldRules, chance: Chance, news: Iterable[News], regime: int, after: int, seconds: int
) -> Course:
    """The chain from the second `after`, in `regime`, to the close, with what news make of it."""
    course = Course([], [], [])
    end = seconds * MICROSECONDS
    since = after * MICROSECONDS
    change = since + _stay(rules, regime, chance)
    for item in (*news, None):
        until = end if item is None else item.second * MICROSECONDS
        while change <= until:
            regime = chosen(rules.regimes[regime].next_ppm, chance.below(sum(rules.regimes[regime].next_ppm)))
            course.shifts.append(Shift(change, since, regime, forced=False))
            since = change
            change = since + _stay(rules, regime, chance)
        if item is None:
            break
        effect = item.effect
        if effect is None:
            effect = NewsEffect(regime=REGIMES[chosen(rules.regimes[regime].forced_ppm, item.shift_chance)])
        if effect.regime is not None:
            regime = REGIMES.index(effect.regime)
            course.shifts.append(Shift(until, since, regime, forced=True))
            since = until
            change = since + _stay(rules, regime, chance)
        if effect.jump_ppm is not None:
            course.jumps.append((item.second, effect.jump_ppm))
        if item.headline is not None:
            course.news.append(WorldNews(item.second, item.headline, effect))
    return course


def regimes_by_second(shifts: Iterable[Shift], regime: int, after: int, seconds: int) -> Integers:
    """From the second `after`, in `regime`, to the close, both included."""
    regimes = np.full(seconds - after + 1, regime, dtype=np.int64)
    for shift in shifts:
        regimes[shift.second - after :] = shift.regime
    return regimes


def _stay(rules: WorldRules, regime: int, chance: Chance) -> int:
    """In microseconds, at least one."""
    return max(round(chance.exponential(rules.regimes[regime].stay_seconds * MICROSECONDS)), 1)


def chosen(chances: Sequence[int], chance: int) -> int:
    """The place among `chances` in which `chance` lies; the last that is possible if they do not reach it."""
    for place, width in enumerate(chances):
        chance -= width
        if chance < 0:
            return place
    return max(place for place, width in enumerate(chances) if width)
