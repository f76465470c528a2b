"""Whose turn it is among orders at one price where time does not count: an order that is drawn by chance."""

from collections.abc import Callable

from openoutcry.matching.book import BookSide
from openoutcry.matching.order import Order, PriceLevel

Lot = Callable[[Order], int]
"""What an order has drawn: the lowest comes first."""


def in_turn(level: PriceLevel, lot: Lot) -> list[Order]:
    """The orders of a level as their turns come."""
    orders: list[Order] = []
    order = level.first
    while order is not None:
        orders.append(order)
        order = order.next
    return sorted(orders, key=lot) if len(orders) > 1 else orders


class Turns:
    """The orders of one side, best price first and at each price in turn, as they leave the book one by one."""

    __slots__ = ("_level", "_lot", "_side", "_waiting")

    def __init__(self, side: BookSide, lot: Lot) -> None:
        self._side = side
        self._lot = lot
        self._level: PriceLevel | None = None
        self._waiting: list[Order] = []

    def next(self) -> Order:
        """Whose turn it is; the side is not empty."""
        level = self._side.best
        assert level is not None, "there is somebody whose turn it is"  # noqa: S101
        if level is not self._level:
            self._level = level
            self._waiting = in_turn(level, self._lot)
            self._waiting.reverse()
        while self._waiting[-1].level is None:
            self._waiting.pop()
        return self._waiting[-1]
