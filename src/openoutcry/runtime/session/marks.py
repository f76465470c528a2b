"""Marks of all instruments at each market second of a session, by the scenario's pricing.

Only scenarios with pricing import this module: it needs numpy.
"""

import datetime as dt
from collections.abc import Iterator

from openoutcry.clearing.settlement_value import fixing_times
from openoutcry.domain.day.game_rules import SettlementRules
from openoutcry.domain.day.marks import ScenarioValues
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.types import MarketTime
from openoutcry.pricing.chain import Moment, Parameters, PricedChain
from openoutcry.pricing.session_time import SessionHours, SessionTime
from openoutcry.runtime.session.market_second import Marks
from openoutcry.runtime.session.prices import PricesAt
from openoutcry.scenarios.calendar import calendar_of
from openoutcry.scenarios.model import PricingNumbers, Scenario, SessionPlan
from openoutcry.scenarios.timetable import Timetable, timetable
from openoutcry.venue.reading.queries import Queries

Listed = tuple[tuple[int, Instrument], ...]
"""Instruments with their places in order of listing."""


class ChainMarks:
    """What the venue is told of values. It keeps nothing but the chain of the session, made ready for pricing."""

    def __init__(
        self, scenario: Scenario, plan: SessionPlan, pricing: PricingNumbers, queries: Queries, prices_at: PricesAt
    ) -> None:
        self._scenario = scenario
        self._game = scenario.rulebook.game
        self._settlement = self._game.settlement or SettlementRules()
        self._plan = plan
        self._calendar = calendar_of(scenario.calendar)
        self._parameters = Parameters(
            volatility=pricing.volatility,
            rate=pricing.rate,
            dividend=pricing.dividend,
            sessions_a_year=pricing.sessions_per_year,
        )
        self._queries = queries
        self._prices_at = prices_at
        self._made_for: tuple[str, int, int] | None = None
        """Date of the session, and numbers of instruments and of settled ones, of the chain below."""
        self._chain: PricedChain
        self._fixing_times: list[MarketTime]
        self._first_second: MarketTime

    def make(self, market_time: MarketTime) -> Marks:
        """The marks of a market second of the session under way."""
        chain, moment = self._chain_of_session(), self._moment(market_time)
        return chain.underlyings(moment), chain.marks(moment)

    def values_due(self, market_time: MarketTime) -> tuple[ScenarioValues, ...]:
        """The values of the cash check at the first market second of a session and at every full interval; else none.

        It does not depend on those told before, so that after a restart the venue hears what it would have heard.
        """
        rules = self._game.cash
        if rules is None:
            return ()
        chain = self._chain_of_session()
        if market_time % rules.interval_seconds and market_time != self._first_second:
            return ()
        return chain.scenario_values(self._moment(market_time), rules)

    def _moment(self, market_time: MarketTime) -> Moment:
        prices = self._prices_at(market_time)
        past = [self._prices_at(fixing) for fixing in self._fixing_times if fixing <= market_time]
        fixings = {symbol: [at[symbol] for at in past] for symbol in prices} if past else {}
        return Moment(now=market_time, prices=prices, fixings=fixings)

    def _chain_of_session(self) -> PricedChain:
        date, instruments = self._queries.day().session_date, self._queries.instruments()
        assert date is not None, "marks are made in a session"  # noqa: S101
        made_for = date, len(instruments), sum(map(self._is_settled, instruments))
        if self._made_for != made_for:
            self._made_for = made_for
            self._make_ready(dt.date.fromisoformat(date), instruments)
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
        sessions = SessionTime(self._sessions(date, last))
        self._chain = PricedChain(living, sessions, self._game, self._parameters)
        hours = self._hours_of(date)
        self._fixing_times = fixing_times(self._settlement, hours.close_at)
        self._first_second = MarketTime(hours.call_at + 1)

    def _is_settled(self, instrument: Instrument) -> bool:
        return self._queries.settlement(instrument.instrument_id) is not None

    def _sessions(self, date: dt.date, last: str) -> Iterator[SessionHours]:
        """The session of `date`, whatever the calendar says of it, and those after it up to the last expiry."""
        first = date
        while f"{date:%Y%m%d}" <= last:
            if date == first or self._calendar.is_trading_day(date):
                hours = self._hours_of(date)
                yield SessionHours(f"{date:%Y%m%d}", hours.opening_at, hours.close_at)
            date += dt.timedelta(days=1)

    def _hours_of(self, date: dt.date) -> Timetable:
        return timetable(date, self._plan.hours, self._scenario.time_zone, self._calendar)
