"""Draws the world of a session, whole, from its rules and its seed; nothing that anybody does is in it.

Each component has random words of its own, so that one more draw in one of them leaves the others as they are.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final, NamedTuple

import numpy as np

from openoutcry.domain.simulation.headlines import REGIMES, NewsEffect
from openoutcry.domain.simulation.signals import VolatilityForecast
from openoutcry.domain.simulation.world_rules import MarketRules
from openoutcry.domain.types import PPM
from openoutcry.simulation.world.beliefs import believe
from openoutcry.simulation.world.chance import Chance
from openoutcry.simulation.world.forecasts import draw_forecasts
from openoutcry.simulation.world.index import draw_returns, prices
from openoutcry.simulation.world.mean_reversion import draw_mean_reverting
from openoutcry.simulation.world.news import News, draw_news
from openoutcry.simulation.world.regimes import draw_course, regimes_by_second
from openoutcry.simulation.world.tracker import fair_values
from openoutcry.simulation.world.tracking import tracking_signals
from openoutcry.simulation.world.world import SHARES, Integers, World, WorldNews, WorldSignal

_SHARES_OF_PPM: Final = SHARES // PPM
"""Units of 1e-12 in one of 1e-6."""


def draw(rules: MarketRules, seed: bytes, seconds: int, opening: int, ratio: int) -> World:
    """The world of a session of so many seconds. `opening`: the index at second 0, in 1e-4, of which the tracker is
    about 1/`ratio`.
    """
    world = rules.world
    deviation = world.tracker_deviation_ppm * _SHARES_OF_PPM
    errors = draw_mean_reverting(Chance(seed, "tracker error"), deviation, world.tracker_half_life_seconds, seconds)
    levels = draw_mean_reverting(
        Chance(seed, "level noise"), world.level_noise_ppm * _SHARES_OF_PPM, world.level_half_life_seconds, seconds
    )
    regime = REGIMES.index(world.start)
    belief = np.where(np.arange(len(REGIMES)) == regime, SHARES, 0)
    path = _draw_path(rules, seed, "", _Standing(0, regime, opening, belief), None, seconds)
    tracking = tracking_signals(rules.tracking, errors, deviation) if rules.tracking is not None else []
    return World(
        regimes=path.regimes,
        index=path.index,
        errors=errors,
        tracker=fair_values(path.index, errors, ratio),
        beliefs=path.beliefs,
        levels=levels,
        news=tuple(path.news),
        signals=_in_order(path.forecasts + tracking),
    )


def redraw(
    world: World, rules: MarketRules, seed: bytes, ratio: int, second: int, effect: NewsEffect, number: int
) -> World:
    """The world with an organiser's news in it, which are at work from the second after `second` on.

    Up to `second` nothing changes. Regimes, index, news and forecasts later than it are drawn anew; the tracker's error
    and the level noise go on as they were. Beliefs learn of the effect by prices alone: otherwise theoretical values
    would tell at once whether a headline has one. `number`: how many such news came before, each at an earlier second,
    as `seconds_of_effects` makes them.
    """
    if second >= world.seconds:
        return world
    standing = _Standing(second, int(world.regimes[second]), int(world.index[second]), world.beliefs[second])
    own = News(second + 1, None, 0, effect, 0)
    path = _draw_path(rules, seed, f" after news {number}", standing, own, world.seconds)
    index = np.concatenate((world.index[:second], path.index))
    kept = [
        one for one in world.signals if one.second <= second or not isinstance(one.signal.signal, VolatilityForecast)
    ]
    return replace(
        world,
        regimes=np.concatenate((world.regimes[:second], path.regimes)),
        index=index,
        tracker=fair_values(index, world.errors, ratio),
        beliefs=np.concatenate((world.beliefs[:second], path.beliefs)),
        news=(*(item for item in world.news if item.second <= second), *path.news),
        signals=_in_order(kept + path.forecasts),
    )


def seconds_of_effects(published: Iterable[int]) -> list[int]:
    """The seconds for `redraw` of an organiser's news, by those in which they were published, in order: news that share
    one follow each other by a second, because each starts from what the one before it has made.
    """
    return list(accumulate(published, lambda last, second: max(last + 1, second)))


class _Standing(NamedTuple):
    """How the world stands at a second from which it is drawn."""

    second: int
    regime: int
    price: int
    belief: Integers


@dataclass(frozen=True, slots=True)
class _Path:
    """Arrays begin with the second from which it was drawn; what happens comes after it."""

    regimes: Integers
    index: Integers
    beliefs: Integers
    news: list[WorldNews]
    forecasts: list[WorldSignal]


def _draw_path(
    rules: MarketRules, seed: bytes, suffix: str, standing: _Standing, own: News | None, seconds: int
) -> _Path:
    """`suffix`: of the components' names. `own`: an organiser's news, the first of all."""
    after, world = standing.second, rules.world
    news = [] if own is None else [own]
    news += draw_news(rules, Chance(seed, "news" + suffix), after if own is None else own.second, seconds)
    course = draw_course(world, Chance(seed, "regimes" + suffix), news, standing.regime, after, seconds)
    regimes = regimes_by_second(course.shifts, standing.regime, after, seconds)
    jumps = [(second - after, jump_ppm) for second, jump_ppm in course.jumps]
    returns = draw_returns(world, Chance(seed, "index" + suffix), regimes, jumps)
    shift_odds: dict[int, list[int]] = {}
    for item in news:
        shift_odds.setdefault(item.second - after, []).append(item.shift_odds_percent)
    forecasts: list[WorldSignal] = []
    if rules.forecast is not None:
        chance = Chance(seed, "forecasts" + suffix)
        forecasts = draw_forecasts(rules.forecast, world, chance, course.shifts, regimes, after)
    return _Path(
        regimes=regimes,
        index=prices(standing.price, returns),
        beliefs=believe(world, returns, shift_odds, standing.belief.tolist()),
        news=course.news,
        forecasts=forecasts,
    )


def _in_order(signals: list[WorldSignal]) -> tuple[WorldSignal, ...]:
    """By their seconds, and those of one second as they are."""
    return tuple(sorted(signals, key=lambda signal: signal.second))
