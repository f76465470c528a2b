"""What the public sees of one book: the changes that a command made among its best levels, and its top."""

from typing import Final

from openoutcry.domain.events import BookChanged, Level, PublicEvent, TopOfBookChanged
from openoutcry.domain.orders import BUY, SELL, Side
from openoutcry.domain.types import BOOK_DEPTH, InstrumentId, Ticks
from openoutcry.matching.book import OrderBook

Top = tuple[Ticks | None, int]
NO_TOP: Final[Top] = (None, 0)


class BookView:
    """Watches the best `BOOK_DEPTH` levels a side of one book.

    `touch` notes every level that a command changed; `changes` then says what readers must be told, and forgets.
    `seq` counts the `BookChanged` events, so that readers can tell a gap.
    """

    __slots__ = ("book", "floors", "instrument_id", "seq", "tops", "touched")

    def __init__(self, instrument_id: InstrumentId, book: OrderBook) -> None:
        self.instrument_id = instrument_id
        self.book = book
        self.seq = 0
        self.touched: tuple[list[int], list[int]] = ([], [])
        # Rank of the worst level in the window as last told; None while the window holds the whole side.
        self.floors: list[int | None] = [None, None]
        # Each side's best level as last told.
        self.tops: list[Top] = [NO_TOP, NO_TOP]

    def touch(self, side: Side, rank: int) -> None:
        """Note that the level of `rank` on `side` has another quantity now."""
        self.touched[side].append(rank)

    def changes(self) -> list[PublicEvent]:
        """Events for everything touched since the last call."""
        touched_bids, touched_asks = self.touched
        bids = self._side_changes(BUY, touched_bids) if touched_bids else ()
        asks = self._side_changes(SELL, touched_asks) if touched_asks else ()
        if not bids and not asks:
            return []
        self.seq += 1
        events: list[PublicEvent] = [BookChanged(self.instrument_id, self.seq, bids, asks)]
        bid_changed = bool(bids) and self._top_changed(BUY)
        ask_changed = bool(asks) and self._top_changed(SELL)
        if bid_changed or ask_changed:
            events.append(TopOfBookChanged(self.instrument_id, *self.tops[BUY], *self.tops[SELL]))
        return events

    def _side_changes(self, side: Side, touched: list[int]) -> tuple[Level, ...]:
        book_side = self.book.sides[side]
        ranks, levels = book_side.ranks, book_side.levels
        old_floor = self.floors[side]
        floor = self.floors[side] = ranks[-BOOK_DEPTH] if len(ranks) >= BOOK_DEPTH else None
        if old_floor is None and floor is None:
            told = touched if len(touched) == 1 else sorted(set(touched), reverse=True)
        else:
            seen = {
                rank
                for rank in touched
                if (floor is None or rank >= floor) and (rank in levels or old_floor is None or rank >= old_floor)
            }
            if old_floor is not None and (floor is None or floor < old_floor):
                # Levels scrolled in from below the old window.
                seen.update(rank for rank in ranks[-BOOK_DEPTH:] if rank < old_floor)
            told = sorted(seen, reverse=True)
        changes = [
            (level.price, level.quantity)
            if (level := levels.get(rank)) is not None
            else (book_side.price_of_rank(rank), 0)
            for rank in told
        ]
        touched.clear()
        return tuple(changes)

    def _top_changed(self, side: Side) -> bool:
        """Bring the side's top up to date; whether it is another now."""
        best = self.book.sides[side].best
        top = NO_TOP if best is None else (best.price, best.quantity)
        if top == self.tops[side]:
            return False
        self.tops[side] = top
        return True
