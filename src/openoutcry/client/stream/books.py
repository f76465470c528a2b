"""Order books from the `book:` channel. Each update must follow the one before and match its checksum.

Updates hold only the levels that change. A book that has missed one is wrong until a new snapshot arrives.
"""

import logging
from typing import Final, NamedTuple

from openoutcry.domain.types import BOOK_DEPTH, MONEY_UNITS, Ticks
from openoutcry.protocol.checksum import book_checksum
from openoutcry.protocol.responses import LevelInfo
from openoutcry.protocol.stream import BookSnapshot, BookUpdate

MAX_RESYNCS: Final = 5
"""How many snapshots in a row may be requested without an update that fits. Then the book is given up, and logged."""

_log = logging.getLogger("openoutcry.client")


class Level(NamedTuple):
    price: float
    quantity: int


Levels = tuple[tuple[Ticks, int], ...]


class LocalBook:
    """The best levels of an instrument's book. Any thread may read it. Each property shows one consistent state.

    While `synced` is False, before the first snapshot or until the next, the levels are the last known ones.
    """

    def __init__(self, instrument_id: str, tick_size: float) -> None:
        self.instrument_id = instrument_id
        self.synced = False
        self.book_seq = 0
        self._tick_units = round(tick_size * MONEY_UNITS)
        self._bids: Levels = ()
        self._asks: Levels = ()
        self._resyncs = 0

    def __repr__(self) -> str:
        sides = " / ".join(
            "none" if best is None else f"{best.quantity} @ {best.price}" for best in (self.best_bid, self.best_ask)
        )
        return f"<LocalBook {self.instrument_id}: {sides}{'' if self.synced else ', not synced'}>"

    @property
    def bids(self) -> list[Level]:
        """Best first."""
        return [Level(self._price(ticks), quantity) for ticks, quantity in self._bids]

    @property
    def asks(self) -> list[Level]:
        """Best first."""
        return [Level(self._price(ticks), quantity) for ticks, quantity in self._asks]

    @property
    def best_bid(self) -> Level | None:
        return next(iter(self.bids[:1]), None)

    @property
    def best_ask(self) -> Level | None:
        return next(iter(self.asks[:1]), None)

    @property
    def channel(self) -> str:
        return f"book:{self.instrument_id}"

    def apply(self, message: BookSnapshot | BookUpdate) -> bool:
        """Take in a message. False if the book needs a new snapshot: the caller must subscribe to its channel again."""
        if isinstance(message, BookUpdate):
            if not self.synced or message.book_seq <= self.book_seq:
                return True
            fits = message.prev_book_seq == self.book_seq
            bids, asks = self._changed(self._bids, message.bids), self._changed(self._asks, message.asks)
        else:
            fits = True
            bids, asks = self._changed((), message.bids), self._changed((), message.asks)
        bids, asks = bids[::-1][:BOOK_DEPTH], asks[:BOOK_DEPTH]
        if not fits or book_checksum(asks, bids) != message.checksum:
            return self._fall_out(message)
        if isinstance(message, BookUpdate):
            self._resyncs = 0
        self._bids, self._asks, self.book_seq, self.synced = bids, asks, message.book_seq, True
        return True

    def disconnected(self) -> None:
        """Note that updates are missed until the snapshot after the next connection."""
        self.synced = False

    def _fall_out(self, message: BookSnapshot | BookUpdate) -> bool:
        self.synced = False
        self._resyncs += 1
        if self._resyncs <= MAX_RESYNCS:
            return False
        _log.error(
            "book %s given up after %d snapshots: %s %d does not fit book_seq and checksum",
            self.instrument_id,
            MAX_RESYNCS,
            message.type,
            message.book_seq,
        )
        return True

    def _changed(self, levels: Levels, changes: list[LevelInfo]) -> Levels:
        """The levels after the changes, in ascending order of price."""
        quantities = dict(levels)
        for change in changes:
            quantities[self._ticks(change.price)] = change.quantity
        return tuple(sorted((ticks, quantity) for ticks, quantity in quantities.items() if quantity))

    def _ticks(self, price: float) -> Ticks:
        return Ticks(round(price * MONEY_UNITS / self._tick_units))

    def _price(self, ticks: int) -> float:
        return ticks * self._tick_units / MONEY_UNITS
