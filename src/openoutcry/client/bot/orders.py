"""A team's orders as its bot sees them: a handle for each, found by either id, and those that work."""

from collections.abc import Iterable, Iterator
from typing import Final

from openoutcry.client.bot.order import Order
from openoutcry.domain.orders import SideName
from openoutcry.protocol.responses import OrderInfo
from openoutcry.protocol.stream import ExecutionReport, NewOrderAck, OrderAmended, OrderCancelled

MAX_FINISHED: Final = 1_000
"""How many orders that are done can still be found by their id."""


class Orders:
    """Iterating gives the working orders, oldest first; `len` counts them."""

    def __init__(self) -> None:
        self._working: dict[Order, None] = {}
        self._by_id: dict[str, Order] = {}
        self._by_client_id: dict[str, Order] = {}
        self._finished: dict[Order, None] = {}

    def __iter__(self) -> Iterator[Order]:
        return iter(tuple(self._working))

    def __len__(self) -> int:
        return len(self._working)

    def __repr__(self) -> str:
        return f"<Orders: {len(self)} working>"

    def working(self, instrument_id: str | None = None, side: SideName | None = None) -> list[Order]:
        """The working orders, or those in one instrument or on one side, oldest first."""
        return [
            order
            for order in self._working
            if instrument_id in (None, order.instrument_id) and side in (None, order.side)
        ]

    def get(self, order_id: str) -> Order | None:
        """The order with this id; None if there is none, or it was done long ago."""
        return self._by_id.get(order_id)

    # ---- what happens to them

    def begin(self, shown: Iterable[OrderInfo]) -> None:
        """Start from the open orders that the exchange shows. Handles of those that it does not show are `unknown`."""
        seen: set[Order] = set()
        for info in shown:
            order = self._found(info.order_id, info.client_order_id)
            if order is None:
                order = Order(info.instrument_id, info.side, info.quantity, info.price, info.client_order_id)
            order.order_id, order.price, order.quantity = info.order_id, info.price, info.quantity
            order.remaining_quantity = info.remaining_quantity
            order.filled_quantity = info.quantity - info.remaining_quantity
            order.status = "partially_filled" if order.filled_quantity else "open"
            order.is_answered = True
            self.add(order)
            seen.add(order)
        for order in tuple(self._working):
            if order not in seen and order.status != "pending":
                order.status = "unknown"
                self.finish(order)

    def add(self, order: Order) -> None:
        """Note that it works, or does again: an event may tell of an order whose outcome was unknown."""
        self._working[order] = None
        self._finished.pop(order, None)
        if order.client_order_id is not None:
            self._by_client_id[order.client_order_id] = order
        if order.order_id is not None:
            self._by_id[order.order_id] = order

    def identify(self, order: Order) -> None:
        """Note that its `order_id` is known now."""
        if order.order_id is not None:
            self._by_id[order.order_id] = order

    def finish(self, order: Order) -> None:
        """Note that it works no more."""
        self._working.pop(order, None)
        self._finished[order] = None
        if len(self._finished) > MAX_FINISHED:
            self._forget(next(iter(self._finished)))

    def acknowledged(self, event: NewOrderAck) -> None:
        order = self._of(event)
        order.price, order.quantity, order.remaining_quantity = event.price, event.quantity, event.remaining_quantity
        order.status = "open"

    def amended(self, event: OrderAmended) -> None:
        order = self._of(event)
        order.price, order.quantity, order.remaining_quantity = event.price, event.quantity, event.remaining_quantity

    def executed(self, event: ExecutionReport) -> None:
        order = self._of(event)
        order.quantity = event.cumulative_quantity + event.remaining_quantity
        order.remaining_quantity, order.filled_quantity = event.remaining_quantity, event.cumulative_quantity
        order.average_price = event.average_price
        if event.order_status == "filled":
            order.status = "filled"
            self.finish(order)
        else:
            order.status = "partially_filled"

    def cancelled(self, event: OrderCancelled) -> None:
        order = self._of(event)
        order.remaining_quantity, order.status = 0, "cancelled"
        self.finish(order)

    def _of(self, event: NewOrderAck | OrderAmended | ExecutionReport | OrderCancelled) -> Order:
        order = self._by_id.get(event.order_id)
        if order is None:
            order = self._found(event.order_id, event.client_order_id)
            if order is None:
                order = Order(event.instrument_id, event.side, 0, None, event.client_order_id)
                order.is_answered = True
            order.order_id = event.order_id
            self.add(order)
        return order

    def _found(self, order_id: str, client_order_id: str | None) -> Order | None:
        order = self._by_id.get(order_id)
        if order is not None or client_order_id is None:
            return order
        order = self._by_client_id.get(client_order_id)
        # A later session may use a client order id again for another order.
        return None if order is None or order.order_id not in (None, order_id) else order

    def _forget(self, order: Order) -> None:
        del self._finished[order]
        if order.order_id is not None and self._by_id.get(order.order_id) is order:
            del self._by_id[order.order_id]
        if order.client_order_id is not None and self._by_client_id.get(order.client_order_id) is order:
            del self._by_client_id[order.client_order_id]
