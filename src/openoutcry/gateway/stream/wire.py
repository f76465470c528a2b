"""The server's end of a WebSocket for the stream's writer: it tells whether there is room, and takes many messages at
once.

ASGI's `send` takes one message at a time, each with a wait, a frame and a write of its own. So the server of the stream
puts a `Wire` into the scope, under `WIRE` among the extensions. Handshake, close and client messages still use ASGI.
"""

from collections.abc import Sequence
from typing import Final, Protocol

from openoutcry.gateway.http.asgi import Scope

WIRE: Final = "openoutcry.wire"


class Wire(Protocol):
    @property
    def is_full(self) -> bool:
        """Whether the client has not yet read what was written; until then nothing more should be written."""

    async def room(self) -> None:
        """Return when the wire is not full, or the connection is lost."""

    def write(self, messages: Sequence[bytes]) -> None:
        """Send text messages, all in one write. They are dropped if the connection is ending or lost."""

    def abort(self) -> None:
        """End the connection at once, even if the client has not read everything."""


def wire_of(scope: Scope) -> Wire:
    wire: Wire = scope["extensions"][WIRE]
    return wire
