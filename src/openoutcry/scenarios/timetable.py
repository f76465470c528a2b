"""The instants of one session: a date's hours on the clocks of the exchange's time zone, as market time.

The machine's own time zone plays no part. Each instant takes the offset that the zone has at that instant.
"""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from msgspec import Struct

from openoutcry.domain.day.opening_hours import OpeningHours
from openoutcry.domain.types import MarketTime
from openoutcry.scenarios.calendar import Calendar


class Hours(Struct, frozen=True, kw_only=True):
    """Times of day at the exchange."""

    call: dt.time = dt.time(9, 0)
    """The opening call begins: the first instant of a session."""
    opening: dt.time = dt.time(9, 30)
    """The latest end of the opening call."""
    close: dt.time = dt.time(15, 0)
    half_day_close: dt.time = dt.time(13, 0)
    """The close on a half-day of the calendar, if it is earlier than the usual one."""


class Timetable(Struct, frozen=True, kw_only=True):
    """The instants of the session on `date`."""

    date: dt.date
    utc_offset: int
    """Seconds that the exchange's clocks are ahead of UTC when the session begins: -14,400 in New York in summer."""
    call_at: MarketTime
    opening_at: MarketTime
    """The latest end of the opening call."""
    close_at: MarketTime
    is_half_day: bool


def opening_hours(hours: Hours) -> OpeningHours:
    """From the latest end of the opening call to the usual close."""
    opening, close = (at.hour * 3_600 + at.minute * 60 + at.second for at in (hours.opening, hours.close))
    return OpeningHours(opening, close)


def full_session(hours: Hours) -> int:
    """Seconds from the latest end of the opening call to the usual close, on the clocks."""
    open_for = opening_hours(hours)
    return open_for.close - open_for.opening


def timetable(date: dt.date, hours: Hours, time_zone: str, calendar: Calendar) -> Timetable:
    """The session of `date`, which may be any date: whether the exchange trades then is the calendar's to say."""
    zone = ZoneInfo(time_zone)
    begins = dt.datetime.combine(date, hours.call, zone)
    return Timetable(
        date=date,
        utc_offset=_offset_of(begins),
        call_at=_instant(begins),
        opening_at=_instant(dt.datetime.combine(date, hours.opening, zone)),
        close_at=close_of(date, hours, time_zone, calendar),
        is_half_day=calendar.is_half_day(date),
    )


def timetables(date: dt.date, last: str, hours: Hours, time_zone: str, calendar: Calendar) -> Iterator[Timetable]:
    """The session of `date`, whatever the calendar says of it, and those after it up to the date `last`, `YYYYMMDD`."""
    first = date
    while f"{date:%Y%m%d}" <= last:
        if date == first or calendar.is_trading_day(date):
            yield timetable(date, hours, time_zone, calendar)
        date += dt.timedelta(days=1)


def close_of(date: dt.date, hours: Hours, time_zone: str, calendar: Calendar) -> MarketTime:
    """The instant at which the session of `date` closes: when options with this expiry expire."""
    close = min(hours.close, hours.half_day_close) if calendar.is_half_day(date) else hours.close
    return _instant(dt.datetime.combine(date, close, ZoneInfo(time_zone)))


def _instant(local: dt.datetime) -> MarketTime:
    return MarketTime(int(local.timestamp()))


def _offset_of(local: dt.datetime) -> int:
    offset = local.utcoffset()
    assert offset is not None  # noqa: S101 - the datetime is aware
    return int(offset.total_seconds())
