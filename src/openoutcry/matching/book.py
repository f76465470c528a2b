"""One instrument's order book: two sides of price levels, each a queue in order of arrival.

A side keeps its occupied ranks in a sorted list, best last: the best price is the last element, depth is a slice,
and a new price costs one binary search and one memory move. A heap would not do: readers need depth at every change.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Final

from openoutcry.domain.events import Level
from openoutcry.domain.orders import BUY, SELL, Side
from openoutcry.domain.types import Ticks
from openoutcry.matching.order import Order, PriceLevel

WORST_RANK: Final = -(2**61)
"""The best rank of an empty side: no order, at any price, reaches it."""

NOBODY_WATCHES: Final = 2**61
"""Above the rank of every level."""


class BookSide:
    """The resting orders of one side. Ranks as in `Order`: higher is better.

    `best_rank` is the best level's, `WORST_RANK` while the side is empty. `changed` collects the rank of each level
    from `watched_from` on whose quantity changed, some more than once; its reader clears it.
    """

    __slots__ = ("best_rank", "changed", "levels", "ranks", "side", "watched_from")

    def __init__(self, side: Side) -> None:
        self.side = side
        self.levels: dict[int, PriceLevel] = {}
        self.ranks: list[int] = []
        self.best_rank = WORST_RANK
        self.watched_from = NOBODY_WATCHES
        self.changed: list[int] = []

    @property
    def best(self) -> PriceLevel | None:
        return self.levels[self.best_rank] if self.ranks else None

    @property
    def best_price(self) -> Ticks | None:
        return self.price_of_rank(self.best_rank) if self.ranks else None

    def price_of_rank(self, rank: int) -> Ticks:
        return -rank if self.side else rank  # type: ignore[return-value]

    def level_at(self, rank: int) -> Level:
        """Price and quantity of the level of `rank`; quantity 0 if there is no such level."""
        level = self.levels.get(rank)
        return (self.price_of_rank(rank), 0) if level is None else (level.price, level.quantity)

    def add(self, order: Order) -> None:
        """Queue a limit order behind the others at its price."""
        rank = order.rank
        level = self.levels.get(rank)
        if level is None:
            level = self.levels[rank] = PriceLevel(self.price_of_rank(rank), rank)
            if rank > self.best_rank:
                self.best_rank = rank
                self.ranks.append(rank)
            else:
                insort(self.ranks, rank)
            level.first = order
            order.previous = None
        else:
            last = level.last
            assert last is not None, "an empty level leaves the book"  # noqa: S101
            last.next = order
            order.previous = last
        order.next = None
        order.level = level
        level.last = order
        level.quantity += order.remaining_quantity
        if rank >= self.watched_from:
            self.changed.append(rank)

    def remove(self, order: Order) -> None:
        """Take a resting order out; its remaining quantity leaves its level."""
        level = order.level
        assert level is not None, "only a resting order can be removed"  # noqa: S101
        before, after = order.previous, order.next
        if before is None:
            level.first = after
        else:
            before.next = after
        if after is None:
            level.last = before
        else:
            after.previous = before
        order.previous = order.next = order.level = None
        level.quantity -= order.remaining_quantity
        if level.rank >= self.watched_from:
            self.changed.append(level.rank)
        if level.first is None:
            self.drop(level)

    def reduce(self, order: Order, by: int) -> None:
        """Make a resting order smaller, in its place."""
        level = order.level
        assert level is not None, "only a resting order can be reduced"  # noqa: S101
        assert 0 < by < order.remaining_quantity, "a reduction leaves something"  # noqa: S101
        order.remaining_quantity -= by
        order.quantity -= by
        level.quantity -= by
        if level.rank >= self.watched_from:
            self.changed.append(level.rank)

    def drop(self, level: PriceLevel) -> None:
        """Forget an empty level."""
        rank, ranks = level.rank, self.ranks
        del self.levels[rank]
        if rank == self.best_rank:
            ranks.pop()
            self.best_rank = ranks[-1] if ranks else WORST_RANK
        else:
            del ranks[bisect_left(ranks, rank)]

    def depth(self, levels: int) -> tuple[Level, ...]:
        """The best `levels` levels, best first, as (price, quantity)."""
        by_rank = self.levels
        return tuple(
            (level.price, level.quantity) for level in (by_rank[rank] for rank in reversed(self.ranks[-levels:]))
        )

    def orders(self) -> Iterator[Order]:
        """Every resting order, by price then time, best first."""
        for rank in reversed(self.ranks):
            order = self.levels[rank].first
            while order is not None:
                yield order
                order = order.next


class OrderBook:
    """Both sides of one instrument's book. `book.sides[side]` is where orders of `side` rest."""

    __slots__ = ("sides",)

    def __init__(self) -> None:
        self.sides: tuple[BookSide, ...] = (BookSide(BUY), BookSide(SELL))

    def add(self, order: Order) -> None:
        self.sides[order.side].add(order)

    def remove(self, order: Order) -> None:
        self.sides[order.side].remove(order)
