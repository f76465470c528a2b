"""One instrument and its trading."""

from collections import deque
from typing import Final

from openoutcry.domain.day.marks import Mark
from openoutcry.domain.day.phases import PHASE_RULES, Phase
from openoutcry.domain.events import Event, IndicativeChanged, TradePrinted
from openoutcry.domain.instruments import Instrument, InstrumentStatus, Settlement
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.types import OrderId, Ticks, TimestampUs, TradeId
from openoutcry.matching.auction import Fixing, begin_call, end_call, fix_price
from openoutcry.matching.book import OrderBook
from openoutcry.matching.order import Order
from openoutcry.venue.state.market_data import BookView

Band = tuple[Ticks, Ticks]
DELTA_OF_SPOT: Final = 1_000_000

RECENT_TRADES: Final = 1_000
"""Public trades kept per instrument; older ones are forgotten."""


class Market:
    """One instrument and its trading. It also holds the facts of the instrument that every order needs."""

    __slots__ = (
        "band",
        "book",
        "delta_parts",
        "fleeting",
        "gathers",
        "has_expired",
        "indicates",
        "indicative",
        "instrument",
        "instrument_id",
        "is_option",
        "is_to_be_told",
        "mark",
        "matches",
        "maximum_ticks",
        "own_phase",
        "own_phases_begun",
        "phase",
        "rests_on",
        "scenarios",
        "settlement",
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
        self.is_to_be_told = False
        """Whether the command under way may have changed the book."""
        self.phase: Phase = "closed"
        """The phase in which it is. It follows from the session's and its own."""
        self.own_phase: Phase | None = None
        """Its own phase, where it is not the session's; while the session is closed, so is every market."""
        self.own_phases_begun = 0
        """Phases of its own, ever, and ends of them; the number of the present one."""
        self.trades_at_once = True
        """Whether orders trade as they come where the phase lets them: not with batch auctions."""
        self.matches = False
        """Whether an order that comes now trades at once. It follows from the two above."""
        self.gathers = False
        """Whether an order that comes now waits for an auction. It follows likewise."""
        self.indicates = False
        """Whether the public is to be told what an auction would do, or that there is none any more."""
        self.indicative: Fixing | None = None
        """What an auction would do, as last told."""
        self.fleeting: dict[OrderId, Order] = {}
        """Orders that leave after the next batch auction, if they are still at work then."""
        self.mark: Mark | None = None
        self.band: Band | None = None
        """As `bands.band_of` has made it last, from mark and underlyings; that is where to ask for it."""
        self.scenarios: tuple[int, tuple[int, ...]] | None = None
        """What it would be worth in each scenario of the cash check, and its mark of the same instant before these."""
        self.delta_parts = 1
        """How many parts of delta one unit of the mark's delta is: see `GameRules.parts_of_delta`."""
        self.rests_on: tuple[str, int] = (instrument.underlying, 1)
        """By which underlying's price an option goes, and what that is divided by: see `GameRules.rests_on`."""
        self.has_expired = False
        self.settlement: Settlement | None = None
        """What an expired instrument was settled at, once it is."""
        self.trades: deque[tuple[TimestampUs, TradePrinted]] = deque(maxlen=RECENT_TRADES)

    @property
    def contract_delta(self) -> int:
        """The delta of one contract or lot in contracts of the index, in parts of 1e-6. 0 as long as none is known."""
        if not self.is_option:
            return DELTA_OF_SPOT * self.delta_parts
        return 0 if self.mark is None else self.mark.delta * self.delta_parts

    def follow(self, session_phase: Phase) -> None:
        """The session is in this phase: so is the market, unless it has its own, or has expired."""
        if self.has_expired:
            self.phase = "closed"
        else:
            self.phase = session_phase if self.own_phase is None or session_phase == "closed" else self.own_phase
        rules = PHASE_RULES[self.phase]
        self.matches = self.trades_at_once and rules.matches
        self.gathers = rules.may_enter and not self.matches
        if self.gathers:
            self.indicates = True
        if self.gathers or rules.uncrosses:
            begin_call(self.book)
        else:
            end_call(self.book)

    @property
    def reference(self) -> Ticks | None:
        """The price, in ticks, that an auction leans on where the book leaves a choice: mark, else last trade."""
        if self.mark is not None:
            tick_size = self.instrument.tick_size
            return Ticks((2 * self.mark.value + tick_size) // (2 * tick_size))
        return self.trades[-1][1].price if self.trades else None

    def fixing(self) -> Fixing | None:
        """What an auction would do now."""
        return fix_price(self.book, self.reference)

    def tell_indicative(self, events: list[Event]) -> None:
        """Add to `events` what an auction would do, if that has changed. Nothing while one is held."""
        if not self.gathers and PHASE_RULES[self.phase].uncrosses:
            return
        self.indicates = self.gathers
        fixing = self.fixing() if self.gathers else None
        if fixing == self.indicative:
            return
        self.indicative = fixing
        events.append(self.indicated())

    def indicated(self) -> IndicativeChanged:
        """What an auction would do, as last told."""
        fixing = self.indicative
        price, volume, surplus = (None, 0, 0) if fixing is None else fixing
        side = None if not surplus else BUY if surplus > 0 else SELL
        return IndicativeChanged(self.instrument_id, price, volume, abs(surplus), side)

    @property
    def status(self) -> InstrumentStatus:
        if self.has_expired:
            return "expired" if self.settlement is None else "settled"
        return "halted" if self.own_phase == "halted" else "listed"

    def forget_trade(self, trade_id: TradeId) -> None:
        """Take the trade out of the recent ones."""
        for place, (_, trade) in enumerate(self.trades):
            if trade.trade_id == trade_id:
                del self.trades[place]
                return
