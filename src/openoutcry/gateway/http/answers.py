"""Answers to REST requests: one shape, whatever happened. Every answer that bots see is made here."""

import math
from typing import Any, TypeVar

from openoutcry.domain.reasons import Reject
from openoutcry.domain.types import Sequence, TimestampUs
from openoutcry.gateway.http.answer import Answer, Header, header_lines
from openoutcry.gateway.http.receipts import Receipt
from openoutcry.protocol.errors import HTTP_STATUS
from openoutcry.protocol.responses import ApiError, ApiResponse
from openoutcry.protocol.timestamps import format_timestamp, write_timestamp

T = TypeVar("T")


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
        sequence,
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
        sequence,
    )


def describe(reject: Reject) -> ApiError:
    return ApiError(code=reject.code, message=reject.message, details=reject.details)


def whole_seconds(seconds: float) -> int:
    """Seconds to wait as `Retry-After` writes them: whole, rounded up, at least one."""
    return max(1, math.ceil(seconds))


def _header_lines(receipt: Receipt, sequence: Sequence | None) -> bytes:
    lines, bucket = "", receipt.bucket
    if bucket is not None:
        limit, remaining, reset = bucket.standing()
        lines = f"x-ratelimit-limit: {limit}\r\nx-ratelimit-remaining: {remaining}\r\nx-ratelimit-reset: {reset}\r\n"
    if sequence is not None:
        received_at = write_timestamp(receipt.received_at)
        lines = f"{lines}x-sequence: {sequence}\r\nx-received-at: {received_at}\r\n"
    return lines.encode()
