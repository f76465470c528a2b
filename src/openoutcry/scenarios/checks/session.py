"""Checks of the session's date, and of what happens in its hours."""

import datetime as dt
from collections.abc import Iterable

from openoutcry.scenarios.calendar import calendar_of, trading_day_on_or_after, trading_day_on_or_before
from openoutcry.scenarios.reading import Problem
from openoutcry.scenarios.schema.instruments import SettlementTable
from openoutcry.scenarios.schema.session import (
    CALENDARS,
    BreakerTable,
    CallsTable,
    MatchingTable,
    ScheduleTable,
    SessionTable,
)
from openoutcry.scenarios.timetable import Hours, timetable


def no_phase_beside_a_schedule(session: SessionTable, schedule: ScheduleTable | None) -> Iterable[Problem]:
    if schedule is not None and session.opening_phase is not None:
        yield Problem(
            "session.opening_phase",
            "does nothing beside [schedule], by which a session goes through its phases; leave one of the two out",
        )


def on_a_trading_day(session: SessionTable) -> Iterable[Problem]:
    if session.date is None:
        return
    calendar = calendar_of(CALENDARS[session.calendar])
    if not calendar.is_trading_day(session.date):
        before = trading_day_on_or_before(calendar, session.date)
        after = trading_day_on_or_after(calendar, session.date)
        yield Problem(
            "session.date",
            f"{session.date} ({session.date:%A}) is no trading day of the calendar {session.calendar!r}; the nearest"
            f" are {before} and {after}; or write calendar = 'none'",
        )


def hours_in_order(schedule: ScheduleTable | None) -> Iterable[Problem]:
    if schedule is None:
        return
    if schedule.opening < schedule.call:
        yield Problem("schedule.opening", f"{schedule.opening} is before the start of the call, {schedule.call}")
    if schedule.close <= schedule.opening:
        yield Problem("schedule.close", f"{schedule.close} is not after the opening, {schedule.opening}")
    elif schedule.half_day_close <= schedule.opening:
        yield Problem(
            "schedule.half_day_close", f"{schedule.half_day_close} is not after the opening, {schedule.opening}"
        )


def hours_across_a_change_of_clocks(session: SessionTable, schedule: ScheduleTable | None) -> Iterable[Problem]:
    """Hours that are in order on a clock are not always in order in time: on one night of the year clocks go back."""
    if session.date is None or schedule is None or not schedule.call <= schedule.opening < schedule.close:
        return
    hours = Hours(call=schedule.call, opening=schedule.opening, close=schedule.close, half_day_close=schedule.close)
    day = timetable(session.date, hours, session.time_zone, calendar_of("none"))
    if not day.call_at <= day.opening_at < day.close_at:
        yield Problem(
            "session.date",
            f"clocks in {session.time_zone} change within the hours of the session on {session.date}, so that they are"
            " not in order; choose another date, or hours that lie apart",
        )


def random_ends_within_calls(schedule: ScheduleTable | None, calls: CallsTable | None) -> Iterable[Problem]:
    calls = calls or CallsTable()
    if (
        schedule is not None
        and calls.opening_random_seconds > (longest := _seconds(schedule.call, schedule.opening)) > 0
    ):
        yield Problem(
            "calls.opening_random_seconds",
            f"{calls.opening_random_seconds} is longer than the opening call; {longest} or less would do",
        )
    if calls.reopening_random_seconds > calls.reopening_seconds:
        yield Problem(
            "calls.reopening_random_seconds",
            f"{calls.reopening_random_seconds} is longer than the reopening call;"
            f" {calls.reopening_seconds} or less would do",
        )


def breaker_within_the_day(schedule: ScheduleTable | None, breaker: BreakerTable | None) -> Iterable[Problem]:
    if schedule is None or breaker is None:
        return
    length = _seconds(schedule.opening, schedule.close)
    if length > 0 and breaker.quiet_seconds >= length:
        yield Problem(
            "breaker.quiet_seconds",
            f"{breaker.quiet_seconds} is as long as the session's trading or longer: the breaker would never halt;"
            f" less than {length} would do",
        )


def settlement_within_the_day(schedule: ScheduleTable | None, settlement: SettlementTable | None) -> Iterable[Problem]:
    if schedule is None or settlement is None:
        return
    length = _seconds(schedule.opening, min(schedule.close, schedule.half_day_close))
    window = settlement.fixings * settlement.interval_seconds
    most = length // settlement.interval_seconds
    if window > length > 0:
        yield Problem(
            "settlement.fixings",
            f"{settlement.fixings} fixings, {settlement.interval_seconds} seconds apart, take {window} seconds, longer"
            f" than the trading of a session ({length} seconds); {most} or fewer would do",
        )


def batches_within_the_day(schedule: ScheduleTable | None, matching: MatchingTable) -> Iterable[Problem]:
    if schedule is None or matching.mode == "continuous":
        return
    length = _seconds(schedule.opening, min(schedule.close, schedule.half_day_close))
    if matching.batch_interval_seconds > length > 0:
        yield Problem(
            "matching.batch_interval_seconds",
            f"{matching.batch_interval_seconds} is longer than the trading of a session; {length} or less would do",
        )


def _seconds(start: dt.time, end: dt.time) -> int:
    """From `start` to `end` of one day, below 0 if the end is earlier."""
    day = dt.date.min
    return int((dt.datetime.combine(day, end) - dt.datetime.combine(day, start)).total_seconds())
