"""Limits of the connections to `/ws`. Tests give a gateway other values."""

from typing import Final

from msgspec import Struct

from openoutcry.protocol.stream import MAX_SUBSCRIPTIONS


class EndpointLimits(Struct, frozen=True, kw_only=True):
    """The limits of one gateway's WebSocket endpoint. `runtime/streams/limits` bounds what may wait for a reader."""

    max_anonymous: int = 2_048
    """Connections without a key, from all addresses together; the next one is refused. This is half of the streams that
    the exchange serves. The other half is reserved for connections with a key.
    """
    max_anonymous_per_address: int = 64
    """Connections of one address on which no team has logged in; the next one is refused. So one address cannot take
    all of them.
    """
    max_subscriptions: int = MAX_SUBSCRIPTIONS
    """Channels of one connection, as documented. A message that asks for more is refused entirely."""
    max_refused_in_a_row: int = 200
    """Messages beyond the allowance that are refused one after the other before the connection is closed."""
    close_patience_seconds: float = 5.0
    """How long a connection that must end may take to read the reason. After this time it is cut off."""


DEFAULT_LIMITS: Final = EndpointLimits()
