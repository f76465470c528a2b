"""Delivery of a call: attempts, safe repetition, and the true outcome after a lost answer.

Delivery is a generator of steps without I/O. The synchronous and the asynchronous client carry the steps out.
"""

from collections.abc import Generator
from typing import Final

import msgspec
from msgspec import Struct

from openoutcry.client.errors import (
    AnswerLostError,
    NotConnectedError,
    OutcomeUnknown,
    TransportError,
    UnexpectedAnswerError,
)
from openoutcry.client.http.calls import Call, Repeat, query
from openoutcry.client.http.response import Response, read_response
from openoutcry.client.http.transport import Answer
from openoutcry.client.settings import Entropy
from openoutcry.domain.reasons import ErrorCode


class Send(Struct, frozen=True):
    """Send this call once. The generator is sent the `Answer`, or the `TransportError` is thrown into it."""

    call: Call


class Wait(Struct, frozen=True):
    """Wait before the next step."""

    seconds: float


class HangUp(Struct, frozen=True):
    """Close the idle connections: on one of them, answers do not belong to their requests."""


Step = Send | Wait | HangUp
Delivery = Generator[Step, Answer | None, Response]

NAMED_BY_THE_EXCHANGE: Final = "req_"
"""Prefix of the request ids that the exchange makes."""

MAX_RATE_LIMIT_WAITS: Final = 10
"""How often one call waits for a rate limit, if it waits for rate limits at all."""


class RetryPolicy(Struct, frozen=True, kw_only=True):
    """How hard to try. `pauses_seconds` are the pauses between attempts; the last is repeated for further attempts."""

    attempts: int = 5
    pauses_seconds: tuple[float, ...] = (0.0, 0.1, 0.3, 1.0)
    wait_for_rate_limit: bool = False
    """After a 429, wait as long as it says and send again, instead of returning it."""

    def pause_before(self, attempt: int) -> float:
        return self.pauses_seconds[min(attempt - 2, len(self.pauses_seconds) - 1)]


ANSWERED_BEFORE_THE_ID: Final = frozenset(
    {
        ErrorCode.UNAUTHENTICATED,
        ErrorCode.RATE_LIMIT_EXCEEDED,
        ErrorCode.TEAM_SUSPENDED,
        ErrorCode.SERVICE_UNAVAILABLE,
        ErrorCode.INTERNAL_ERROR,
    }
)
"""Refusals that precede the look at the `client_order_id`. They say nothing about an earlier attempt."""


def deliver(call: Call, policy: RetryPolicy, entropy: Entropy) -> Delivery:
    """The steps that lead to the call's answer. The call is sent again only if that is safe, under the same id.

    Raises `NotConnectedError` if nothing was sent, `OutcomeUnknown`, or the last `TransportError` for a query.
    """
    call = call.with_id(entropy)
    in_doubt = False  # an attempt may have been carried out, or may be later
    last: TransportError | Response | None = None
    waits = attempt = 0
    while attempt < policy.attempts:
        attempt += 1
        if attempt > 1 and (pause := policy.pause_before(attempt)):
            yield Wait(pause)
        try:
            response = yield from _send(call, attempt)
        except NotConnectedError as error:
            last = error
            continue
        except (AnswerLostError, UnexpectedAnswerError) as error:
            if isinstance(error, UnexpectedAnswerError) and error.status < 500:
                raise  # another server, not a proxy that fails
            last, in_doubt = error, True
            if call.repeat is Repeat.MAY_ACT_TWICE:
                break
            continue
        retry_after = response.retry_after
        if retry_after is not None and policy.wait_for_rate_limit and waits < MAX_RATE_LIMIT_WAITS:
            yield Wait(retry_after)
            waits += 1
            attempt -= 1
            continue
        settled = yield from _settle(call, response, in_doubt, entropy)
        if settled is not None:
            return settled
        last, in_doubt = response, True
    if isinstance(last, TransportError):
        if call.repeat is Repeat.CHANGES_NOTHING or not in_doubt:
            raise last
    elif last is not None and _code_of(last) == ErrorCode.PROCESSING_TIMEOUT and not call.orders:
        return last  # its message says that the outcome is unknown
    raise OutcomeUnknown(_unknown(call, attempt, last), call.client_order_ids) from (
        last if isinstance(last, TransportError) else None
    )


