"""The exception for a client message on `/ws` that is refused, with the reason for the `error` answer."""

from typing import Any

from openoutcry.protocol.stream_errors import StreamErrorCode


class StreamRefused(Exception):  # noqa: N818 - what happened to the message, not a fault
    """Refused, and answered with an `error`. With a `close_code` the connection ends too."""

    def __init__(
        self,
        code: StreamErrorCode,
        message: str,
        details: dict[str, Any] | None = None,
        *,
        close_code: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details
        self.close_code = close_code
