"""What the public sees of one book: the changes that a command made among its best levels, and its top."""

from typing import Final

from openoutcry.domain.events import BookChanged, Event, Level, TopOfBookChanged
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.types import BOOK_DEPTH, InstrumentId, Ticks
from openoutcry.matching.book import WORST_RANK, BookSide, OrderBook

# Looked up once, as in `outcome`.
_BookChanged: Final = BookChanged
_TopOfBookChanged: Final = TopOfBookChanged


class SideView:
    """Watches the best `BOOK_DEPTH` levels of one side of a book: the window.

    The side is watched from the worst level in the window on, as last told; from `WORST_RANK` on while the window holds
    the whole side. `top_price` and `top_quantity` are the best level as last told, None and 0 if there was none;
    `top_changed`: they must be told.
    """

    __slots__ = ("book_side", "top_changed", "top_price", "top_quantity")

    def __init__(self, book_side: BookSide) -> None:
        self.book_side = book_side
        book_side.watched_from = WORST_RANK
        self.top_price: Ticks | None = None
        self.top_quantity = 0
        self.top_changed = False

    def changes(self) -> tuple[Level, ...]:
        """Levels in the window that changed or scrolled into it since the last call, best first."""
        book_side = self.book_side
        ranks, changed, old_floor = book_side.ranks, book_side.changed, book_side.watched_from
        floor = book_side.watched_from = ranks[-BOOK_DEPTH] if len(ranks) >= BOOK_DEPTH else WORST_RANK
        if len(changed) == 1 and floor >= old_floor:
            # The usual change: one level, and nothing scrolled in.
            rank = changed.pop()
            if rank < floor:
                return ()
            level = book_side.levels.get(rank)
            if level is None:
                if rank > book_side.best_rank:
                    self._update_top()
                return ((-rank if book_side.side else rank, 0),)  # type: ignore[return-value]
            if rank == book_side.best_rank:
                self.top_price, self.top_quantity, self.top_changed = level.price, level.quantity, True
            return ((level.price, level.quantity),)
        told = {rank for rank in changed if rank >= floor}
        changed.clear()
        if floor < old_floor:
            # Levels scrolled in from below the old window, which was not watched.
            told.update([rank for rank in ranks[-BOOK_DEPTH:] if rank < old_floor])
        self._update_top()
        return tuple([book_side.level_at(rank) for rank in sorted(told, reverse=True)])

    def _update_top(self) -> None:
        book_side = self.book_side
        price: Ticks | None
        if book_side.ranks:
            best = book_side.levels[book_side.best_rank]
            price, quantity = best.price, best.quantity
        else:
            price, quantity = None, 0
        if quantity != self.top_quantity or price != self.top_price:
            self.top_price, self.top_quantity, self.top_changed = price, quantity, True


class BookView:
    """Both sides of one book. `seq` counts the `BookChanged` events, so that readers can tell a gap."""

    __slots__ = ("asks", "bids", "instrument_id", "seq")

    def __init__(self, instrument_id: InstrumentId, book: OrderBook) -> None:
        self.instrument_id = instrument_id
        self.seq = 0
        self.bids = SideView(book.sides[BUY])
        self.asks = SideView(book.sides[SELL])

    def tell(self, events: list[Event]) -> None:
        """Add to `events` the market data for all changes since the last call."""
        bids, asks = self.bids, self.asks
        changed_bids: tuple[Level, ...] = bids.changes() if bids.book_side.changed else ()
        changed_asks: tuple[Level, ...] = asks.changes() if asks.book_side.changed else ()
        if not changed_bids and not changed_asks:
            return
        self.seq = seq = self.seq + 1
        events.append(_BookChanged(self.instrument_id, seq, changed_bids, changed_asks))
        if bids.top_changed or asks.top_changed:
            bids.top_changed = asks.top_changed = False
            events.append(
                _TopOfBookChanged(
                    self.instrument_id, bids.top_price, bids.top_quantity, asks.top_price, asks.top_quantity
                )
            )