def _settle(
    call: Call, response: Response, in_doubt: bool, entropy: Entropy
) -> Generator[Step, Answer | None, Response | None]:
    """The outcome if `response` settles it. None if the call must be sent again."""
    code = _code_of(response)
    if code is None or call.repeat is Repeat.MAY_ACT_TWICE:
        return response
    if code == ErrorCode.PROCESSING_TIMEOUT:
        return None
    if call.repeat is Repeat.ANSWERED_BY_ID:
        failed = response.status >= 500
        if failed or (in_doubt and code in ANSWERED_BEFORE_THE_ID):
            return (yield from _look_up_submission(call, response, entropy))
    elif call.repeat is Repeat.CANCEL_FAILS and in_doubt and code == ErrorCode.CANCEL_FAILED:
        found = yield from _look_up(call, response.attempts, entropy)
        if found is None:
            return None
        if found.success and _status_of(found) == "cancelled":
            return msgspec.structs.replace(response, success=True, order_id=_order_id_of(found), error=None, status=200)
    return response


def _look_up_submission(
    call: Call, refusal: Response, entropy: Entropy
) -> Generator[Step, Answer | None, Response | None]:
    """The outcome of a submission whose latest answer, `refusal`, does not show it."""
    found = yield from _look_up(call, refusal.attempts, entropy)
    if found is None:
        return None
    if found.success:
        return msgspec.structs.replace(found, order_id=_order_id_of(found), data={"duplicate": True})
    return refusal if _code_of(found) == ErrorCode.ORDER_NOT_FOUND else None


def _look_up(call: Call, attempts: int, entropy: Entropy) -> Generator[Step, Answer | None, Response | None]:
    if call.lookup is None:
        return None
    try:
        return (yield from _send(query(call.lookup).with_id(entropy), attempts))
    except TransportError:
        return None


def _send(call: Call, attempt: int) -> Delivery:
    answer = yield Send(call)
    assert answer is not None  # noqa: S101 - the contract of `Send`
    response = read_response(answer, attempt)
    if not _answers(response, call):
        yield HangUp()
        raise AnswerLostError(
            f"the answer to {call.method} {call.path} belongs to another request ({response.request_id!r} in place of"
            f" {call.request_id!r}): something else reads from this client's connection"
        )
    return response


def _answers(response: Response, call: Call) -> bool:
    """Whether the response belongs to this call. A refusal before the request is read has an id of the exchange."""
    was_not_read = not response.success and response.request_id.startswith(NAMED_BY_THE_EXCHANGE)
    return call.request_id is None or response.request_id == call.request_id or was_not_read


def _code_of(response: Response) -> str | None:
    return None if response.error is None else response.error.code


def _order_id_of(found: Response) -> str | None:
    order = (found.data or {}).get("order") or {}
    return order.get("order_id")


def _status_of(found: Response) -> str | None:
    order = (found.data or {}).get("order") or {}
    return order.get("status")


def _unknown(call: Call, attempts: int, last: TransportError | Response | None) -> str:
    what = f"{call.method} {call.path}: no answer showed its outcome; attempts: {attempts}"
    why = last.error.message if isinstance(last, Response) and last.error else str(last)
    if call.orders:
        orders = "order" if len(call.client_order_ids) == 1 else "orders"
        todo = (
            f"The {orders} {', '.join(call.client_order_ids)} may or may not be in the book. When the"
            " exchange answers again, submit the same terms with the same client_order_id (it will not act twice), or"
            " ask get_order(client_order_id=...)"
        )
    elif call.rotates_key:
        todo = (
            "The key may or may not have been replaced. If the exchange now refuses the key of this client, it was"
            " replaced. Then nobody has the new key, and only the organiser can give the team another"
        )
    else:
        todo = "It may or may not have been carried out: ask for the state it changes before sending it again"
    return f"{what} (last: {why}). {todo}."
