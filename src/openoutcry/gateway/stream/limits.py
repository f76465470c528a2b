"""What connections to `/ws` may have and ask for. Tests give a gateway other values."""

from typing import Final

from msgspec import Struct

from openoutcry.protocol.stream import MAX_SUBSCRIPTIONS


class EndpointLimits(Struct, frozen=True, kw_only=True):
    """The limits of one gateway's WebSocket endpoint. How much may wait for a reader is in `runtime/streams/limits`."""

    max_anonymous: int = 2_048
    """Connections without a key, of all addresses: half of the streams that the exchange serves; the other half is for
    those with a key. The next one is turned away.
    """
    max_anonymous_per_address: int = 64
    """Connections of one address that no team has logged in on, so that no address can take all that there are. The
    next one is turned away.
    """
    max_subscriptions: int = MAX_SUBSCRIPTIONS
    """Channels of one connection, as documented. A message that asks for more is refused as a whole."""
    max_refused_in_a_row: int = 200
    """Messages beyond the allowance that are refused one after the other; then the connection is closed."""
    close_patience_seconds: float = 5.0
    """How long a connection that must end may take to hear why; a reader that takes nothing for so long is cut off."""


DEFAULT_LIMITS: Final = EndpointLimits()
