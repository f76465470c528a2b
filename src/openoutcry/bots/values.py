"""Theoretical values and Greeks as the exchange publishes them, moved on with the index between two publications."""

from datetime import datetime
from typing import Final

from openoutcry.protocol.stream import Greeks, UnderlyingPrice

INDEX: Final = "SPX"
TRACKER: Final = "SPY"
RATIO: Final = 10
"""Units of the tracker that make one of the index. Portfolios count their delta in units of the index."""

LEAST_SPREAD: Final = 0.04
"""Four ticks."""


class Values:
    """The client's event stream updates it. Empty where the exchange has no theoretical values."""

    def __init__(self, underlyings: dict[str, float]) -> None:
        self.underlyings = underlyings
        self.greeks: dict[str, Greeks] = {}
        self.market_time: str | None = None

    def see_greeks(self, greeks: Greeks) -> None:
        self.greeks[greeks.instrument_id] = greeks

    def see_underlying(self, underlying: UnderlyingPrice) -> None:
        self.underlyings[underlying.symbol] = underlying.price
        self.market_time = underlying.market_time

    def value_of(self, instrument_id: str) -> float | None:
        """The theoretical value now. That of an option: the last one told, and what the index has moved since."""
        if instrument_id == TRACKER:
            return self.underlyings.get(TRACKER)
        greeks, index = self.greeks.get(instrument_id), self.underlyings.get(INDEX)
        if greeks is None or index is None:
            return None
        move = index / round(index / greeks.underlying_price) - greeks.underlying_price
        return max(0.0, greeks.theoretical + move * (greeks.delta + move * greeks.gamma / 2))

    def spread_of(self, instrument_id: str) -> float:
        """How far from the value a price may be that is still a fair one: twice what the default house keeps."""
        greeks = self.greeks.get(instrument_id)
        if greeks is None:
            return LEAST_SPREAD
        return max(greeks.vega, 0.0002 * greeks.underlying_price * abs(greeks.delta), LEAST_SPREAD)

    def delta_of(self, instrument_id: str) -> float:
        """Of one contract or lot, in units of the index. 0 if it is not known."""
        if instrument_id == TRACKER:
            return 1 / RATIO
        greeks, index = self.greeks.get(instrument_id), self.underlyings.get(INDEX)
        if greeks is None or index is None:
            return 0.0
        return greeks.delta / round(index / greeks.underlying_price)

    @property
    def tracking_error(self) -> float:
        """By how much the tracker's fair value is above the index, as a share of it."""
        return self.underlyings[TRACKER] * RATIO / self.underlyings[INDEX] - 1

    def seconds_since(self, market_time: str) -> float:
        """Market seconds that have passed since then."""
        if self.market_time is None:
            return 0.0
        return (datetime.fromisoformat(self.market_time) - datetime.fromisoformat(market_time)).total_seconds()
