"""A team's orders and positions, from REST answers and private events, which may arrive in either order."""

import threading
from collections.abc import Iterable, Mapping
from copy import copy
from typing import Any, Final, Literal

from msgspec import Struct

from openoutcry.client.events import Event, StreamReset
from openoutcry.client.forks import let_go_when_forked
from openoutcry.protocol.responses import OrderInfo
from openoutcry.protocol.stream import (
    ExecutionReport,
    NewOrderAck,
    OrderAmended,
    OrderCancelled,
    PositionUpdate,
    Welcome,
)

MAX_FINISHED_ORDERS: Final = 10_000
"""How many finished orders are kept. Beyond it the one that finished first is forgotten."""

TrackedStatus = Literal["sent", "accepted", "open", "partially_filled", "filled", "cancelled", "refused", "unknown"]
FINISHED: Final[frozenset[TrackedStatus]] = frozenset({"filled", "cancelled", "refused", "unknown"})


class TrackedOrder(Struct, kw_only=True):
    """What the client knows of an order.

    `sent`: there is no verdict yet. `accepted`: there is a verdict but no event yet. `unknown`: no further answer or
    event is expected; `get_order` shows the outcome. `order_id` is None until the verdict or the first event arrives.
    """

    client_order_id: str | None
    order_id: str | None = None
    instrument_id: str
    side: str
    price: float | None
    quantity: int
    remaining_quantity: int
    filled_quantity: int = 0
    status: TrackedStatus

    def __repr__(self) -> str:
        at = "at market" if self.price is None else f"@ {self.price}"
        left = f"{self.remaining_quantity} of {self.quantity} {self.instrument_id}"
        return f"<TrackedOrder {self.order_id or self.client_order_id}: {self.side} {left} {at}, {self.status}>"


