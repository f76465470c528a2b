"""The seam between the event stream and WebSockets: one connection, read message by message, and how it ended."""

from contextlib import AbstractAsyncContextManager
from typing import Final, Protocol

from msgspec import Struct

from openoutcry.protocol.stream import ClientMessage

CONNECT_SECONDS: Final = 10.0


class Ended(Struct, frozen=True):
    """How a connection ended. `code`: the close code, or the HTTP status that refused it; None where it just broke.

    `out_of_step`: it was this side that left, to resume. `fell_behind`: it did so because too much waited for handlers.
    """

    reason: str
    code: int | None = None
    out_of_step: bool = False
    fell_behind: bool = False


class ConnectionEnded(Exception):  # noqa: N818 - every connection ends, most of them not in error
    def __init__(self, ended: Ended) -> None:
        super().__init__(ended.reason)
        self.ended = ended


class Connection(Protocol):
    """One connection of the event stream, as long as it lasts."""

    @property
    def is_behind(self) -> bool:
        """Whether messages have come, or the end, that were not taken yet."""

    async def next_text(self, silence_seconds: float) -> str:
        """The next message. Raises `ConnectionEnded`, also after `silence_seconds` without any."""

    async def say(self, message: ClientMessage) -> bool:
        """Whether the message went out; if not, whoever reads meets the same end."""


class StreamTransport(Protocol):
    """Opens connections to the exchange's stream, one after the other."""

    def open(self, query: str, headers: dict[str, str]) -> AbstractAsyncContextManager[Connection]:
        """A connection, closed at the end of the block. Raises `ConnectionEnded` where none can be made."""

    async def close(self) -> None:
        """After the last connection. Another may be opened all the same."""
