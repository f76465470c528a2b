"""Marks of all instruments at each market second of a session, by the scenario's pricing.

Only scenarios with pricing import this module: it needs numpy.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final, Protocol

from openoutcry.clearing.settlement_value import fixing_times
from openoutcry.domain.day.game_rules import SettlementRules
from openoutcry.domain.day.marks import ScenarioValues, UnderlyingMark
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.types import MarketTime
from openoutcry.pricing.chain import MarksOfMoments, PricedChain
from openoutcry.pricing.moment import Moment
from openoutcry.pricing.parameters import Parameters
from openoutcry.pricing.session_time import SessionHours, SessionTime
from openoutcry.pricing.surface import FlatSurface, RegimeSurface, Surface
from openoutcry.runtime.session.made_second import Marks
from openoutcry.runtime.session.prices import PricesAt
from openoutcry.scenarios.calendar import calendar_of
from openoutcry.scenarios.model import PricingNumbers, Scenario, SessionPlan
from openoutcry.scenarios.timetable import Timetable, full_session, timetable, timetables
from openoutcry.venue.reading.queries import Queries

Listed = tuple[tuple[int, Instrument], ...]
"""Instruments with their places in order of listing."""


BLOCK_SECONDS: Final = 20
"""Market seconds that are priced at once: a block costs less than half a millisecond."""

_AHEAD_SECONDS: Final = BLOCK_SECONDS // 2
"""So many before a full minute a block begins: not with the values of the cash check, or one turn had both to do."""


class PublicWorld(Protocol):
    """What prices and news of the session under way let anybody believe. A second has the same values whenever it is
    asked for, also before it comes, as long as `drawn` is the same object.
    """

    @property
    def drawn(self) -> object:
        """Another one when what is to come has been drawn anew."""

    def beliefs_at(self, market_time: MarketTime) -> Sequence[int]:
        """Chances of each regime, in 1e-12."""

    def quiet_seconds_at(self, market_time: MarketTime) -> int:
        """For so long no news can come, because some have just come."""

    def level_at(self, market_time: MarketTime) -> int:
        """The noise on the root of the theoretical variance, in 1e-12."""


class ChainMarks:
    """What the venue is told of values. It keeps nothing but the chain of the session, made ready for pricing, and the
    marks of the block of market seconds that was asked for last.
    """

    def __init__(
        self,
        scenario: Scenario,
        plan: SessionPlan,
        pricing: PricingNumbers,
        queries: Queries,
        prices_at: PricesAt,
        world: PublicWorld | None = None,
    ) -> None:
        """`world`: of a scenario with a simulated market. Without it all options have the scenario's volatility."""
        self._scenario = scenario
        self._game = scenario.rulebook.game
        self._settlement = self._game.settlement or SettlementRules()
        self._plan = plan
        self._calendar = calendar_of(scenario.calendar)
        self._surface: Surface = FlatSurface(pricing.volatility)
        if world is not None and scenario.market is not None:
            self._surface = RegimeSurface(scenario.market, self._settlement)
        self._parameters = parameters_of(plan, pricing)
        self._queries = queries
        self._prices_at = prices_at
        self._world = world
        self._made_for: tuple[str, tuple[int, int, int]] | None = None
        """Date of the session, and counts of instruments, of the chain below."""
        self._chain: PricedChain
        self._fixing_times: list[MarketTime]
        self._first_second: MarketTime
        self._block: tuple[int, object, MarksOfMoments] | None = None
        """Its number, the world that it was made from, and the marks."""

    def make(self, market_time: MarketTime) -> Marks:
        """The marks of a market second of the session under way."""
        chain = self._chain_of_session()
        underlyings = tuple(UnderlyingMark(symbol, price) for symbol, price in self._prices_at(market_time).items())
        number, place = divmod(market_time + _AHEAD_SECONDS, BLOCK_SECONDS)
        drawn = None if self._world is None else self._world.drawn
        if self._block is None or self._block[0] != number or self._block[1] is not drawn:
            first = number * BLOCK_SECONDS - _AHEAD_SECONDS
            moments = [self._moment(MarketTime(first + second)) for second in range(BLOCK_SECONDS)]
            self._block = number, drawn, chain.marks_of(moments)
        return underlyings, self._block[2][place]

    def values_due(self, market_time: MarketTime, has_news: bool) -> tuple[ScenarioValues, ...]:
        """The values of the cash check at the first market second of a session, at every full interval, and at news;
        else none.

        It does not depend on those told before, so that after a restart the venue hears what it would have heard.
        """
        rules = self._game.cash
        if rules is None:
            return ()
        chain = self._chain_of_session()
        if market_time % rules.interval_seconds and market_time != self._first_second and not has_news:
            return ()
        return chain.scenario_values(self._moment(market_time), rules)

    def _moment(self, market_time: MarketTime) -> Moment:
        prices = self._prices_at(market_time)
        past = [self._prices_at(fixing) for fixing in self._fixing_times if fixing <= market_time]
        fixings = {symbol: [at[symbol] for at in past] for symbol in prices} if past else {}
        if self._world is None:
            return Moment(now=market_time, prices=prices, fixings=fixings)
        return Moment(
            now=market_time,
            prices=prices,
            fixings=fixings,
            beliefs=self._world.beliefs_at(market_time),
            quiet_seconds=self._world.quiet_seconds_at(market_time),
            level=self._world.level_at(market_time),
        )

    def _chain_of_session(self) -> PricedChain:
        date, _ = self._queries.world_of_session()
        assert date is not None, "marks are made in a session"  # noqa: S101
        made_for = date, self._queries.count_instruments()
        if self._made_for != made_for:
            self._made_for, self._block = made_for, None
            self._make_ready(dt.date.fromisoformat(date), self._queries.instruments())
        return self._chain

    def _make_ready(self, date: dt.date, instruments: list[Instrument]) -> None:
        today = f"{date:%Y%m%d}"
        # What is settled, or has expired before this session, has no value any more.
        living = [
            (place, instrument)
            for place, instrument in enumerate(instruments)
            if not self._is_settled(instrument) and (instrument.option is None or instrument.option.expiry >= today)
        ]
        last = max((instrument.option.expiry for _, instrument in living if instrument.option), default=today)
        sessions = sessions_ahead(self._scenario, self._plan, date, last)
        self._chain = PricedChain(living, sessions, self._game, self._parameters, self._surface)
        hours = self._hours_of(date)
        self._fixing_times = fixing_times(self._settlement, hours.close_at)
        self._first_second = MarketTime(hours.call_at + 1)

    def _is_settled(self, instrument: Instrument) -> bool:
        return self._queries.settlement(instrument.instrument_id) is not None

    def _hours_of(self, date: dt.date) -> Timetable:
        return timetable(date, self._plan.hours, self._scenario.time_zone, self._calendar)


def sessions_ahead(scenario: Scenario, plan: SessionPlan, date: dt.date, last: str) -> SessionTime:
    """The session of `date` and those after it up to the date `last`, `YYYYMMDD`."""
    calendar = calendar_of(scenario.calendar)
    return SessionTime(
        SessionHours(f"{hours.date:%Y%m%d}", hours.opening_at, hours.close_at)
        for hours in timetables(date, last, plan.hours, scenario.time_zone, calendar)
    )


def parameters_of(plan: SessionPlan, pricing: PricingNumbers) -> Parameters:
    """What every value of the scenario rests on."""
    return Parameters(
        rate=pricing.rate,
        dividend=pricing.dividend,
        session_seconds=full_session(plan.hours),
        sessions_a_year=pricing.sessions_per_year,
    )
