"""The server's end of a WebSocket as the stream's writer needs it: whether there is room, and many messages at once.

ASGI's `send` knows one message at a time, each with a wait, a frame and a write of its own. So whoever serves the
stream puts a `Wire` into the scope, under `WIRE` among the extensions; ASGI keeps the handshake, the close and what
clients send.
"""

from collections.abc import Sequence
from typing import Final, Protocol

from openoutcry.gateway.http.asgi import Scope

WIRE: Final = "openoutcry.wire"


class Wire(Protocol):
    @property
    def is_full(self) -> bool:
        """Whether the client has not taken what was written before: nothing should be written until it has."""

    async def room(self) -> None:
        """Return when it is not full, or the connection is lost."""

    def write(self, messages: Sequence[bytes]) -> None:
        """Send text messages, all in one write. They go nowhere when the connection is ending or lost."""

    def abort(self) -> None:
        """End the connection at once, whatever the client has not taken yet."""


def wire_of(scope: Scope) -> Wire:
    wire: Wire = scope["extensions"][WIRE]
    return wire
