"""Messages of channels about books, trades and auctions."""

from typing import ClassVar, Literal

from openoutcry.domain.orders import SideName
from openoutcry.protocol.responses import LevelInfo
from openoutcry.protocol.stream.message import Message


class BookSnapshot(Message, kw_only=True, tag="book_snapshot"):
    """The best levels, best first, as of `book_seq`. Replaces the reader's copy of this book."""

    type: ClassVar[Literal["book_snapshot"]] = "book_snapshot"
    instrument_id: str
    book_seq: int
    bids: list[LevelInfo]
    asks: list[LevelInfo]
    checksum: int
    timestamp: str


class BookUpdate(Message, kw_only=True, tag="book_update"):
    """Changed levels among the best; absolute quantities, 0 removes. After applying, keep the best 20 a side."""

    type: ClassVar[Literal["book_update"]] = "book_update"
    instrument_id: str
    book_seq: int
    prev_book_seq: int
    bids: list[LevelInfo]
    asks: list[LevelInfo]
    checksum: int
    timestamp: str
    sequence: int


class TopOfBook(Message, kw_only=True, tag="top_of_book"):
    """Best bid and ask with sizes; null prices where a side is empty."""

    type: ClassVar[Literal["top_of_book"]] = "top_of_book"
    instrument_id: str
    bid_price: float | None
    bid_quantity: int
    ask_price: float | None
    ask_quantity: int
    timestamp: str


class AuctionIndicative(Message, kw_only=True, tag="auction_indicative"):
    """What an auction would do now: price and volume, and what would be left. A null price: nothing would trade.

    At most four a second of one instrument, always the newest.
    """

    type: ClassVar[Literal["auction_indicative"]] = "auction_indicative"
    instrument_id: str
    price: float | None
    volume: int
    imbalance: int
    imbalance_side: SideName | None
    timestamp: str


class Trade(Message, kw_only=True, tag="trade"):
    """A public trade. `aggressor_side`: the side of the order that came later; null in an auction."""

    type: ClassVar[Literal["trade"]] = "trade"
    trade_id: str
    instrument_id: str
    price: float
    quantity: int
    aggressor_side: SideName | None
    timestamp: str
    sequence: int
