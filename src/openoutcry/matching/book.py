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

NO_RANK: Final = -(2**62)
"""In place of the rank of a level, where there is no such level."""


class BookSide:
    """The resting orders of one side. Ranks as in `Order`: higher is better.

    `best_rank` is the best level's, `WORST_RANK` while the side is empty. `changed` collects the rank of each level
    from `watched_from` on whose quantity changed, some more than once; its reader clears it.

    `counted_quantity` is the total of all levels from `counted_from` on, kept up to date for auctions.
    """

    __slots__ = (
        "best_rank",
        "changed",
        "counted_from",
        "counted_quantity",
        "levels",
        "ranks",
        "side",
        "watched_from",
    )

    def __init__(self, side: Side) -> None:
        self.side = side
        self.levels: dict[int, PriceLevel] = {}
        self.ranks: list[int] = []
        self.best_rank = WORST_RANK
        self.watched_from = NOBODY_WATCHES
        self.changed: list[int] = []
        self.counted_from = NOBODY_WATCHES
        self.counted_quantity = 0

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
            price: Ticks = -rank if self.side else rank  # type: ignore[assignment]
            level = self.levels[rank] = PriceLevel(price, rank, order)
            if rank > self.best_rank:
                self.best_rank = rank
                self.ranks.append(rank)
            else:
                insort(self.ranks, rank)
            order.previous = None
        else:
            last = level.last
            assert last is not None, "an empty level leaves the book"  # noqa: S101
            last.next = order
            order.previous = last
            level.last = order
            level.quantity += order.remaining_quantity
        order.next = None
        order.level = level
        if rank >= self.watched_from:
            self.changed.append(rank)
        if rank >= self.counted_from:
            self.counted_quantity += order.remaining_quantity

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
        if level.rank >= self.counted_from:
            self.counted_quantity -= order.remaining_quantity
        if level.first is None:
            self.drop(level)

    def reduce(self, order: Order, by: int) -> None:
        """Make a resting order smaller, in its place."""
        level = order.level
        assert level is not None, "only a resting order can be reduced"  # noqa: S101
        assert 0 < by < order.remaining_quantity, "a reduction leaves something"  # noqa: S101
        order.quantity -= by
        self._take(order, level, by)

    def fill(self, order: Order, by: int) -> None:
        """Let a resting order trade, wherever it stands in its queue; it leaves with its last contract."""
        level = order.level
        assert level is not None, "only a resting order can trade"  # noqa: S101
        assert 0 < by <= order.remaining_quantity, "an order trades at most what it has"  # noqa: S101
        if by == order.remaining_quantity:
            self.remove(order)
            order.remaining_quantity = 0
        else:
            self._take(order, level, by)

    def _take(self, order: Order, level: PriceLevel, by: int) -> None:
        order.remaining_quantity -= by
        level.quantity -= by
        if level.rank >= self.watched_from:
            self.changed.append(level.rank)
        if level.rank >= self.counted_from:
            self.counted_quantity -= by

    def quantity_at(self, rank: int) -> int:
        level = self.levels.get(rank)
        return 0 if level is None else level.quantity

    def worst_from(self, rank: int) -> int:
        """The rank of the worst level that is `rank` or better; `NO_RANK` if there is none."""
        place = bisect_left(self.ranks, rank)
        return self.ranks[place] if place < len(self.ranks) else NO_RANK

    def best_below(self, rank: int) -> int:
        """The rank of the best level that is worse than `rank`; `NO_RANK` if there is none."""
        place = bisect_left(self.ranks, rank)
        return self.ranks[place - 1] if place else NO_RANK

    def count_from(self, rank: int) -> None:
        """Count the levels from `rank` on. Takes as long as there are levels between this bound and the last one."""
        old, ranks, levels = self.counted_from, self.ranks, self.levels
        self.counted_from = rank
        if rank < old:
            for each in ranks[bisect_left(ranks, rank) : bisect_left(ranks, old)]:
                self.counted_quantity += levels[each].quantity
        else:
            for each in ranks[bisect_left(ranks, old) : bisect_left(ranks, rank)]:
                self.counted_quantity -= levels[each].quantity

    def stop_counting(self) -> None:
        self.counted_from = NOBODY_WATCHES
        self.counted_quantity = 0

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

    @property
    def is_crossed(self) -> bool:
        """Whether its best orders could trade with each other."""
        bids, asks = self.sides
        return bids.best_rank >= -asks.best_rank

    def add(self, order: Order) -> None:
        self.sides[order.side].add(order)

    def remove(self, order: Order) -> None:
        self.sides[order.side].remove(order)
