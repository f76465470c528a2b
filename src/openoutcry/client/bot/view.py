"""What a bot sees of its team and of the market, as of the last message."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, Final

from openoutcry.client.bot.books import Books, Positions
from openoutcry.client.bot.line import Line, Standing
from openoutcry.client.bot.orders import Orders
from openoutcry.client.bot.values import Values
from openoutcry.client.events import StreamReset
from openoutcry.client.stream.books import LocalBook
from openoutcry.domain.day.phases import Phase
from openoutcry.protocol.responses import AccountInfo, InstrumentInfo, MarketData
from openoutcry.protocol.stream import (
    BookSnapshot,
    BookUpdate,
    ExecutionReport,
    Greeks,
    InstrumentExpired,
    InstrumentListed,
    NewOrderAck,
    OrderAmended,
    OrderCancelled,
    PositionUpdate,
    SessionStatus,
    TopOfBook,
    UnderlyingPrice,
    Welcome,
)


class View:
    """`takes` holds what takes in the messages of a type; the other types change nothing here."""

    def __init__(self, line: Line, channels: Iterable[str]) -> None:
        self.line = line
        self.reads: Final = frozenset(channel.partition(":")[0] for channel in channels)
        """The kinds of channels that it reads."""
        self.account: AccountInfo
        self.team_id = ""
        self.instruments: dict[str, InstrumentInfo] = {}
        self.orders = Orders()
        self.positions = Positions()
        self.books = Books(self.instruments)
        self.tops: dict[str, TopOfBook] = {}
        self.greeks: dict[str, Greeks] = {}
        self.underlyings: dict[str, float] = {}
        self.values = Values(self.instruments, self.greeks, self.underlyings)
        self.phase: Phase = "closed"
        self.market_time_text: str | None = None
        self._date_text: str | None = None
        """The session's, where there is no market time."""
        self.speed = 1.0
        """Market seconds in a second of wall time."""
        self.cash = 0.0
        self.fees_paid = 0.0
        self.changed_book: LocalBook | None = None
        """The one that the last message has changed."""
        self.takes: Final[dict[type, Callable[[Any], None]]] = {
            NewOrderAck: self.orders.acknowledged,
            OrderAmended: self.orders.acknowledged,
            ExecutionReport: self.orders.executed,
            OrderCancelled: self.orders.cancelled,
            PositionUpdate: self._position,
            TopOfBook: self._top,
            Greeks: self._greeks,
            UnderlyingPrice: self._underlying,
            SessionStatus: self._session,
            InstrumentListed: self._listed,
            InstrumentExpired: self._expired,
            Welcome: self._welcome,
            StreamReset: self._reset,
        }
        if "book" in self.reads:
            self.takes[BookSnapshot] = self.takes[BookUpdate] = self._book

    def take_over(self, standing: Standing) -> None:
        """Begin with how things stand."""
        self.team_id, self.account = standing.team_id, standing.account
        self.instruments.update((each.instrument_id, each) for each in standing.instruments)
        self.positions.update((name, net) for name, net in standing.positions.items() if net)
        self.orders.begin(standing.orders)
        self.cash, self.fees_paid = standing.account.cash, standing.account.fees_paid
        self.take_over_market(standing.market)

    def refresh(self, market: MarketData, instruments: Iterable[InstrumentInfo]) -> None:
        """Take over reference data after messages may have been missed."""
        known = {each.instrument_id: each for each in instruments}
        for instrument_id in [name for name in self.instruments if name not in known]:
            self._forget(instrument_id)
        self.instruments.update(known)
        self.take_over_market(market)

    def take_over_market(self, market: MarketData) -> None:
        """Note how the session stands. Before the first one there is no market time."""
        self.underlyings.update(market.underlyings)
        self._go_at(market.speed)
        self.phase = market.phase
        self._date_text = market.session_date
        if not market.market_time.endswith("Z"):  # as only wall time is written, which is shown where there is no other
            self.market_time_text = market.market_time

    @property
    def market_time(self) -> datetime | None:
        return None if self.market_time_text is None else datetime.fromisoformat(self.market_time_text)

    @property
    def session_date(self) -> date | None:
        text = self.market_time_text or self._date_text
        return None if text is None else date.fromisoformat(text[:10])

    def _go_at(self, speed: float) -> None:
        """Note how fast market time passes."""
        self.speed = speed

    # ---- what messages change

    def _position(self, event: PositionUpdate) -> None:
        if event.position:
            self.positions[event.instrument_id] = event.position
        else:
            self.positions.pop(event.instrument_id, None)
        self.cash, self.fees_paid = event.cash, event.fees_paid

    def _top(self, event: TopOfBook) -> None:
        self.tops[event.instrument_id] = event

    def _greeks(self, event: Greeks) -> None:
        self.greeks[event.instrument_id] = event

    def _underlying(self, event: UnderlyingPrice) -> None:
        self.underlyings[event.symbol] = event.price
        self.market_time_text = event.market_time

    def _session(self, event: SessionStatus) -> None:
        if event.instrument_id is None:
            self.phase = event.phase
        if event.market_time is not None:
            self.market_time_text = event.market_time

    def _listed(self, event: InstrumentListed) -> None:
        self.instruments[event.instrument.instrument_id] = event.instrument

    def _expired(self, event: InstrumentExpired) -> None:
        self._forget(event.instrument_id)

    def _forget(self, instrument_id: str) -> None:
        for kept in (self.instruments, self.books, self.tops, self.greeks):
            kept.pop(instrument_id, None)

    def _book(self, event: BookSnapshot | BookUpdate) -> None:
        if event.instrument_id not in self.instruments:
            return
        book, is_right = self.books.take(event)
        if not is_right:
            self.line.subscribe([book.channel])
        elif book.synced:
            self.changed_book = book

    def _welcome(self, _event: Welcome) -> None:
        """After a connection was lost: books come anew. Private events go on where they ended."""
        for book in self.books.values():
            book.disconnected()

    def _reset(self, event: StreamReset) -> None:
        """The exchange has lost events: its own state is the truth."""
        welcome = event.welcome
        self.positions.clear()
        self.positions.update((name, net) for name, net in (welcome.positions or {}).items() if net)
        self.orders.begin(welcome.orders or (), are_all=not welcome.orders_omitted)
        if welcome.account is not None:
            self.cash, self.fees_paid = welcome.account.cash, welcome.account.fees_paid
