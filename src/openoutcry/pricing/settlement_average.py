"""An option that settles on an average of its underlying, seen from any instant: as one on a forward, with a time of
its own.

The average is of `fixings` prices, `interval` seconds apart, the last one at the close. Its variance per unit of the
underlying's is the mean of min(s, t) over all pairs of fixings still to come, s and t seconds away; a pair with a
past fixing counts 0. Long before the close that is the time to the close less 195 seconds, for 30 fixings 10 seconds
apart. With nearly constant prices the average is nearly log-normal: within 0.3 % of Monte Carlo.
"""

import math
from collections.abc import Sequence

from msgspec import Struct

from openoutcry.pricing.session_time import YEAR_SECONDS


class Average(Struct, frozen=True):
    """The settlement value as things stand; times in years."""

    variance_time: float
    """Over which the volatility works."""
    variance_time_slope: float
    """How much of it goes by with a year."""
    fixed: float
    """What past fixings have made of the forward, in the underlying's currency."""
    share: float
    """How much the forward moves with the underlying."""
    share_slope: float
    """How much `share` falls with a year, by rate and dividend."""
    discount: float
    """Of a payment at the close."""

    def forward(self, spot: float) -> float:
        """The mean of the settlement value."""
        return self.fixed + self.share * spot


def average_ahead(
    seconds_left: int,
    fixings: int,
    interval: int,
    past: Sequence[float],
    rate: float = 0.0,
    dividend: float = 0.0,
    year_seconds: int = YEAR_SECONDS,
) -> Average:
    """What the settlement value depends on, `seconds_left` before the close.

    `past` holds the prices at the fixings that are over, as many as those that are due by now, or more or fewer by a
    late one: what is not in it is still to come, at once if it is due.
    """
    to_come = fixings - len(past)
    whole = fixings * fixings
    # The nearest first: the last `to_come` of the instants.
    ahead = [max(seconds_left - back * interval, 0) for back in range(to_come - 1, -1, -1)]
    # Of k instants in rising order, the first is the smaller one in 2k - 1 pairs, the second in 2k - 3, and so on.
    pairs = sum(seconds * (2 * (to_come - place) - 1) for place, seconds in enumerate(ahead))
    growth = rate - dividend
    if growth:
        grown = [math.exp(growth * seconds / year_seconds) for seconds in ahead]
        share, share_slope = sum(grown) / fixings, growth * sum(grown) / fixings
    else:
        share, share_slope = to_come / fixings, 0.0
    running = sum(2 * (to_come - place) - 1 for place, seconds in enumerate(ahead) if seconds)
    return Average(
        variance_time=pairs / whole / year_seconds,
        variance_time_slope=running / whole,
        fixed=sum(past) / fixings,
        share=share,
        share_slope=share_slope,
        discount=math.exp(-rate * seconds_left / year_seconds),
    )
