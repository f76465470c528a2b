"""Positions and maintained books by instrument."""

from openoutcry.client.stream.books import LocalBook
from openoutcry.protocol.responses import InstrumentInfo
from openoutcry.protocol.stream import BookSnapshot, BookUpdate


class Positions(dict[str, int]):
    """Net contracts or lots by instrument: 0 for one that was never traded."""

    def __missing__(self, instrument_id: str) -> int:
        return 0


class Books(dict[str, LocalBook]):
    """The maintained books by instrument."""

    def __init__(self, instruments: dict[str, InstrumentInfo]) -> None:
        super().__init__()
        self._instruments = instruments

    def take(self, message: BookSnapshot | BookUpdate) -> tuple[LocalBook, bool]:
        """The book with this change in it, and whether it is right. If not, its channel must be asked for again."""
        book = self.get(message.instrument_id)
        if book is None:
            tick_size = self._instruments[message.instrument_id].tick_size
            book = self[message.instrument_id] = LocalBook(message.instrument_id, tick_size)
        return book, book.apply(message)
