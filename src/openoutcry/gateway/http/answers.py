"""Answers to REST requests, all in one shape. Every answer that bots see is made here."""

import math
from typing import Any, TypeVar

from openoutcry.domain.reasons import Reject
from openoutcry.domain.types import Sequence, TimestampUs
from openoutcry.gateway.http.answer import Answer, Header, header_lines
from openoutcry.gateway.http.receipts import Receipt
from openoutcry.operations.result import Result
from openoutcry.protocol.errors import HTTP_STATUS
from openoutcry.protocol.responses import ApiResponse
from openoutcry.protocol.timestamps import format_timestamp, write_timestamp
from openoutcry.protocol.translation.errors import error_info

T = TypeVar("T")


def answer_result(receipt: Receipt, result: Result[T], headers: tuple[Header, ...] = ()) -> Answer[T]:
    """The answer for an operation's result; with further `headers`."""
    reject, sequence = result.reject, result.sequence
    response: ApiResponse[T] = ApiResponse(
        success=reject is None,
        request_id=receipt.request_id,
        order_id=result.order_id,
        data=result.data,
        timestamp=format_timestamp(result.time),
    )
    lines = _header_lines(receipt, sequence)
    if headers:
        lines = header_lines(headers) + lines
    if reject is None:
        return Answer(200, response, lines, sequence)
    response.error = error_info(reject)
    return Answer(HTTP_STATUS[reject.code], response, lines, sequence)


def refuse(receipt: Receipt, time: TimestampUs, reject: Reject, headers: tuple[Header, ...] = ()) -> Answer[Any]:
    """The answer for a request that HTTP itself refuses: no operation was called."""
    return answer_result(receipt, Result(time, reject=reject), headers)


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
