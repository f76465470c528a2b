"""Token buckets per team and per address, on a monotonic clock that is passed in."""

import math
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Literal

from openoutcry.domain.types import TeamId
from openoutcry.scenarios.model import Rate, RateLimits

MAX_ADDRESSES: Final = 10_000
"""Addresses whose buckets are remembered. Beyond it the one that asked least recently is forgotten: should it come
back, its bucket is full."""

Monotonic = Callable[[], float]
"""Seconds from an arbitrary start; never goes back."""

Charge = Literal["orders", "cancels", "reads"]
"""The kinds of a team's buckets."""


class Bucket:
    """Holds at most `burst` tokens, refilled `per_second`. It may be in debt; nothing is taken until that is paid."""

    __slots__ = ("_monotonic", "_refilled_at", "_tokens", "burst", "per_second")

    def __init__(self, rate: Rate, monotonic: Monotonic) -> None:
        self.per_second = rate.per_second
        self.burst = rate.burst
        self._monotonic = monotonic
        self._tokens = float(rate.burst)
        self._refilled_at = monotonic()

    def take(self, tokens: float = 1) -> bool:
        """Take `tokens`. False if there are too few; then none are taken."""
        self._refill()
        if self._tokens < tokens:
            return False
        self._tokens -= tokens
        return True

    def charge(self, tokens: float) -> None:
        """Take `tokens`, going into debt if there are too few; a negative number gives tokens back."""
        self._refill()
        self._tokens = min(self._tokens - tokens, self.burst)

    def seconds_until(self, tokens: float) -> float:
        """Seconds until `tokens` are there, if none are taken meanwhile."""
        self._refill()
        return max(0.0, (tokens - self._tokens) / self.per_second)

    def standing(self) -> tuple[int, int, int]:
        """When the bucket was last asked for tokens: its burst, whole tokens there, and seconds until it is full.

        Tokens are 0 in debt; seconds are whole, rounded up.
        """
        tokens = self._tokens
        return (
            self.burst,
            int(tokens) if tokens > 0 else 0,
            math.ceil((self.burst - tokens) / self.per_second),
        )

    @property
    def seconds_since_asked(self) -> float:
        """Seconds since it was last asked for tokens, or made."""
        return self._monotonic() - self._refilled_at

    @property
    def window_seconds(self) -> float:
        """Seconds in which `burst` tokens come back: `burst` per window is the sustained rate."""
        return self.burst / self.per_second

    def _refill(self) -> None:
        now = self._monotonic()
        if self._tokens < self.burst:
            self._tokens = min(self.burst, self._tokens + (now - self._refilled_at) * self.per_second)
        self._refilled_at = now


class Buckets:
    """Every bucket of the gateway. Teams are bounded by `MAX_TEAMS`, addresses by `max_addresses`."""

    def __init__(self, limits: RateLimits, monotonic: Monotonic, max_addresses: int = MAX_ADDRESSES) -> None:
        self._max_addresses = max_addresses
        self._limits = limits
        self._monotonic = monotonic
        self._of_teams: dict[TeamId, dict[Charge, Bucket]] = {}
        self._of_addresses: OrderedDict[str, Bucket] = OrderedDict()
        self._of_guesses: OrderedDict[str, Bucket] = OrderedDict()

    def of_team(self, team_id: TeamId, charge: Charge, role_of: Callable[[TeamId], str]) -> Bucket:
        """`role_of` is asked at the team's first request; a team keeps its role."""
        buckets = self._of_teams.get(team_id)
        if buckets is None:
            limits, role = self._limits, role_of(team_id)
            buckets = self._of_teams[team_id] = {
                "orders": Bucket(limits.orders[role], self._monotonic),
                "cancels": Bucket(limits.cancels[role], self._monotonic),
                "reads": Bucket(limits.reads, self._monotonic),
            }
        return buckets[charge]

    def seconds_since_asked(self, team_id: TeamId) -> float | None:
        """Seconds since the team last asked for anything; None if it never did."""
        buckets = self._of_teams.get(team_id)
        return None if buckets is None else min(bucket.seconds_since_asked for bucket in buckets.values())

    def of_address(self, address: str) -> Bucket:
        """The bucket for requests without a key from this address."""
        return self._of(address, self._of_addresses)

    def of_guesses(self, address: str) -> Bucket:
        """The bucket for wrong organiser's keys from this address. It is separate, so that other clients of the
        address, who drain its usual bucket, do not shut the organiser out.
        """
        return self._of(address, self._of_guesses)

    def _of(self, address: str, buckets: OrderedDict[str, Bucket]) -> Bucket:
        bucket = buckets.get(address)
        if bucket is None:
            while len(buckets) >= self._max_addresses:
                buckets.popitem(last=False)
            bucket = buckets[address] = Bucket(self._limits.anonymous, self._monotonic)
        else:
            buckets.move_to_end(address)
        return bucket
