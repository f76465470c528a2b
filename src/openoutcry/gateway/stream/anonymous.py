"""Connections to `/ws` without a key: limits for one address, and for all together."""

import math

from openoutcry.access.rate_limits import Buckets
from openoutcry.gateway.stream.limits import DEFAULT_LIMITS, EndpointLimits
from openoutcry.gateway.stream.refusals import StreamRefused
from openoutcry.protocol.stream import CloseCode
from openoutcry.protocol.stream_errors import StreamErrorCode


class AnonymousStreams:
    """Counts them by address. The address's own bucket, which pays for its unauthenticated requests, pays for each."""

    def __init__(self, buckets: Buckets, limits: EndpointLimits = DEFAULT_LIMITS) -> None:
        self._buckets = buckets
        self._limits = limits
        # Bounded by the number of connections: it holds no address without one.
        self._of_addresses: dict[str, int] = {}
        self._present = 0

    def enter(self, address: str) -> None:
        """Count one in. Raises `StreamRefused`."""
        bucket = self._buckets.of_address(address)
        if not bucket.take():
            seconds = math.ceil(bucket.seconds_until(1) * 1000) / 1000
            raise StreamRefused(
                StreamErrorCode.RATE_LIMIT_EXCEEDED,
                f"Without a key, one address has {bucket.burst} requests and connections in"
                f" {bucket.window_seconds:g} seconds; wait {seconds:.3f} seconds, or send the team's key",
                {"limit": bucket.burst, "window_seconds": bucket.window_seconds, "retry_after_seconds": seconds},
                close_code=CloseCode.TRY_AGAIN_LATER,
            )
        present = self._of_addresses.get(address, 0)
        limits = self._limits
        if present >= limits.max_anonymous_per_address:
            raise StreamRefused(
                StreamErrorCode.CONNECTION_LIMIT,
                f"Without a key, one address has at most {limits.max_anonymous_per_address} connections;"
                " close one, or send the team's key",
                {"limit": limits.max_anonymous_per_address},
                close_code=CloseCode.TOO_MANY_CONNECTIONS,
            )
        if self._present >= limits.max_anonymous:
            raise StreamRefused(
                StreamErrorCode.CONNECTION_LIMIT,
                f"Without a key, the exchange serves at most {limits.max_anonymous} connections at once, and has that"
                " many; come back later, or send the team's key in the header X-API-Key",
                {"limit": limits.max_anonymous},
                close_code=CloseCode.TOO_MANY_CONNECTIONS,
            )
        self._present += 1
        self._of_addresses[address] = present + 1

    def leave(self, address: str) -> None:
        """A connection has ended, or a team has logged in on it."""
        self._present -= 1
        remaining = self._of_addresses[address] - 1
        if remaining:
            self._of_addresses[address] = remaining
        else:
            del self._of_addresses[address]
