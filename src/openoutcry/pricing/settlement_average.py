"""An option that settles on an average of its underlying, seen from any instant: as one on a forward, with a time of
its own.

The average is of `fixings` prices, `interval` seconds apart, the last one at the close. Its variance per unit of the
underlying's is the mean of min(s, t) over all pairs of fixings still to come, s and t seconds away; a pair with a
past fixing counts 0. Long before the close that is the time to the close less 195 seconds, for 30 fixings 10 seconds
apart. With nearly constant prices the average is nearly log-normal: within 0.3 % of Monte Carlo.
"""

from typing import NamedTuple

import numpy as np

from openoutcry.domain.day.game_rules import SettlementRules
from openoutcry.pricing.black_scholes import Floats
from openoutcry.pricing.parameters import Parameters
from openoutcry.pricing.session_time import Integers


class Average(NamedTuple):
    """The settlement value as things stand, whatever the price; times in years. Arrays of one shape."""

    seconds_left: Integers
    """Before the close."""
    past: Integers
    """How many fixings are over: one at this very instant is."""
    variance_parts: Integers
    """As `variance_parts` says."""
    variance_time: Floats
    """The same in years."""
    variance_time_slope: Floats
    """How much of it goes by with a year."""
    share: Floats
    """How much the forward, the mean of the settlement value, moves with the underlying. The rest of it is the sum of
    past fixings, divided by the number of all.
    """
    share_slope: Floats
    """How much `share` falls with a year, by rate and dividend."""
    discount: Floats
    """Of a payment at the close."""


def variance_parts(seconds_left: Integers, rules: SettlementRules) -> Integers:
    """The seconds over which the volatility works, times the square of the number of fixings."""
    to_come = np.minimum(-(-seconds_left // rules.interval_seconds), rules.fixings)
    # The fixing `back` intervals before the close is the nearer one in 2 back + 1 pairs of those to come: the sum over
    # them of (2 back + 1) (seconds left - back * interval).
    late = to_come * (to_come - 1) * (4 * to_come + 1) // 6
    parts: Integers = seconds_left * (to_come * to_come) - rules.interval_seconds * late
    return parts


def average_ahead(seconds_left: Integers, rules: SettlementRules, parameters: Parameters) -> Average:
    """What the settlement value depends on, so many session seconds before the close."""
    fixings, interval = rules.fixings, rules.interval_seconds
    to_come = np.minimum(-(-seconds_left // interval), fixings)
    parts = variance_parts(seconds_left, rules)
    whole = fixings * fixings
    years = seconds_left / parameters.year_seconds
    growth = parameters.rate - parameters.dividend
    backs = np.exp(-growth * interval / parameters.year_seconds * np.arange(fixings))
    grown = np.concatenate(([0.0], np.cumsum(backs)))[to_come] * np.exp(growth * years)
    return Average(
        seconds_left=seconds_left,
        past=fixings - to_come,
        variance_parts=parts,
        variance_time=parts / (whole * parameters.year_seconds),
        variance_time_slope=to_come * to_come / whole,
        share=grown / fixings,
        share_slope=growth * grown / fixings,
        discount=np.exp(-parameters.rate * years),
    )
