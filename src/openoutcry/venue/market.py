"""One instrument and its trading."""

from collections import deque
from typing import Final

from openoutcry.domain.events import TradePrinted
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.types import TimestampUs
from openoutcry.matching.book import OrderBook
from openoutcry.venue.market_data import BookView

RECENT_TRADES: Final = 1_000
"""Public trades kept per instrument; older ones are forgotten."""


class Market:
    """One instrument and its trading. It also holds the facts of the instrument that every order needs."""

    __slots__ = (
        "book",
        "halted",
        "instrument",
        "instrument_id",
        "is_option",
        "maximum_ticks",
        "tick_value",
        "trades",
        "view",
    )

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.instrument_id = instrument.instrument_id
        self.is_option = instrument.kind == "option"
        self.tick_value = instrument.tick_value
        self.maximum_ticks = instrument.maximum_ticks
        self.book = OrderBook()
        self.view = BookView(instrument.instrument_id, self.book)
        self.halted = False
        self.trades: deque[tuple[TimestampUs, TradePrinted]] = deque(maxlen=RECENT_TRADES)
