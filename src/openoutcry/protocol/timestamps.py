"""Instants as they are written on the wire: ISO 8601; wall time in UTC with `Z`, always with microseconds."""

from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

from openoutcry.domain.types import MarketTime, TimestampUs

_US_PER_SECOND: Final = 1_000_000

_SECONDS_REMEMBERED: Final = 256
"""Cached texts of recent seconds: live traffic needs one, a page of old orders a few more."""

_TIMES_REMEMBERED: Final = 64
"""Cached texts of recent instants: a command's answer and all its events have the same one."""

_THREE_DIGITS: Final = [f"{number:03}" for number in range(1_000)]
"""The texts of 000 to 999: formatting a number with leading zeros takes Python several times as long."""


def write_timestamp(time: TimestampUs) -> str:
    """`time` as `2024-01-15T10:00:00.001000Z`."""
    seconds = time // _US_PER_SECOND
    microseconds = time - seconds * _US_PER_SECOND
    milliseconds = microseconds // 1_000
    return (
        f"{_format_second(seconds)}.{_THREE_DIGITS[milliseconds]}{_THREE_DIGITS[microseconds - milliseconds * 1_000]}Z"
    )


format_timestamp: Final = lru_cache(maxsize=_TIMES_REMEMBERED)(write_timestamp)
"""The same, for an instant that is written more than once."""


@lru_cache(maxsize=_TIMES_REMEMBERED)
def format_market_time(market_time: MarketTime, utc_offset: int) -> str:
    """Market time as `2024-01-15T09:30:00-05:00`; `utc_offset` in seconds, of the session's time zone on its date."""
    zone = timezone(timedelta(seconds=utc_offset))
    return datetime.fromtimestamp(market_time, zone).isoformat()


def format_moment(moment: TimestampUs, utc_offset: int | None) -> str:
    """A moment of market time as `format_market_time` writes it; with `utc_offset` None it is one of the wall."""
    if utc_offset is None:
        return write_timestamp(moment)
    return format_market_time(MarketTime(moment // _US_PER_SECOND), utc_offset)


def parse_market_time(text: str) -> MarketTime | None:
    """The instant that `format_market_time` wrote, whatever the offset; None for any other text."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if instant.tzinfo is None else MarketTime(int(instant.timestamp()))


@lru_cache(maxsize=_SECONDS_REMEMBERED)
def _format_second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
