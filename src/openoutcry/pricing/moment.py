"""What is known at an instant, from which marks are made."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from openoutcry.domain.types import MarketTime


class Moment(Struct, frozen=True, kw_only=True):
    now: MarketTime
    prices: Mapping[str, int]
    """Of underlyings, in money units."""
    fixings: Mapping[str, Sequence[int]] = {}
    """Of today's settlement value: prices of indices, in money units, in order. Those still to come are not looked at;
    one that is over and not here counts at the price of now.
    """
    beliefs: Sequence[int] = ()
    """What prices and news let anybody believe of each regime, in 1e-12. Only the regimes' surface needs it."""
    quiet_seconds: int = 0
    """For so long, everybody knows, no news will come."""
    level: int = 0
    """The noise on the root of the theoretical variance, in 1e-12."""