class OrderTracker:
    """The client updates it; the bot may read it from any thread. All orders that it returns are copies.

    It knows every order that this client sends. Other orders of the team appear with a `welcome` or their first event.
    """

    def __init__(self) -> None:
        self._begin()
        let_go_when_forked(self)

    def after_fork(self) -> None:
        """Start empty. A thread of the parent may hold the lock, with the maps half changed."""
        self._begin()

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._by_order_id: dict[str, TrackedOrder] = {}
        self._by_client_order_id: dict[str, TrackedOrder] = {}
        self._working: dict[int, TrackedOrder] = {}
        self._finished: dict[int, TrackedOrder] = {}
        self._positions: dict[str, int] = {}
        self._accepted_before: list[TrackedOrder] = []

    # ---- read by the bot

    def open_orders(self, instrument_id: str | None = None) -> list[TrackedOrder]:
        """Orders that are open or may be, oldest first. Orders without a verdict are among them."""
        with self._lock:
            return [copy(order) for order in self._working.values() if instrument_id in {None, order.instrument_id}]

    def order(self, order_id: str | None = None, *, client_order_id: str | None = None) -> TrackedOrder | None:
        """One order by either id. None if it is not known, or no longer."""
        with self._lock:
            order = self._find(order_id, client_order_id)
            return None if order is None else copy(order)

    @property
    def positions(self) -> dict[str, int]:
        """Net position of each instrument after the last event."""
        with self._lock:
            return dict(self._positions)

    # ---- updated by answers

    def sent(self, orders: Iterable[Mapping[str, Any]]) -> None:
        """Add orders that are about to be sent."""
        with self._lock:
            for terms in orders:
                client_order_id = str(terms["client_order_id"])
                known = self._by_client_order_id.get(client_order_id)
                if known is None or known.status == "refused":
                    quantity = terms.get("quantity")
                    self._add(
                        TrackedOrder(
                            client_order_id=client_order_id,
                            instrument_id=str(terms.get("instrument_id")),
                            side=str(terms.get("side")),
                            price=terms.get("price"),
                            quantity=quantity if isinstance(quantity, int) else 0,
                            remaining_quantity=quantity if isinstance(quantity, int) else 0,
                            status="sent",
                        )
                    )

    def answered(self, terms: Mapping[str, Any], *, order_id: str | None) -> None:
        """Take in the verdict on an order: its `order_id`, or None if it was refused."""
        with self._lock:
            order = self._by_client_order_id.get(str(terms["client_order_id"]))
            if order is None or order.order_id not in {None, order_id}:
                return
            if order_id is not None:
                order.order_id = order_id
                self._by_order_id[order_id] = order
            if order.status in {"sent", "unknown"}:
                self._change(order, "refused" if order_id is None else "accepted")

    def unanswered(self, orders: Iterable[Mapping[str, Any]]) -> None:
        """Mark orders whose verdict the client could not get. An event may still show their outcome."""
        with self._lock:
            for terms in orders:
                order = self._by_client_order_id.get(str(terms["client_order_id"]))
                if order is not None and order.status == "sent":
                    self._change(order, "unknown")

    # ---- updated by the stream

    def connecting(self) -> None:
        """Note that a connection is about to open. Its `welcome` shows all open orders that were accepted before."""
        with self._lock:
            self._accepted_before = [order for order in self._working.values() if order.status == "accepted"]

    def apply(self, event: Event) -> None:
        """Take in one event. Private events must come once each and in order, as the stream delivers them."""
        with self._lock:
            match event:
                case NewOrderAck() | OrderAmended():
                    order = self._find_or_add(event)
                    order.price = event.price
                    order.quantity = event.quantity
                    order.remaining_quantity = event.remaining_quantity
                    self._change(order, "partially_filled" if order.filled_quantity else "open")
                case ExecutionReport():
                    order = self._find_or_add(event)
                    order.quantity = event.cumulative_quantity + event.remaining_quantity
                    order.remaining_quantity = event.remaining_quantity
                    order.filled_quantity = event.cumulative_quantity
                    self._change(order, event.order_status)
                case OrderCancelled():
                    order = self._find_or_add(event)
                    order.remaining_quantity = 0
                    self._change(order, "cancelled")
                case PositionUpdate():
                    self._positions[event.instrument_id] = event.position
                case StreamReset():
                    self._accepted_before = [order for order in self._working.values() if order.status != "sent"]
                case _:
                    pass

    def start_from(self, welcome: Welcome, omitted: Iterable[OrderInfo] | None = ()) -> None:
        """Take over the state in a `welcome` that no older events follow, and the open orders that it omits.

        `omitted` may be newer than the `welcome`. That does no harm, because each event says how its order stands.
        None means that the omitted orders are not known; they appear with their first events.
        """
        with self._lock:
            self._positions = dict(welcome.positions or {})
            shown = {id(self._take_over(info)) for info in (*(welcome.orders or ()), *(omitted or ()))}
            for order in self._accepted_before if omitted is not None else ():
                if id(order) not in shown and order.status not in FINISHED:
                    self._change(order, "unknown")
            self._accepted_before = []

    def _take_over(self, info: OrderInfo) -> TrackedOrder:
        order = self._find_or_add(info)
        order.price = info.price
        order.quantity = info.quantity
        order.remaining_quantity = info.remaining_quantity
        order.filled_quantity = info.quantity - info.remaining_quantity
        self._change(order, info.status)
        return order

    # ---- the maps

    def _find(self, order_id: str | None, client_order_id: str | None) -> TrackedOrder | None:
        if order_id is not None and order_id in self._by_order_id:
            return self._by_order_id[order_id]
        order = None if client_order_id is None else self._by_client_order_id.get(client_order_id)
        # A later trading session may use a client order id again for another order.
        return None if order is None or (order_id and order.order_id not in {None, order_id}) else order

    def _find_or_add(
        self, told: NewOrderAck | OrderAmended | ExecutionReport | OrderCancelled | OrderInfo
    ) -> TrackedOrder:
        order = self._find(told.order_id, told.client_order_id)
        if order is None:
            order = TrackedOrder(
                client_order_id=told.client_order_id,
                instrument_id=told.instrument_id,
                side=told.side,
                price=None,
                quantity=0,
                remaining_quantity=0,
                status="open",
            )
        order.order_id = told.order_id
        self._add(order)
        return order

    def _add(self, order: TrackedOrder) -> None:
        if order.status not in FINISHED:
            self._working[id(order)] = order
        if order.order_id is not None:
            self._by_order_id[order.order_id] = order
        if order.client_order_id is not None:
            self._by_client_order_id[order.client_order_id] = order

    def _change(self, order: TrackedOrder, status: TrackedStatus) -> None:
        order.status = status
        if status not in FINISHED:
            self._finished.pop(id(order), None)
            self._working[id(order)] = order
            return
        self._working.pop(id(order), None)
        self._finished[id(order)] = order
        while len(self._finished) > MAX_FINISHED_ORDERS:
            self._forget(self._finished.pop(next(iter(self._finished))))

    def _forget(self, order: TrackedOrder) -> None:
        if order.order_id is not None and self._by_order_id.get(order.order_id) is order:
            del self._by_order_id[order.order_id]
        client_order_id = order.client_order_id
        if client_order_id is not None and self._by_client_order_id.get(client_order_id) is order:
            del self._by_client_order_id[client_order_id]
