"""The world of the session under way, by market time: what prices are, what may be believed, what is told.

Only scenarios with a simulated market import this module: it needs numpy.
"""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from openoutcry.domain.day.news import NewsItem
from openoutcry.domain.simulation.headlines import REGIMES
from openoutcry.domain.simulation.signals import SignalToRole
from openoutcry.domain.simulation.world_rules import MarketRules
from openoutcry.domain.types import MarketTime
from openoutcry.runtime.session.made_second import NOTHING_TOLD, Told
from openoutcry.runtime.session.market import Seeds, Worlds
from openoutcry.runtime.session.prices import opening_price
from openoutcry.scenarios.calendar import calendar_of
from openoutcry.scenarios.model import Scenario, SessionPlan
from openoutcry.scenarios.timetable import Timetable, timetable
from openoutcry.simulation.world.drawing import draw, redraw, seconds_of_effects
from openoutcry.simulation.world.quiet import quiet_seconds
from openoutcry.simulation.world.world import Integers, World
from openoutcry.venue.reading.queries import Queries


class SessionWorlds:
    """Draws worlds, keeps them, and reads the one of the session under way, or of the last one.

    It is drawn when the session starts, and drawn anew from the second after an organiser's news with an effect. Either
    takes a tenth of a second, in which the loop does nothing else; when a session starts nobody trades. After a restart
    the kept one is read, and the effects that the venue knows are drawn into it. Every method raises `Unavailable` if
    the world cannot be kept, or was lost.
    """

    def __init__(
        self,
        scenario: Scenario,
        plan: SessionPlan,
        rules: MarketRules,
        queries: Queries,
        seeds: Seeds,
        kept: Worlds,
    ) -> None:
        self._scenario = scenario
        self._plan = plan
        self._calendar = calendar_of(scenario.calendar)
        self._rules = rules
        self._queries = queries
        self._seeds = seeds
        self._kept = kept
        self._of_session: _OfSession | None = None

    def draw_next(self, date: str) -> str:
        """Draw the world of the next session, of this ISO date, and keep it. Its digest."""
        hours = self._hours_of(date)
        world = draw(
            self._rules,
            self._seeds.seed_of_next(),
            hours.close_at - hours.opening_at,
            opening_price(self._scenario, self._queries.day()),
            self._scenario.index.ratio,
        )
        self._kept.keep(date, world)
        return world.digest

    @property
    def drawn(self) -> World:
        """The session's world; another object once it has been drawn anew."""
        return self._current().world

    @property
    def seed(self) -> bytes:
        """What the session is drawn from."""
        return self._seeds.seed_of_session()

    @property
    def opening_at(self) -> MarketTime:
        """The instant of the world's second 0."""
        return self._current().hours.opening_at

    def prices_at(self, market_time: MarketTime) -> dict[str, int]:
        """Prices of index and tracker, in money units. Before the opening they are those at the opening."""
        index, current = self._scenario.index, self._current()
        second = current.second_of(market_time)
        world = current.world
        return {index.index: int(world.index[second]), index.tracker: int(world.tracker[second])}

    def beliefs_at(self, market_time: MarketTime) -> Sequence[int]:
        """What anybody may believe of each regime, in 1e-12."""
        current = self._current()
        beliefs: list[int] = current.world.beliefs[current.second_of(market_time)].tolist()
        return beliefs

    def quiet_seconds_at(self, market_time: MarketTime) -> int:
        """For so long no news can come, because some have just come."""
        current = self._current()
        return int(current.quiet_seconds[current.second_of(market_time)])

    def level_at(self, market_time: MarketTime) -> int:
        """The noise on the root of the theoretical variance, in 1e-12. There is none at the close: its marks value what
        is held when nobody trades any more.
        """
        current = self._current()
        second = current.second_of(market_time)
        return 0 if second == current.world.seconds else int(current.world.levels[second])

    def told_at(self, market_time: MarketTime) -> Told:
        """News and signals of this market second."""
        current = self._current()
        return current.told.get(market_time - current.hours.opening_at, NOTHING_TOLD)

    # ---- the session's world -----------------------------------------------------------------------------------

    def _current(self) -> "_OfSession":
        date, effects = self._queries.world_of_session()
        current = self._of_session
        if current is None or current.date != date or current.effects != effects:
            current = self._of_session = self._find(current)
        return current

    def _find(self, known: "_OfSession | None") -> "_OfSession":
        day = self._queries.day()
        date, effects = day.session_date, day.effects
        assert date is not None, "prices are those of a session"  # noqa: S101
        hours = self._hours_of(date)
        if known is not None and known.date == date:
            world, first = known.world, known.effects
        else:
            world, first = self._kept.find(date, self._queries.fairness().world_digest), 0
        seconds = seconds_of_effects(max(market_time - hours.opening_at, 0) for market_time, _ in effects)
        for number in range(first, len(effects)):
            second, effect = seconds[number], effects[number][1]
            seed, ratio = self._seeds.seed_of_session(), self._scenario.index.ratio
            world = redraw(world, self._rules, seed, ratio, second, effect, number)
        quiet, told = quiet_seconds(self._rules, world), _told_in(world, self._rules)
        return _OfSession(date, len(effects), hours, world, quiet, told)

    def _hours_of(self, date: str) -> Timetable:
        return timetable(dt.date.fromisoformat(date), self._plan.hours, self._scenario.time_zone, self._calendar)


class _OfSession(NamedTuple):
    date: str
    effects: int
    """How many organiser's news are in it."""
    hours: Timetable
    world: World
    quiet_seconds: Integers
    told: dict[int, Told]
    """By seconds of the world."""

    def second_of(self, market_time: MarketTime) -> int:
        return min(max(market_time - self.hours.opening_at, 0), self.world.seconds)


def _told_in(world: World, rules: MarketRules) -> dict[int, Told]:
    news: dict[int, list[NewsItem]] = {}
    for item in world.news:
        headline = rules.headlines[item.headline]
        news.setdefault(item.second, []).append(NewsItem(headline.text, headline.category, headline.odds))
    signals: dict[int, list[SignalToRole]] = {}
    for one in world.signals:
        signals.setdefault(one.second, []).append(one.signal)
    shifts = np.flatnonzero(np.diff(world.regimes)) + 1
    regimes = {second: REGIMES[world.regimes[second]] for second in shifts.tolist()}
    return {
        second: Told(tuple(news.get(second, ())), tuple(signals.get(second, ())), regimes.get(second))
        for second in {*news, *signals, *regimes}
    }
