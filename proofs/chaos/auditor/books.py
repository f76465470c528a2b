"""The public book as a reader keeps it: from a snapshot and every update since, never with a gap."""

from collections.abc import Callable, Iterable

from openoutcry.domain.types import BOOK_DEPTH
from openoutcry.protocol.responses import LevelInfo
from openoutcry.protocol.stream import BookSnapshot, BookUpdate
from proofs.chaos.auditor.findings import Findings

CLAIM = "books are whole and never crossed"

Crossed = Callable[[str, str, int], None]
"""Is told of a crossed book: the connection, the instrument, and the command after which it was so."""


class BookReader:
    """One book on one connection."""

    def __init__(self, line: str, findings: Findings, crossed: Crossed) -> None:
        self._line = line
        self._findings = findings
        self._crossed = crossed
        self._book_seq: int | None = None
        self._bids: dict[float, int] = {}
        self._asks: dict[float, int] = {}

    def read(self, message: BookSnapshot | BookUpdate) -> None:
        about = f"{self._line} {message.instrument_id} {message.book_seq}"
        if isinstance(message, BookSnapshot):
            self._bids.clear()
            self._asks.clear()
        else:
            self._findings.equal(CLAIM, about, expected=self._book_seq, told=message.prev_book_seq)
        self._book_seq = message.book_seq
        _apply(self._bids, message.bids, best_is_highest=True)
        _apply(self._asks, message.asks, best_is_highest=False)
        # A snapshot does not tell after which command it was so.
        is_crossed = self._bids and self._asks and max(self._bids) >= min(self._asks)
        if is_crossed and isinstance(message, BookUpdate):
            self._crossed(self._line, message.instrument_id, message.sequence)


def _apply(side: dict[float, int], levels: Iterable[LevelInfo], *, best_is_highest: bool) -> None:
    for level in levels:
        if level.quantity:
            side[level.price] = level.quantity
        else:
            side.pop(level.price, None)
    for price in sorted(side, reverse=best_is_highest)[BOOK_DEPTH:]:
        del side[price]
