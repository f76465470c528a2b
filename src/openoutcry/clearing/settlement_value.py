"""What an expired option settles at: the average of its underlying at fixed instants, then its intrinsic value."""

from collections.abc import Sequence

from openoutcry.domain.day.game_rules import SettlementRules
from openoutcry.domain.instruments import OptionTerms
from openoutcry.domain.types import MarketTime, Money, Ticks


def fixing_times(rules: SettlementRules, close_at: MarketTime) -> list[MarketTime]:
    """The instants whose prices are averaged, in order; the last one is the close."""
    first = close_at - (rules.fixings - 1) * rules.interval_seconds
    return [MarketTime(first + number * rules.interval_seconds) for number in range(rules.fixings)]


def average_price(fixings: Sequence[int], ratio: int) -> Money:
    """The average of the index at the fixings, divided by `ratio`, rounded half up once, in money units.

    `ratio` is how many units of the underlying make one of the index: 1 for SPX, 10 for SPY. There is at least one
    fixing.
    """
    shares = len(fixings) * ratio
    return Money((2 * sum(fixings) + shares) // (2 * shares))


def intrinsic_value(terms: OptionTerms, underlying_price: Money, tick_size: Money) -> Ticks:
    """What the option is worth at expiry with its underlying at this price, rounded half up to the tick."""
    above = underlying_price - terms.strike
    worth = max(above if terms.option_type == "call" else -above, 0)
    return Ticks((2 * worth + tick_size) // (2 * tick_size))
