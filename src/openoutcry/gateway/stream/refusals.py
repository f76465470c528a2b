"""Client messages on `/ws` that are not carried out: the exception that carries the reason to the `error` answer."""

from typing import Any

from openoutcry.protocol.stream_errors import StreamErrorCode


class StreamRefused(Exception):  # noqa: N818 - what happened to the message, not a fault
    """Answered with an `error`; `close_code` says that the connection ends with it."""

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
