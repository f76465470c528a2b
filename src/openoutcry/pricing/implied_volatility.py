"""The volatility at which an option would be worth a given price; where there is none, why not."""

import math
from typing import Final, Literal

from msgspec import Struct

NoVolatility = Literal["no_price", "no_time", "price_at_or_below_intrinsic", "price_at_or_above_maximum"]
"""Why a price implies no volatility. `no_price`: the book is empty. `no_time`: nothing can move any more.

`price_at_or_above_maximum`: a call is worth less than the forward, a put less than the strike, at any volatility.
"""

_STEPS: Final = 200
"""Halvings at most; about 60 leave no number between the bounds."""


class ImpliedVolatility(Struct, frozen=True):
    """Exactly one of the two is None."""

    volatility: float | None
    reason: NoVolatility | None


def implied_volatility(
    sign: int, strike: float, forward: float, time: float, price: float | None, discount: float = 1.0
) -> ImpliedVolatility:
    """The volatility, per year if `time` is in years, that makes a call (`sign` 1) or a put (-1) worth `price`.

    A price is at intrinsic value if the difference does not show in a float. Found by halving, so that the result is
    as exact as the price allows.
    """
    if price is None or not math.isfinite(price):
        return ImpliedVolatility(None, "no_price")
    if time <= 0:
        return ImpliedVolatility(None, "no_time")
    value = price / discount
    # The same volatility, from the option on the other side if this one is in the money: all of its value is time.
    time_value = value - max(sign * (forward - strike), 0.0)
    if time_value <= max(forward, strike) * 1e-15:
        return ImpliedVolatility(None, "price_at_or_below_intrinsic")
    if value >= (forward if sign > 0 else strike):
        return ImpliedVolatility(None, "price_at_or_above_maximum")
    deviation = _deviation(strike, forward, time_value)
    return ImpliedVolatility(deviation / math.sqrt(time), None)


def _deviation(strike: float, forward: float, time_value: float) -> float:
    """The deviation at which the option out of the money is worth `time_value`."""
    low, high = 0.0, 1.0
    while _out_of_the_money(strike, forward, high) < time_value and high < 64:
        low, high = high, 2 * high
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        if not low < middle < high:
            break
        if _out_of_the_money(strike, forward, middle) < time_value:
            low = middle
        else:
            high = middle
    return high


def _out_of_the_money(strike: float, forward: float, deviation: float) -> float:
    """The value of the call or the put, whichever has no intrinsic value."""
    sign = 1 if strike >= forward else -1
    upper = math.log(forward / strike) / deviation + 0.5 * deviation
    return sign * (forward * _normal(sign * upper) - strike * _normal(sign * (upper - deviation)))


def _normal(number: float) -> float:
    return 0.5 * math.erfc(-number / math.sqrt(2))
