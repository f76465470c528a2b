"""Trading days of the New York Stock Exchange, and of the calendar that has every day."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openoutcry.scenarios.calendar import calendar_of, trading_day_on_or_after, trading_day_on_or_before

NEW_YORK = calendar_of("XNYS")
EVERY_DAY = calendar_of("none")
DATES = st.dates(dt.date(1993, 1, 1), dt.date(2060, 12, 31))


def day(text):
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    "holiday",
    ["2024-01-01", "2024-01-15", "2024-02-19", "2024-03-29", "2024-05-27", "2024-06-19", "2024-07-04", "2024-12-25"],
)
def test_new_york_does_not_trade_on_its_holidays(holiday):
    assert not NEW_YORK.is_trading_day(day(holiday))


def test_a_holiday_on_a_sunday_is_kept_on_the_monday():
    assert not NEW_YORK.is_trading_day(day("2023-01-02"))


def test_the_year_end_is_traded_though_new_year_falls_on_a_saturday():
    assert NEW_YORK.is_trading_day(day("2021-12-31"))


@pytest.mark.parametrize("half_day", ["2024-07-03", "2024-11-29", "2024-12-24"])
def test_half_days_are_traded_and_end_early(half_day):
    assert NEW_YORK.is_trading_day(day(half_day))
    assert NEW_YORK.is_half_day(day(half_day))


def test_good_friday_gives_way_to_the_days_beside_it():
    assert trading_day_on_or_before(NEW_YORK, day("2024-03-29")) == day("2024-03-28")
    assert trading_day_on_or_after(NEW_YORK, day("2024-03-29")) == day("2024-04-01")


def test_a_saturday_gives_way_to_the_next_monday():
    assert trading_day_on_or_after(NEW_YORK, day("2024-03-16")) == day("2024-03-18")


def test_without_a_calendar_every_day_is_a_whole_trading_day():
    for text in ("2024-03-29", "2024-03-30", "2024-03-31", "2024-12-24", "2024-12-25"):
        assert EVERY_DAY.is_trading_day(day(text))
        assert not EVERY_DAY.is_half_day(day(text))
        assert trading_day_on_or_after(EVERY_DAY, day(text)) == day(text)


@given(DATES)
def test_a_trading_day_is_on_a_weekday_and_a_half_day_is_a_trading_day(date):
    if NEW_YORK.is_trading_day(date):
        assert date.weekday() < 5
    if NEW_YORK.is_half_day(date):
        assert NEW_YORK.is_trading_day(date)


@given(DATES)
def test_the_next_trading_day_and_the_last_one_have_none_between_them_and_the_date(date):
    after, before = trading_day_on_or_after(NEW_YORK, date), trading_day_on_or_before(NEW_YORK, date)
    assert NEW_YORK.is_trading_day(after)
    assert NEW_YORK.is_trading_day(before)
    assert before <= date <= after
    between = (before + dt.timedelta(days=n) for n in range(1, (after - before).days))
    assert not any(NEW_YORK.is_trading_day(other) for other in between)
