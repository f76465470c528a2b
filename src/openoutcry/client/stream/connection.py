"""The seam between the event stream and WebSockets: one connection, its messages, and how it ended."""

from contextlib import AbstractAsyncContextManager
from typing import Final, Protocol

from msgspec import Struct

from openoutcry.protocol.stream import ClientMessage

CONNECT_SECONDS: Final = 10.0


class Ended(Struct, frozen=True):
    """How a connection ended. `code` is the close code, or the HTTP status that refused it. None if the line broke.

    `out_of_step`: the client ended it in order to resume. `fell_behind`: the client ended it because too much waited
    for the handlers.
    """

    reason: str
    code: int | None = None
    out_of_step: bool = False
    fell_behind: bool = False


class ConnectionEnded(Exception):  # noqa: N818 - every connection ends, mostly without an error
    def __init__(self, ended: Ended) -> None:
        super().__init__(ended.reason)
        self.ended = ended


class Connection(Protocol):
    """One open connection of the event stream."""

    @property
    def is_behind(self) -> bool:
        """Whether messages, or the end of the connection, have arrived that `next_text` has not returned yet."""

    async def next_text(self, silence_seconds: float) -> str:
        """The next message. Raises `ConnectionEnded`, also if none arrives within `silence_seconds`."""

    async def say(self, message: ClientMessage) -> bool:
        """Send the message. False if the connection has ended, which `next_text` then raises."""


class StreamTransport(Protocol):
    """Opens connections to the exchange's stream, one at a time."""

    def open(self, query: str, headers: dict[str, str]) -> AbstractAsyncContextManager[Connection]:
        """A connection that is closed at the end of the block. Raises `ConnectionEnded` if none can be made."""

    async def close(self) -> None:
        """Release everything after the last connection. `open` may still be called again."""
