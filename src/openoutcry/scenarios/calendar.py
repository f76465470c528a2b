"""Which days an exchange trades on, and which of them end early.

`calendar_of("XNYS")` is the New York Stock Exchange, `calendar_of("none")` trades on every day, weekends included.
"""

import datetime as dt
from typing import Final, Literal, Protocol

CalendarName = Literal["none", "XNYS"]
"""An exchange by its market identifier code, or none."""

_ONE_DAY: Final = dt.timedelta(days=1)


class Calendar(Protocol):
    def is_trading_day(self, date: dt.date) -> bool:
        """Whether the exchange trades on this date, for the whole day or a part of it."""

    def is_half_day(self, date: dt.date) -> bool:
        """Whether this is a trading day that ends early."""


class EveryDay:
    """The calendar `none`."""

    def is_trading_day(self, date: dt.date) -> bool:  # noqa: ARG002 - each of them
        return True

    def is_half_day(self, date: dt.date) -> bool:  # noqa: ARG002 - none of them
        return False


class ExchangeCalendar:
    """The weekends, holidays and half-days of one exchange, by its market identifier code."""

    def __init__(self, market: str) -> None:
        import holidays  # noqa: PLC0415 - 50 ms, for scenarios with a calendar only

        self._holidays = holidays.financial_holidays(market)
        self._half_days = holidays.financial_holidays(market, categories=holidays.HALF_DAY)

    def is_trading_day(self, date: dt.date) -> bool:
        return self._holidays.is_working_day(date)

    def is_half_day(self, date: dt.date) -> bool:
        return date in self._half_days and self.is_trading_day(date)


def calendar_of(name: CalendarName) -> Calendar:
    return EveryDay() if name == "none" else ExchangeCalendar(name)


def trading_day_on_or_after(calendar: Calendar, date: dt.date) -> dt.date:
    """The date if it is a trading day, else the next one: the date of a session."""
    while not calendar.is_trading_day(date):
        date += _ONE_DAY
    return date


def trading_day_on_or_before(calendar: Calendar, date: dt.date) -> dt.date:
    """The date if it is a trading day, else the last one before it: the date of an expiry."""
    while not calendar.is_trading_day(date):
        date -= _ONE_DAY
    return date
