"""Random orders and quotes of a bot. Prices are few and limits small, so bots often trade and often break limits."""

from collections.abc import Sequence
from random import Random
from typing import Any, Final

from openoutcry.client import AsyncClient
from openoutcry.client.http.terms import Terms
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.types import MONEY_UNITS

MIDDLE_TICKS: Final = 200
REACH_TICKS: Final = 4
"""The distance of prices from the middle. It lets half of all orders trade."""


class Workload:
    """Terms of orders and quotes for one bot."""

    def __init__(self, instruments: Sequence[Instrument], chance: Random) -> None:
        self._instruments = instruments
        self.chance = chance

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
        return [self._quote(instrument) for instrument in self._instruments if self.chance.random() < 0.6]

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

    def _quote(self, instrument: Instrument) -> Terms:
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

    def _instrument(self) -> Instrument:
        return self.chance.choice(self._instruments)

    def _quantity(self) -> int:
        return self.chance.choice((1, 2, 3, 3, 4, 5, 5, 6, 8, 12))

    def _price(self, instrument: Instrument) -> float:
        return self._at(instrument, self.chance.randint(-REACH_TICKS, REACH_TICKS))

    @staticmethod
    def _at(instrument: Instrument, ticks_from_middle: int) -> float:
        return (MIDDLE_TICKS + ticks_from_middle) * instrument.tick_size / MONEY_UNITS
