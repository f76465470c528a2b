"""Prices of underlyings over market time. They stay where the scenario puts them, until a world moves them."""

from collections.abc import Callable

from openoutcry.domain.types import MONEY_UNITS, MarketTime, Money
from openoutcry.domain.views import DayView
from openoutcry.scenarios.model import Scenario

PricesAt = Callable[[MarketTime], dict[str, int]]
"""Prices of all underlyings at an instant, in money units. The same instant has the same prices whenever it is asked
for, so that past fixings need not be kept.
"""

PricesOf = Callable[[Scenario], PricesAt]


def flat_prices(scenario: Scenario) -> PricesAt:
    """The scenario's own prices at every instant."""
    prices = {symbol: round(price * MONEY_UNITS) for symbol, price in scenario.underlyings.items()}
    return lambda _market_time: prices


def opening_price(scenario: Scenario, day: DayView) -> Money:
    """Of the index, in a session after `day`: where the last one ended, and at first the scenario's."""
    symbol = scenario.index.index
    last = day.underlyings.get(symbol)
    return Money(round(scenario.underlyings[symbol] * MONEY_UNITS) if last is None else last)
