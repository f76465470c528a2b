"""The answer of the exchange to one request, as the bot sees it."""

from collections.abc import Iterable
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct

from openoutcry.client.errors import RefusedError, UnexpectedAnswerError
from openoutcry.client.http.terms import Terms
from openoutcry.client.http.transport import Answer

T = TypeVar("T")

_EXCERPT_BYTES: Final = 200


class ApiError(Struct, kw_only=True):
    """Why a request was refused. `code` is one of `ErrorCode`, or a code that is newer than this client."""

    code: str
    message: str
    details: dict[str, Any] | None = None


class _Body(Struct, kw_only=True):
    success: bool
    request_id: str
    order_id: str | None = None
    data: dict[str, Any] | None = None
    error: ApiError | None = None
    timestamp: str


_decode: Final = msgspec.json.Decoder(_Body).decode


class Response(Struct, kw_only=True):
    """The answer to one request. Check `success` first. `error` is set if it is False.

    `timestamp` is the exchange's time as a string, as in every event and in `data`. Such strings sort by time, and
    `datetime.fromisoformat` reads them. `status` and `headers` (names in lower case) are those of HTTP. `attempts`
    counts how often the request was sent. An order whose first answer was lost has `attempts` > 1 and `data`
    `{"duplicate": True}`: it was accepted once. `client_order_id` is the id that was sent, from the bot or the client.
    """

    success: bool
    request_id: str
    order_id: str | None
    data: dict[str, Any] | None
    error: ApiError | None
    timestamp: str
    status: int
    headers: dict[str, str]
    attempts: int = 1
    client_order_id: str | None = None

    def __repr__(self) -> str:
        if self.error is not None:
            return f"<Response refused: {self.error.code}: {self.error.message}>"
        order = "" if self.order_id is None else f" {self.order_id}"
        data = "" if not self.data else f" with data on {', '.join(self.data)}"
        return f"<Response success{order}{data}>"

    @property
    def retry_after(self) -> float | None:
        """Seconds until the exchange accepts a request that a rate limit has refused. None for every other answer."""
        if self.status != 429:
            return None
        details = (self.error and self.error.details) or {}
        try:
            return float(details.get("retry_after_seconds") or self.headers.get("retry-after") or 1.0)
        except ValueError:
            return 1.0

    @property
    def sequence(self) -> int | None:
        """The place of the command in the exchange's sequence. None if nothing was sequenced."""
        text = self.headers.get("x-sequence", "")
        return int(text) if text.isdecimal() else None

    def data_as(self, data_type: type[T]) -> T:
        """`data` as one of the types that `openoutcry.client` exports for it, such as `PositionsData`.

        Raises `RefusedError` if the request was refused, `msgspec.ValidationError` if `data` is of another type.
        """
        if self.error is not None:
            raise RefusedError(self.error.message, self.error.code)
        return msgspec.convert(self.data, data_type)


def read_response(answer: Answer, attempts: int = 1) -> Response:
    """The response in an HTTP answer.

    Raises `UnexpectedAnswerError` if the body does not have the form of the exchange's answers.
    """
    try:
        body = _decode(answer.body)
    except msgspec.MsgspecError as error:
        excerpt = answer.body[:_EXCERPT_BYTES].decode("utf-8", "replace")
        raise UnexpectedAnswerError(
            f"HTTP {answer.status} with a body that is not an answer of an exchange ({error}): {excerpt!r}."
            " Is base_url that of an exchange?",
            answer.status,
        ) from None
    return Response(
        success=body.success,
        request_id=body.request_id,
        order_id=body.order_id,
        data=body.data,
        error=body.error,
        timestamp=body.timestamp,
        status=answer.status,
        headers=answer.headers,
        attempts=attempts,
    )


def verdicts(orders: tuple[Terms, ...], response: Response) -> Iterable[tuple[Terms, str | None]]:
    """Each order of a submission with the `order_id` in the answer, or None if it was refused."""
    if len(orders) == 1 and "results" not in (response.data or {}):
        return [(orders[0], response.order_id if response.success else None)]
    if not response.success:
        return [(terms, None) for terms in orders]
    results = (response.data or {}).get("results", [])
    return [(terms, result.get("order_id")) for terms, result in zip(orders, results, strict=False)]
