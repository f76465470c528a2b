"""Answers to REST requests: one shape, whatever happened. Every answer that bots see is made here."""

import math
from typing import Any, Final, Generic, TypeVar

import msgspec
from msgspec import Struct

from openoutcry.domain.reasons import Reject
from openoutcry.domain.types import Sequence, TimestampUs
from openoutcry.gateway.receipts import Receipt
from openoutcry.protocol.errors import HTTP_STATUS
from openoutcry.protocol.responses import ApiError, ApiResponse
from openoutcry.protocol.timestamps import format_timestamp

T = TypeVar("T")

Header = tuple[bytes, bytes]

JSON: Final = b"application/json"

encode: Final = msgspec.json.Encoder().encode
"""The one encoder of answers; the framework's writes the same bytes."""


class Answer(Struct, Generic[T], frozen=True):
    """What goes back: `headers` beside the content type and length, which belong to the bytes."""

    status: int
    response: ApiResponse[T]
    headers: tuple[Header, ...] = ()


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
        _headers(receipt, sequence),
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
        headers + _headers(receipt, sequence),
    )


def describe(reject: Reject) -> ApiError:
    return ApiError(code=reject.code, message=reject.message, details=reject.details)


def whole_seconds(seconds: float) -> int:
    """Seconds to wait as `Retry-After` writes them: whole, rounded up, at least one."""
    return max(1, math.ceil(seconds))


def _headers(receipt: Receipt, sequence: Sequence | None) -> tuple[Header, ...]:
    """Of a bucket, `Limit` tokens come back per window, `Remaining` are there, after `Reset` seconds all are."""
    bucket = receipt.bucket
    limits: tuple[Header, ...] = ()
    if bucket is not None:
        limits = (
            (b"x-ratelimit-limit", b"%d" % bucket.burst),
            (b"x-ratelimit-remaining", b"%d" % bucket.remaining),
            (b"x-ratelimit-reset", b"%d" % bucket.seconds_until_full),
        )
    if sequence is None:
        return limits
    return (
        *limits,
        (b"x-sequence", b"%d" % sequence),
        (b"x-received-at", format_timestamp(receipt.received_at).encode()),
    )
