"""Which options come to their end with a session, and what they are settled at, as commands.

It keeps nothing: what is left to be done is asked of the venue, so that a restart goes on where the exchange was.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Protocol

from openoutcry.clearing.settlement_value import average_price, fixing_times, intrinsic_value
from openoutcry.domain.commands import Command, ExpireInstrument, SettleInstrument
from openoutcry.domain.day.game_rules import SettlementRules
from openoutcry.domain.instruments import Instrument, OptionTerms
from openoutcry.domain.reasons import Accepted, Verdict
from openoutcry.domain.types import MarketTime, Money
from openoutcry.runtime.session.prices import PricesAt
from openoutcry.scenarios.calendar import calendar_of
from openoutcry.scenarios.model import Scenario, SessionPlan
from openoutcry.scenarios.timetable import close_of
from openoutcry.venue.reading.queries import Queries


class Judge(Protocol):
    """Who can be asked about the venue, and what its verdict on a command would be."""

    @property
    def queries(self) -> Queries: ...

    def validate(self, command: Command) -> Verdict: ...


class Expiries:
    """Of options with an underlying whose price is known. Others are left to the organiser."""

    def __init__(self, scenario: Scenario, plan: SessionPlan, venue: Judge, prices_at: PricesAt) -> None:
        self._scenario = scenario
        self._plan = plan
        self._calendar = calendar_of(scenario.calendar)
        self._game = scenario.rulebook.game
        self._rules = self._game.settlement or SettlementRules()
        self._venue = venue
        self._queries = venue.queries
        self._prices_at = prices_at

    def next_expiry(self, market_time: MarketTime) -> ExpireInstrument | None:
        """Of an instrument that expires before the tick to this instant and has not: at the close, an option of the
        session's date.
        """
        coming, date = self._queries.coming(), self._queries.day().session_date
        if date is None or coming is None or coming.phase != "closed" or coming.earliest != market_time:
            return None
        expiring = (
            ExpireInstrument(instrument.instrument_id)
            for instrument in self._queries.unsettled(date.replace("-", ""))
            if self._queries.status(instrument.instrument_id) in ("listed", "halted")
        )
        return next(filter(self._is_accepted, expiring), None)

    def next_settlement(self) -> SettleInstrument | None:
        """Of an instrument that the last session has left to be settled, once it has ended."""
        day = self._queries.day()
        if day.is_running or day.session_date is None:
            return None
        return next(filter(self._is_accepted, self.settlements(dt.date.fromisoformat(day.session_date))), None)

    def settlements(self, date: dt.date) -> Iterator[SettleInstrument]:
        """Of all options that expire by this date and are not settled yet."""
        now = self._queries.day().market_time
        if now is None:
            return
        for instrument in self._queries.unsettled(f"{date:%Y%m%d}"):
            option = instrument.option
            price = None if option is None else self._average(instrument, option, now)
            if option is not None and price is not None:
                value = intrinsic_value(option, price, instrument.tick_size)
                yield SettleInstrument(instrument.instrument_id, value, price)

    def _is_accepted(self, command: Command) -> bool:
        """Whether it would be now: what is refused would be so again and again, and is left to the organiser."""
        return isinstance(self._venue.validate(command), Accepted)

    def _average(self, instrument: Instrument, option: OptionTerms, now: MarketTime) -> Money | None:
        """Of the fixings of its expiry. For one that the market has not come to, because the session was ended before
        or was never held, the last price counts.
        """
        index, ratio = self._game.rests_on(instrument.underlying)
        close = close_of(_date_of(option.expiry), self._plan.hours, self._scenario.time_zone, self._calendar)
        fixings = [self._prices_at(min(at, now)).get(index) for at in fixing_times(self._rules, close)]
        known = [price for price in fixings if price is not None]
        return average_price(known, ratio) if len(known) == len(fixings) else None


def _date_of(expiry: str) -> dt.date:
    return dt.date(int(expiry[:4]), int(expiry[4:6]), int(expiry[6:]))
