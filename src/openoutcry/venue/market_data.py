"""What the public sees of one book: the changes that a command made among its best levels, and its top."""

from openoutcry.domain.events import BookChanged, Level, PublicEvent, TopOfBookChanged
from openoutcry.domain.orders import BUY, SELL, Side
from openoutcry.domain.types import BOOK_DEPTH, InstrumentId, Ticks
from openoutcry.matching.book import BookSide, OrderBook

Top = tuple[Ticks | None, int, Ticks | None, int]


class BookView:
    """Watches the best `BOOK_DEPTH` levels a side of one book.

    `touch` notes every level that a command changed; `changes` then says what readers must be told, and forgets.
    `seq` counts the `BookChanged` events, so that readers can tell a gap.
    """

    __slots__ = ("book", "floors", "instrument_id", "seq", "top", "touched")

    def __init__(self, instrument_id: InstrumentId, book: OrderBook) -> None:
        self.instrument_id = instrument_id
        self.book = book
        self.seq = 0
        self.touched: tuple[list[int], list[int]] = ([], [])
        # Rank of the worst level in the window as last told; None while the window holds the whole side.
        self.floors: list[int | None] = [None, None]
        self.top: Top = (None, 0, None, 0)

    def touch(self, side: Side, rank: int) -> None:
        """Note that the level of `rank` on `side` has another quantity now."""
        self.touched[side].append(rank)

    def changes(self) -> list[PublicEvent]:
        """Events for everything touched since the last call."""
        bids, asks = self._side_changes(BUY), self._side_changes(SELL)
        if not bids and not asks:
            return []
        self.seq += 1
        events: list[PublicEvent] = [BookChanged(self.instrument_id, self.seq, bids, asks)]
        top = self._current_top()
        if top != self.top:
            self.top = top
            events.append(TopOfBookChanged(self.instrument_id, *top))
        return events

    def _side_changes(self, side: Side) -> tuple[Level, ...]:
        touched = self.touched[side]
        if not touched:
            return ()
        book_side = self.book.sides[side]
        ranks, levels = book_side.ranks, book_side.levels
        old_floor = self.floors[side]
        floor = self.floors[side] = ranks[-BOOK_DEPTH] if len(ranks) >= BOOK_DEPTH else None
        told = {
            rank
            for rank in touched
            if (floor is None or rank >= floor) and (rank in levels or old_floor is None or rank >= old_floor)
        }
        touched.clear()
        if old_floor is not None and (floor is None or floor < old_floor):
            # Levels scrolled in from below the old window.
            told.update(rank for rank in ranks[-BOOK_DEPTH:] if rank < old_floor)
        return tuple(
            (book_side.price_of_rank(rank), levels[rank].quantity if rank in levels else 0)
            for rank in sorted(told, reverse=True)
        )

    def _current_top(self) -> Top:
        bid_price, bid_quantity = _best(self.book.sides[BUY])
        ask_price, ask_quantity = _best(self.book.sides[SELL])
        return bid_price, bid_quantity, ask_price, ask_quantity


def _best(side: BookSide) -> tuple[Ticks | None, int]:
    best = side.best
    return (None, 0) if best is None else (best.price, best.quantity)
