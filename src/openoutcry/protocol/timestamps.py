"""Instants as they are written on the wire: ISO 8601, UTC, `Z`, always microseconds."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from openoutcry.domain.types import TimestampUs

_US_PER_SECOND: Final = 1_000_000
_SECONDS_REMEMBERED: Final = 256
"""Texts of recent seconds kept ready: live traffic needs one, a page of old orders a few more."""

_TIMES_REMEMBERED: Final = 64
"""Texts of recent instants kept ready: a command's answer and all its events have the same one."""


@lru_cache(maxsize=_TIMES_REMEMBERED)
def format_timestamp(time: TimestampUs) -> str:
    """`time` as `2024-01-15T10:00:00.001000Z`."""
    seconds, microseconds = divmod(time, _US_PER_SECOND)
    return f"{_format_second(seconds)}.{microseconds:06}Z"


def timestamp_bytes(time: TimestampUs) -> bytes:
    """As `format_timestamp`, for an instant that is written once."""
    seconds, microseconds = divmod(time, _US_PER_SECOND)
    return b"%s.%06dZ" % (_second_bytes(seconds), microseconds)


@lru_cache(maxsize=_SECONDS_REMEMBERED)
def _second_bytes(seconds: int) -> bytes:
    return _format_second(seconds).encode()


@lru_cache(maxsize=_SECONDS_REMEMBERED)
def _format_second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
