"""Answers to REST requests: one shape, whatever happened. Every answer that bots see is made here."""

import math
from collections.abc import Iterable
from typing import Any, Final, Generic, TypeVar

import msgspec
from msgspec import Struct

from openoutcry.domain.reasons import Reject
from openoutcry.domain.types import Sequence, TimestampUs
from openoutcry.gateway.receipts import Receipt
from openoutcry.protocol.errors import HTTP_STATUS
from openoutcry.protocol.responses import ApiError, ApiResponse
from openoutcry.protocol.timestamps import format_timestamp, timestamp_bytes

T = TypeVar("T")

Header = tuple[bytes, bytes]

JSON: Final = b"application/json"

encode: Final = msgspec.json.Encoder().encode
"""The one encoder of answers; the framework's writes the same bytes."""


class Answer(Struct, Generic[T], frozen=True):
    """What goes back: `header_lines` beside those of the content type and length, which belong to the bytes."""

    status: int
    response: ApiResponse[T]
    header_lines: bytes = b""
    """As they go on the wire: orders are answered without anybody looking at them."""

    @property
    def headers(self) -> tuple[Header, ...]:
        lines = (line.partition(b": ") for line in self.header_lines.split(b"\r\n")[:-1])
        return tuple((name, value) for name, _, value in lines)


def succeed(
    receipt: Receipt,
    time: TimestampUs,
    data: T | None = None,
    *,
    order_id: str | None = None,
    sequence: Sequence | None = None,
) -> Answer[T]:
    """What was asked for is done, or is in `data`; `time` is the command's, or when the state was read."""
    return Answer(
        200,
        ApiResponse(
            success=True,
            request_id=receipt.request_id,
            order_id=order_id,
            data=data,
            timestamp=format_timestamp(time),
        ),
        _header_lines(receipt, sequence),
    )


def refuse(
    receipt: Receipt,
    time: TimestampUs,
    reject: Reject,
    *,
    headers: tuple[Header, ...] = (),
    sequence: Sequence | None = None,
) -> Answer[Any]:
    """What was asked for is not done, and why."""
    return Answer(
        HTTP_STATUS[reject.code],
        ApiResponse(
            success=False,
            request_id=receipt.request_id,
            error=describe(reject),
            timestamp=format_timestamp(time),
        ),
        header_lines(headers) + _header_lines(receipt, sequence),
    )


def describe(reject: Reject) -> ApiError:
    return ApiError(code=reject.code, message=reject.message, details=reject.details)


def whole_seconds(seconds: float) -> int:
    """Seconds to wait as `Retry-After` writes them: whole, rounded up, at least one."""
    return max(1, math.ceil(seconds))


def header_lines(headers: Iterable[Header]) -> bytes:
    return b"".join([b"%s: %s\r\n" % header for header in headers])


def _header_lines(receipt: Receipt, sequence: Sequence | None) -> bytes:
    lines, bucket = b"", receipt.bucket
    if bucket is not None:
        lines = b"x-ratelimit-limit: %d\r\nx-ratelimit-remaining: %d\r\nx-ratelimit-reset: %d\r\n" % bucket.standing()
    if sequence is None:
        return lines
    return b"%sx-sequence: %d\r\nx-received-at: %s\r\n" % (lines, sequence, timestamp_bytes(receipt.received_at))
