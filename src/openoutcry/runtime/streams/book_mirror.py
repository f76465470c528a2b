"""The best levels of one book, kept from its changes as any reader of the `book` channel would keep them."""

from bisect import bisect_left
from collections.abc import Iterable

from openoutcry.domain.events import BookChanged, Level
from openoutcry.domain.types import BOOK_DEPTH, Ticks
from openoutcry.domain.views import DepthView
from openoutcry.protocol.checksum import book_checksum


class _Side:
    """Levels of one side, best first, in two lists side by side."""

    def __init__(self, sign: int, levels: Iterable[Level]) -> None:
        """`sign`: 1 if the lowest price is best (asks), -1 if the highest is (bids)."""
        self._sign = sign
        self._ranks: list[int] = []
        self._quantities: list[int] = []
        self.apply(levels)

    def apply(self, changes: Iterable[Level]) -> None:
        for ticks, quantity in changes:
            rank = self._sign * ticks
            place = bisect_left(self._ranks, rank)
            known = place < len(self._ranks) and self._ranks[place] == rank
            if known and quantity:
                self._quantities[place] = quantity
            elif known:
                del self._ranks[place], self._quantities[place]
            elif quantity:
                self._ranks.insert(place, rank)
                self._quantities.insert(place, quantity)
        del self._ranks[BOOK_DEPTH:], self._quantities[BOOK_DEPTH:]

    def levels(self) -> tuple[Level, ...]:
        return tuple(
            (Ticks(self._sign * rank), quantity) for rank, quantity in zip(self._ranks, self._quantities, strict=True)
        )


class BookMirror:
    """A copy of one book's best levels, from one depth and every change since."""

    def __init__(self, depth: DepthView) -> None:
        self._instrument_id = depth.instrument_id
        self._book_seq = depth.book_seq
        self._bids = _Side(-1, depth.bids)
        self._asks = _Side(1, depth.asks)
        self.snapshot: bytes | None = None
        """The encoded `book_snapshot` of this state, once it was needed."""

    def apply(self, change: BookChanged) -> int | None:
        """Apply the next change; the checksum of the book after it. None for a change already in the first depth."""
        if change.book_seq <= self._book_seq:
            return None
        assert change.book_seq == self._book_seq + 1, (  # noqa: S101
            f"book {self._instrument_id}: change {change.book_seq} follows {self._book_seq}"
        )
        self._book_seq = change.book_seq
        self._bids.apply(change.bids)
        self._asks.apply(change.asks)
        self.snapshot = None
        return book_checksum(self._asks.levels(), self._bids.levels())

    def depth(self) -> DepthView:
        return DepthView(self._instrument_id, self._bids.levels(), self._asks.levels(), self._book_seq)
