"""Our book and continuous matching, with the events that the venue tells of them, and without the rest of the venue."""

from collections.abc import Sequence
from typing import Final

from openoutcry.benchmarks.engines.flow import Message
from openoutcry.domain.events import Event, OrderAcknowledged, OrderCancelled, OrderExecuted, TradePrinted
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.reasons import CancelReason
from openoutcry.domain.types import InstrumentId, Money, OrderId, TeamId, Ticks, TimestampUs, TradeId
from openoutcry.matching.book import OrderBook
from openoutcry.matching.continuous import match
from openoutcry.matching.order import Order

_TEAM: Final = TeamId(1)
_INSTRUMENT: Final = InstrumentId("BOOK")
_NOW: Final = TimestampUs(0)
_USER_REQUESTED: Final = CancelReason.USER_REQUESTED


class OwnMatching:
    def __init__(self) -> None:
        self._book = OrderBook()
        self._orders: dict[int, Order] = {}
        self._trades = 0
        self._seq = 0

    def fills(self) -> int:
        return self._trades

    def play(self, messages: Sequence[Message]) -> None:
        enter, cancel = self._enter, self._cancel
        for number, is_sell, price, quantity in messages:
            if quantity:
                enter(number, is_sell, price, quantity)
            else:
                cancel(number)

    def _enter(self, number: int, is_sell: bool, price: int, quantity: int) -> list[Event]:
        side = SELL if is_sell else BUY
        order = Order(OrderId(number), _TEAM, 1, _INSTRUMENT, side, Ticks(price), quantity, "day", False, None, _NOW)
        self._seq += 1
        events: list[Event] = [
            OrderAcknowledged(
                _TEAM, self._seq, order.order_id, None, _INSTRUMENT, side, order.price, quantity, quantity, "day"
            )
        ]
        steps, _ = match(self._book, order, "none")
        remaining = quantity
        for maker, traded in steps:
            self._trades += 1
            remaining -= traded
            events += self._executed(order, maker, traded, remaining)
        if order.remaining_quantity:
            self._book.add(order)
            self._orders[number] = order
        return events

    def _executed(self, taker: Order, maker: Order, quantity: int, taker_remaining: int) -> list[Event]:
        """Both sides' reports and the public print."""
        trade_id, price = TradeId(self._trades), maker.price
        assert price is not None  # noqa: S101 - only limit orders rest
        seq = self._seq = self._seq + 2
        if not maker.remaining_quantity:
            del self._orders[maker.order_id]
        return [
            OrderExecuted(
                _TEAM, seq - 1, taker.order_id, None, trade_id, _INSTRUMENT, taker.side, price, quantity,
                taker.quantity - taker_remaining, taker_remaining, price * quantity,
                "partially_filled" if taker_remaining else "filled", "taker", Money(0),
            ),
            OrderExecuted(
                _TEAM, seq, maker.order_id, None, trade_id, _INSTRUMENT, maker.side, price, quantity,
                maker.quantity - maker.remaining_quantity, maker.remaining_quantity, price * quantity,
                "partially_filled" if maker.remaining_quantity else "filled", "maker", Money(0),
            ),
            TradePrinted(trade_id, _INSTRUMENT, price, quantity, taker.side),
        ]  # fmt: skip

    def _cancel(self, number: int) -> list[Event]:
        order = self._orders.pop(number)
        self._book.remove(order)
        self._seq += 1
        return [
            OrderCancelled(
                _TEAM, self._seq, order.order_id, None, _INSTRUMENT, order.side, order.remaining_quantity,
                _USER_REQUESTED,
            )
        ]  # fmt: skip
