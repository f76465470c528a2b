"""A seeded flow of orders over a book that stays about as deep as it began, the same for every engine.

Of ten messages, six add an order that rests, three cancel one, and one trades with the best orders. An order that
trades is filled completely by whole orders of the book. So engines need only limit orders, and make the same trades.
"""

from bisect import insort
from collections import deque
from random import Random
from typing import Final, NamedTuple

from msgspec import Struct

MIDDLE_TICKS: Final = 100_000
MEAN_DISTANCE_TICKS: Final = 60
MOST_DISTANT_TICKS: Final = 500
MOST_LOTS: Final = 10

ADD_SHARE: Final = 0.6
CANCEL_SHARE: Final = 0.3


class Message(NamedTuple):
    """An order, or the cancel of one if `quantity` is 0. Orders are numbered from 0 in their sequence."""

    number: int
    is_sell: bool
    price: int
    quantity: int


class Flow(Struct, frozen=True):
    """`filling` brings a book to `depth` resting orders; `messages` then keep it there."""

    depth: int
    filling: list[Message]
    messages: list[Message]
    fills: int
    """The number of trades that `messages` make: one for each resting order that is filled."""


def make_flow(depth: int, messages: int, seed: int = 7) -> Flow:
    maker = _Maker(depth, Random(seed))  # noqa: S311 - to be had again is the point
    filling = [maker.add() for _ in range(depth)]
    return Flow(depth, filling, [maker.next() for _ in range(messages)], maker.fills)


class _Maker:
    """Makes messages. It keeps a book of its own to know which orders can be cancelled and which ones will trade."""

    def __init__(self, depth: int, chance: Random) -> None:
        self.fills = 0
        self._depth = depth
        self._chance = chance
        self._orders: list[Message] = []
        self._resting: list[int] = []
        self._place: dict[int, int] = {}
        """The place of an order in `_resting`. An order that is closed is not in it."""
        self._queues: tuple[dict[int, deque[int]], dict[int, deque[int]]] = ({}, {})
        self._ranks: tuple[list[int], list[int]] = ([], [])
        """The prices of each side, ascending from best to worst. Prices of buys are stored with a negative sign."""

    def next(self) -> Message:
        dice = self._chance.random()
        if dice < ADD_SHARE or not self._resting:
            return self.add()
        return self._cancel() if dice < ADD_SHARE + CANCEL_SHARE else self._trade()

    def add(self) -> Message:
        chance = self._chance
        is_sell = chance.random() < 0.5
        distance = 1 + min(int(chance.expovariate(1 / MEAN_DISTANCE_TICKS)), MOST_DISTANT_TICKS)
        price = MIDDLE_TICKS + distance if is_sell else MIDDLE_TICKS - distance
        order = Message(len(self._orders), is_sell, price, chance.randint(1, MOST_LOTS))
        self._orders.append(order)
        self._place[order.number] = len(self._resting)
        self._resting.append(order.number)
        rank = price if is_sell else -price
        queue = self._queues[is_sell].get(rank)
        if queue is None:
            queue = self._queues[is_sell][rank] = deque()
            insort(self._ranks[is_sell], rank)
        queue.append(order.number)
        return order

    def _cancel(self) -> Message:
        number = self._chance.choice(self._resting)
        self._leave(number)
        order = self._orders[number]
        return Message(number, order.is_sell, order.price, 0)

    def _trade(self) -> Message:
        chance = self._chance
        # Three orders must leave on average. Two or four brings the depth back faster than three would.
        wanted = chance.randint(1, 7 if len(self._resting) > self._depth else 3)
        takes_sells = chance.random() < 0.5
        queues, ranks = self._queues[takes_sells], self._ranks[takes_sells]
        quantity = price = 0
        while wanted and ranks:
            queue = queues[ranks[0]]
            while wanted and queue:
                number = queue.popleft()
                if number in self._place:
                    self._leave(number)
                    quantity += self._orders[number].quantity
                    price = self._orders[number].price
                    self.fills += 1
                    wanted -= 1
            if not queue:
                del queues[ranks[0]]
                del ranks[0]
        if not quantity:
            return self.add()
        order = Message(len(self._orders), not takes_sells, price, quantity)
        self._orders.append(order)
        return order

    def _leave(self, number: int) -> None:
        place, last = self._place.pop(number), self._resting.pop()
        if last != number:
            self._resting[place] = last
            self._place[last] = place
