"""What the public sees of one book: the changes that a command made among its best levels, and its top."""

from typing import Final

from openoutcry.domain.events import BookChanged, Event, Level, TopOfBookChanged
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.types import BOOK_DEPTH, InstrumentId, Ticks
from openoutcry.matching.book import BookSide, OrderBook

NO_FLOOR: Final = -(2**62)
"""Below every rank."""


class SideView:
    """Watches the best `BOOK_DEPTH` levels of one side of a book: the window.

    `floor` is the rank of the worst level in the window as last told, `NO_FLOOR` while the window holds the whole side.
    `top_price` and `top_quantity` are the best level as last told, None and 0 where there was none; `top_changed` says
    that they are to be told.
    """

    __slots__ = ("book_side", "floor", "top_changed", "top_price", "top_quantity")

    def __init__(self, book_side: BookSide) -> None:
        self.book_side = book_side
        self.floor = NO_FLOOR
        self.top_price: Ticks | None = None
        self.top_quantity = 0
        self.top_changed = False

    def changes(self) -> tuple[Level, ...]:
        """Levels in the window that changed or scrolled into it since the last call, best first."""
        book_side, old_floor = self.book_side, self.floor
        ranks, changed = book_side.ranks, book_side.changed
        floor = self.floor = ranks[-BOOK_DEPTH] if len(ranks) >= BOOK_DEPTH else NO_FLOOR
        if len(changed) == 1 and floor >= old_floor:
            # The usual change: one level, and nothing scrolled.
            rank = changed.pop()
            if rank < floor:
                return ()
            if not ranks or rank >= ranks[-1]:
                self._update_top()
            level = book_side.levels.get(rank)
            return ((level.price, level.quantity) if level is not None else (book_side.price_of_rank(rank), 0),)
        told = self._ranks_to_tell(old_floor, floor)
        changed.clear()
        self._update_top()
        return tuple([book_side.level_at(rank) for rank in told])

    def _ranks_to_tell(self, old_floor: int, floor: int) -> list[int]:
        ranks, levels, changed = self.book_side.ranks, self.book_side.levels, self.book_side.changed
        # What came and went below the old window was never told.
        told = [rank for rank in changed if rank >= floor and (rank >= old_floor or rank in levels)]
        if floor < old_floor:
            # Levels scrolled in from below the old window.
            told += [rank for rank in ranks[-BOOK_DEPTH:] if rank < old_floor and rank not in changed]
        told.sort(reverse=True)
        return told

    def _update_top(self) -> None:
        ranks = self.book_side.ranks
        price: Ticks | None = None
        quantity = 0
        if ranks:
            best = self.book_side.levels[ranks[-1]]
            price, quantity = best.price, best.quantity
        if quantity != self.top_quantity or price != self.top_price:
            self.top_price, self.top_quantity, self.top_changed = price, quantity, True


class BookView:
    """Both sides of one book. `seq` counts the `BookChanged` events, so that readers can tell a gap."""

    __slots__ = ("instrument_id", "seq", "sides")

    def __init__(self, instrument_id: InstrumentId, book: OrderBook) -> None:
        self.instrument_id = instrument_id
        self.seq = 0
        self.sides: tuple[SideView, ...] = (SideView(book.sides[BUY]), SideView(book.sides[SELL]))

    def tell(self, events: list[Event]) -> None:
        """Add to `events` what there is to tell of everything that changed since the last call."""
        bid_side, ask_side = self.sides[BUY], self.sides[SELL]
        bids: tuple[Level, ...] = bid_side.changes() if bid_side.book_side.changed else ()
        asks: tuple[Level, ...] = ask_side.changes() if ask_side.book_side.changed else ()
        if not bids and not asks:
            return
        self.seq += 1
        events.append(BookChanged(self.instrument_id, self.seq, bids, asks))
        if bid_side.top_changed or ask_side.top_changed:
            bid_side.top_changed = ask_side.top_changed = False
            events.append(
                TopOfBookChanged(
                    self.instrument_id,
                    bid_side.top_price,
                    bid_side.top_quantity,
                    ask_side.top_price,
                    ask_side.top_quantity,
                )
            )
