"""One instrument and its trading."""

from collections import deque
from typing import Final

from openoutcry.domain.events import TradePrinted
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.marks import Mark
from openoutcry.domain.phases import PHASE_RULES, Phase
from openoutcry.domain.types import TimestampUs, TradeId
from openoutcry.matching.book import OrderBook
from openoutcry.venue.market_data import BookView

RECENT_TRADES: Final = 1_000
"""Public trades kept per instrument; older ones are forgotten."""


class Market:
    """One instrument and its trading. It also holds the facts of the instrument that every order needs."""

    __slots__ = (
        "book",
        "instrument",
        "instrument_id",
        "is_option",
        "mark",
        "matches",
        "maximum_ticks",
        "own_phase",
        "phase",
        "tick_value",
        "trades",
        "trades_at_once",
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
        self.phase: Phase = "closed"
        """The phase in which it is. It follows from the session's and its own."""
        self.own_phase: Phase | None = None
        """Its own phase, where it is not the session's; while the session is closed, so is every market."""
        self.trades_at_once = True
        """Whether orders trade as they come where the phase lets them: not with batch auctions."""
        self.matches = False
        """Whether an order that comes now trades at once. It follows from the two above."""
        self.mark: Mark | None = None
        self.trades: deque[tuple[TimestampUs, TradePrinted]] = deque(maxlen=RECENT_TRADES)

    def follow(self, session_phase: Phase) -> None:
        """The session is in this phase: so is the market, unless it has its own."""
        self.phase = session_phase if self.own_phase is None or session_phase == "closed" else self.own_phase
        self.matches = self.trades_at_once and PHASE_RULES[self.phase].matches

    def forget_trade(self, trade_id: TradeId) -> None:
        """Take the trade out of the recent ones."""
        for place, (_, trade) in enumerate(self.trades):
            if trade.trade_id == trade_id:
                del self.trades[place]
                return
