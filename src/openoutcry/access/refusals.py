"""The exception for a request that is refused before it reaches the venue, with the refusal for the caller."""

from typing import Any

from openoutcry.domain.reasons import ErrorCode, Reject


class Refused(Exception):  # noqa: N818 - what happened to the request, not a fault
    """The request is answered with `reject`; nothing was changed."""

    def __init__(
        self,
        code: ErrorCode,
        message: str,
        details: dict[str, Any] | None = None,
        *,
        retry_after_seconds: float | None = None,
        allowed: tuple[str, ...] = (),
    ) -> None:
        """`retry_after_seconds`: after which the same request may pass. `allowed`: the methods that the path takes."""
        super().__init__(message)
        self.reject = Reject(code, message, details)
        self.retry_after_seconds = retry_after_seconds
        self.allowed = allowed


def malformed(field: str | None, message: str, **details: object) -> Refused:
    """The refusal of a request that cannot be read; it names the field, if one is wrong."""
    named = {} if field is None else {"field": field}
    return Refused(ErrorCode.MALFORMED_REQUEST, message, (named | details) or None)


def not_found(code: ErrorCode, message: str, **details: object) -> Refused:
    return Refused(code, message, details or None)
