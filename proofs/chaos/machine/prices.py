"""What moves the underlyings of a simulated day: small moves all the time, and now and then one that halts trading."""

from collections.abc import Callable
from functools import cache
from random import Random
from typing import Final

from openoutcry.domain.types import MarketTime
from openoutcry.runtime.session.prices import PricesAt
from openoutcry.scenarios.model import Scenario

LEVEL_SECONDS: Final = 70
"""Market seconds between two large moves."""
LEVELS: Final = (0.0, 0.0, 0.0, 0.013, -0.013)
STEP: Final = 0.0004


def moving_prices(scenario: Scenario, chance_of: Callable[[str], Random]) -> PricesAt:
    """A pure function of market time. `chance_of`: a stream of chance by its name. The tracker follows exactly."""
    numbers = scenario.index
    start = scenario.underlyings.get(numbers.index, 0.0) * 10_000

    @cache
    def prices_at(market_time: MarketTime) -> dict[str, int]:
        level = chance_of(f"level {market_time // LEVEL_SECONDS}").choice(LEVELS)
        step = chance_of(f"price {market_time}").uniform(-STEP, STEP)
        index = round(start * (1 + level + step))
        return {numbers.index: index, numbers.tracker: round(index / numbers.ratio)}

    return prices_at
