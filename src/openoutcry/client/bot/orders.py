"""A team's orders as its bot sees them: a handle for each, found by either id, and those that work."""

from collections.abc import Iterable, Iterator
from typing import Final

from openoutcry.client.bot.line import OUTCOME_UNKNOWN, Verdict
from openoutcry.client.bot.order import FINISHED, Order, OrderStatus
from openoutcry.client.http.response import ApiError
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

    def __contains__(self, order: object) -> bool:
        """Whether it works."""
        return order in self._working

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

    # ---- by what the bot asks, and the answers

    def add(self, order: Order) -> None:
        """Note an order that the bot has made."""
        self._working[order] = None
        if order.client_order_id is not None:
            self._by_client_id[order.client_order_id] = order

    def judge(self, order: Order, verdict: Verdict) -> ApiError | None:
        """Take in the verdict on a submission, which may come after its first events. Returns why it was refused.

        An answer that is lost is no refusal if an event has shown the order.
        """
        error = verdict.error
        is_lost = error is not None and error.code == OUTCOME_UNKNOWN
        if is_lost and order.order_id is not None:
            error = None
        if verdict.order_id is not None and order.order_id is None:
            self._identify(order, verdict.order_id)
        order.error = error
        if order.status == "pending":
            self._change(order, "accepted" if error is None else "unknown" if is_lost else "refused")
        order.answer(error)
        return error

    def withdrawn(self, order: Order) -> None:
        """Note that an order was never sent."""
        self._change(order, "cancelled")
        order.withdraw("It was cancelled before it left")

    # ---- by what the exchange shows

    def begin(self, shown: Iterable[OrderInfo], *, are_all: bool = True) -> None:
        """Start from the open orders that the exchange shows. If these are all, others that it had taken are `unknown`.

        Orders without a verdict may still be on their way to it.
        """
        seen: set[Order] = set()
        for info in shown:
            order = self._of(info)
            order.price, order.quantity, order.remaining_quantity = info.price, info.quantity, info.remaining_quantity
            order.filled_quantity = info.quantity - info.remaining_quantity
            self._works(order)
            seen.add(order)
        for order in tuple(self._working) if are_all else ():
            if order not in seen and order.status != "pending":
                self._change(order, "unknown")

    def acknowledged(self, event: NewOrderAck | OrderAmended) -> None:
        """Take in the terms of an order."""
        order = self._of(event)
        order.price, order.quantity, order.remaining_quantity = event.price, event.quantity, event.remaining_quantity
        self._works(order)

    def executed(self, event: ExecutionReport) -> None:
        order = self._of(event)
        order.quantity = event.cumulative_quantity + event.remaining_quantity
        order.remaining_quantity, order.filled_quantity = event.remaining_quantity, event.cumulative_quantity
        order.average_price = event.average_price
        if event.order_status == "filled":
            self._change(order, "filled")
        else:
            self._works(order)

    def cancelled(self, event: OrderCancelled) -> None:
        self._change(self._of(event), "cancelled")

    # ---- the maps

    def _works(self, order: Order) -> None:
        self._change(order, "partially_filled" if order.filled_quantity else "open")

    def _of(self, told: OrderInfo | NewOrderAck | OrderAmended | ExecutionReport | OrderCancelled) -> Order:
        """The order that is told of: one that the bot has made, a side of a quote, or one from before it began."""
        order = self._by_id.get(told.order_id)
        if order is not None:
            return order
        if told.client_order_id is not None:
            order = self._by_client_id.get(told.client_order_id)
        # A later session may use a client order id again for another order.
        if order is None or order.order_id is not None:
            order = Order(told.instrument_id, told.side, 0, None, told.client_order_id)
            order.is_answered = True
            if told.client_order_id is not None:
                self._by_client_id[told.client_order_id] = order
        self._identify(order, told.order_id)
        return order

    def _identify(self, order: Order, order_id: str) -> None:
        order.order_id = order_id
        self._by_id[order_id] = order

    def _change(self, order: Order, status: OrderStatus) -> None:
        """Set its status, and keep it among those that work or those that are done."""
        if order.status == "unknown":
            order.error = None
        order.status = status
        if status not in FINISHED:
            self._finished.pop(order, None)
            self._working[order] = None
        else:
            self._working.pop(order, None)
            self._finished[order] = None
            if status != "unknown":
                order.remaining_quantity = 0
            if len(self._finished) > MAX_FINISHED:
                self._forget(next(iter(self._finished)))
        order.known()

    def _forget(self, order: Order) -> None:
        del self._finished[order]
        if order.order_id is not None and self._by_id.get(order.order_id) is order:
            del self._by_id[order.order_id]
        if order.client_order_id is not None and self._by_client_id.get(order.client_order_id) is order:
            del self._by_client_id[order.client_order_id]
