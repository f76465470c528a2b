"""Random orders and quotes of a bot. Prices are few and limits small, so bots often trade and often break limits."""

from collections.abc import Sequence
from random import Random
from typing import Any, Final, NamedTuple

from openoutcry.client import AsyncClient, Event
from openoutcry.client.http.terms import Terms
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.types import MONEY_UNITS
from openoutcry.protocol.stream import Greeks, InstrumentExpired, UnderlyingPrice

MIDDLE_TICKS: Final = 200
REACH_TICKS: Final = 4
"""The distance of prices from the middle. It lets half of all orders trade."""
CHAIN_TICK: Final = 100
"""Of all that a day lists, in money units."""
FORGETS_CHANCE: Final = 0.9
"""The chance that a bot notes that an instrument has expired."""


class Traded(NamedTuple):
    """What the bot knows of an instrument. `middle`: in ticks."""

    instrument_id: str
    tick_size: int
    middle: int = MIDDLE_TICKS


TRACKER: Final = Traded("SPY", CHAIN_TICK, 45_000)
"""What a bot knows of a day before it has heard any value."""


class Workload:
    """Terms of orders and quotes for one bot."""

    def __init__(self, instruments: Sequence[Instrument], chance: Random) -> None:
        self._known: dict[str, Traded] = {
            each.instrument_id: Traded(each.instrument_id, each.tick_size) for each in instruments
        }
        if not instruments:
            self._known[TRACKER.instrument_id] = TRACKER
        self.chance = chance

    def hear(self, event: Event) -> None:
        """Trade by what is published of values, and what has not expired."""
        if isinstance(event, Greeks):
            self._is_worth(event.instrument_id, event.theoretical)
        elif isinstance(event, UnderlyingPrice) and event.symbol in self._known:
            self._is_worth(event.symbol, event.price)
        elif isinstance(event, InstrumentExpired) and self.chance.random() < FORGETS_CHANCE:
            self._known.pop(event.instrument_id, None)

    def _is_worth(self, instrument_id: str, value: float) -> None:
        middle = max(round(value * MONEY_UNITS / CHAIN_TICK), REACH_TICKS + 1)
        self._known[instrument_id] = Traded(instrument_id, CHAIN_TICK, middle)

    def order(self, client_order_id: str) -> Terms:
        chance, instrument = self.chance, self._instrument()
        terms: Terms = {
            "instrument_id": instrument.instrument_id,
            "side": chance.choice(("buy", "sell")),
            "quantity": self._quantity(),
            "client_order_id": client_order_id,
        }
        if chance.random() < 0.9:
            terms["price"] = self._price(instrument)
            terms["time_in_force"] = chance.choices(("day", "ioc", "fok"), (8, 1, 1))[0]
            terms["post_only"] = terms["time_in_force"] == "day" and chance.random() < 0.15
        else:
            terms["order_type"] = "market"
        return terms

    def quotes(self) -> list[Terms]:
        return [self._quote(instrument) for instrument in self._known.values() if self.chance.random() < 0.6]

    def amendment(self) -> dict[str, Any]:
        """New terms of an order. The price is on the grid of a random instrument; the order's own may refuse it."""
        chance = self.chance
        changes: dict[str, Any] = {}
        if chance.random() < 0.7:
            changes["quantity"] = self._quantity()
        if not changes or chance.random() < 0.4:
            changes["price"] = self._price(self._instrument())
        return changes

    def some_open_order(self, client: AsyncClient) -> str | None:
        """The id of an order that is open as far as the client knows, or None."""
        known = [order.order_id for order in client.orders.open_orders() if order.order_id is not None]
        return self.chance.choice(known) if known else None

    def _quote(self, instrument: Traded) -> Terms:
        chance = self.chance
        bid, ask = chance.randint(-REACH_TICKS, 0), chance.randint(1, REACH_TICKS)
        has_bid, has_ask = chance.random() < 0.9, chance.random() < 0.9
        return {
            "instrument_id": instrument.instrument_id,
            "bid_price": self._at(instrument, bid) if has_bid else None,
            "bid_quantity": self._quantity() if has_bid else None,
            "ask_price": self._at(instrument, ask) if has_ask else None,
            "ask_quantity": self._quantity() if has_ask else None,
        }

    def _instrument(self) -> Traded:
        return self.chance.choice(list(self._known.values()))

    def _quantity(self) -> int:
        return self.chance.choice((1, 2, 3, 3, 4, 5, 5, 6, 8, 12))

    def _price(self, instrument: Traded) -> float:
        return self._at(instrument, self.chance.randint(-REACH_TICKS, REACH_TICKS))

    @staticmethod
    def _at(instrument: Traded, ticks_from_middle: int) -> float:
        return (instrument.middle + ticks_from_middle) * instrument.tick_size / MONEY_UNITS
