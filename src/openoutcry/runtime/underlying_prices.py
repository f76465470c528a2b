"""What each underlying was worth at every market second."""

from collections import deque
from typing import Final

import msgspec
from msgspec import Struct

from openoutcry.domain.commands import AdvanceMarket, ContinueWork
from openoutcry.domain.events import Event, MarksPublished
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.shapes import shape_of
from openoutcry.domain.types import MarketTime

MAX_PRICES: Final = 25_000
"""Of one underlying that are kept, the newest: more than a session has seconds. The journal has all of them."""


class PastPrice(Struct, frozen=True, array_like=True, gc=False):
    """In units of 1e-4. `utc_offset`: seconds, of market time."""

    market_time: MarketTime
    utc_offset: int
    price: int


class _State(Struct):
    prices: dict[str, list[PastPrice]]
    forgotten: dict[str, int]


class UnderlyingPrices:
    """A projection: the newest prices of each underlying, oldest first, as they were published."""

    name: Final = "underlying_prices"
    shape: Final = shape_of(_State)
    commands: Final = frozenset[type]({AdvanceMarket, ContinueWork})
    """A tick, or what is left of one."""

    def __init__(self, most: int = MAX_PRICES) -> None:
        self._most = most
        self._prices: dict[str, deque[PastPrice]] = {}
        self._forgotten: dict[str, int] = {}

    def page(self, symbol: str, after: MarketTime | None, limit: int) -> tuple[list[PastPrice], int]:
        """The first `limit` prices after that instant, and how many come after these."""
        later = [each for each in self._prices.get(symbol, ()) if after is None or each.market_time > after]
        return later[:limit], max(0, len(later) - limit)

    def forgotten(self, symbol: str) -> int:
        """How many older ones are no longer kept."""
        return self._forgotten.get(symbol, 0)

    def apply(self, sequenced: Sequenced, events: list[Event]) -> None:  # noqa: ARG002 - a projection
        for event in events:
            if type(event) is MarksPublished:  # most events of a tick are of pulled quotes
                for mark in event.underlyings:
                    self._keep(mark.symbol, PastPrice(event.market_time, event.utc_offset, mark.price))

    def capture(self) -> bytes:
        return msgspec.msgpack.encode(
            _State({symbol: list(prices) for symbol, prices in self._prices.items()}, self._forgotten)
        )

    def restore(self, state: memoryview) -> None:
        restored = msgspec.msgpack.decode(state, type=_State)
        self._prices = {symbol: deque(prices, maxlen=self._most) for symbol, prices in restored.prices.items()}
        self._forgotten = restored.forgotten

    def _keep(self, symbol: str, price: PastPrice) -> None:
        prices = self._prices.get(symbol)
        if prices is None:
            prices = self._prices[symbol] = deque(maxlen=self._most)
        if len(prices) == self._most:
            self._forgotten[symbol] = self.forgotten(symbol) + 1
        prices.append(price)
