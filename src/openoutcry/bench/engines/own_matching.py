"""Our book and continuous matching, with the events that the venue makes of them, without the rest of the venue."""

from collections.abc import Sequence
from typing import Final

from openoutcry.domain.events import Event, OrderAcknowledged, OrderCancelled, OrderExecuted, TradePrinted
from openoutcry.domain.orders import BUY, SELL, Side
from openoutcry.domain.reasons import CancelReason
from openoutcry.domain.types import InstrumentId, Money, OrderId, TeamId, Ticks, TimestampUs, TradeId
from openoutcry.matching.book import OrderBook
from openoutcry.matching.continuous import Step, match
from openoutcry.matching.order import Order, new_order

_TEAM: Final = TeamId(1)
_INSTRUMENT: Final = InstrumentId("BOOK")
_NOW: Final = TimestampUs(0)
_NO_FEES: Final = Money(0)
_USER_REQUESTED: Final = CancelReason.USER_REQUESTED


class OwnMatching:
    def __init__(self) -> None:
        self._book = OrderBook()
        self._orders: dict[int, Order] = {}
        self._trades = 0
        self._seq = 0

    def fills(self) -> int:
        return self._trades

    def play(self, messages: Sequence[tuple[int, bool, int, int]]) -> None:
        # Typed as what a `Message` is: compiled, a named tuple would be taken apart by an iterator.
        for number, is_sell, price, quantity in messages:
            if quantity:
                self._enter(number, SELL if is_sell else BUY, price, quantity)  # type: ignore[arg-type]  # plain integers
            else:
                self._cancel(number)

    def _enter(self, order_id: OrderId, side: Side, price: Ticks, quantity: int) -> list[Event]:
        order = new_order(order_id, _TEAM, 1, _INSTRUMENT, side, price, quantity, "day", False, None, _NOW)
        self._seq = seq = self._seq + 1
        events: list[Event] = [
            OrderAcknowledged(_TEAM, seq, order_id, None, _INSTRUMENT, side, price, quantity, quantity, "day")
        ]
        sides = self._book.sides
        if sides[1 - side].best_rank >= -order.rank:
            steps, _ = match(self._book, order, "none")
            self._tell(events, order, steps)
            if not order.remaining_quantity:
                return events
        sides[side].add(order)
        self._orders[order_id] = order
        return events

    def _tell(self, events: list[Event], taker: Order, steps: Sequence[Step]) -> None:
        """Make the reports of both sides and the public trade, for every trade."""
        remaining, trades, seq = taker.quantity, self._trades, self._seq
        for maker, quantity in steps:
            remaining -= quantity
            trades += 1
            seq += 2
            trade_id: TradeId = trades  # type: ignore[assignment]
            left, price = maker.remaining_quantity, maker.price
            assert price is not None  # noqa: S101 - only limit orders rest
            if not left:
                del self._orders[maker.order_id]
            value = price * quantity
            taker.cumulative_value += value
            maker.cumulative_value += value
            events += (
                OrderExecuted(
                    _TEAM, seq - 1, taker.order_id, None, trade_id, _INSTRUMENT, taker.side, price, quantity,
                    taker.quantity - remaining, remaining, taker.cumulative_value,
                    "partially_filled" if remaining else "filled", "taker", _NO_FEES,
                ),
                OrderExecuted(
                    _TEAM, seq, maker.order_id, None, trade_id, _INSTRUMENT, maker.side, price, quantity,
                    maker.quantity - left, left, maker.cumulative_value,
                    "partially_filled" if left else "filled", "maker", _NO_FEES,
                ),
                TradePrinted(trade_id, _INSTRUMENT, price, quantity, taker.side),
            )  # fmt: skip
        self._trades, self._seq = trades, seq

    def _cancel(self, number: int) -> list[Event]:
        order = self._orders.pop(number)
        self._book.sides[order.side].remove(order)
        self._seq = seq = self._seq + 1
        return [
            OrderCancelled(
                _TEAM, seq, order.order_id, None, _INSTRUMENT, order.side, order.remaining_quantity, _USER_REQUESTED
            )
        ]
