"""Requests that end before the venue hears of them: the exception that carries the refusal to the edge."""

from typing import Any

from openoutcry.domain.reasons import ErrorCode, Reject
from openoutcry.gateway.http.answer import Header


class Refused(Exception):  # noqa: N818 - what happened to the request, not a fault
    """The request is answered with `reject`; nothing was changed."""

    def __init__(
        self,
        code: ErrorCode,
        message: str,
        details: dict[str, Any] | None = None,
        headers: tuple[Header, ...] = (),
    ) -> None:
        super().__init__(message)
        self.reject = Reject(code, message, details)
        self.headers = headers


def malformed(field: str | None, message: str, **details: object) -> Refused:
    """A 400 that names the field, where one is to blame."""
    named = {} if field is None else {"field": field}
    return Refused(ErrorCode.MALFORMED_REQUEST, message, (named | details) or None)


def not_found(code: ErrorCode, message: str, **details: object) -> Refused:
    return Refused(code, message, details or None)
