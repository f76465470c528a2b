"""What a bot may be told: a handler for each kind of message, none of which does anything until a class defines it."""

from collections.abc import Awaitable

from openoutcry.client.bot.asking.refusal import Refusal
from openoutcry.client.events import Disconnected, Event, StreamReset
from openoutcry.client.stream.books import LocalBook
from openoutcry.protocol.stream import (
    Announcement,
    AuctionIndicative,
    BookSnapshot,
    BookUpdate,
    DutyStatus,
    ExecutionReport,
    Greeks,
    InstrumentExpired,
    InstrumentListed,
    Leaderboard,
    NewOrderAck,
    News,
    OrderAmended,
    OrderCancelled,
    PositionUpdate,
    ProtectionTriggered,
    SessionStatus,
    Settlement,
    Signal,
    TopOfBook,
    Trade,
    TradeBusted,
    UnderlyingPrice,
    Welcome,
)

Handling = Awaitable[object] | None
"""What a handler returns: nothing, or the coroutine that an `async` handler is."""


class Handlers:
    """May be plain or `async`. The parameter's name is free."""

    def on_start(self) -> Handling:
        """The bot is connected, and its state is known."""

    def on_stop(self) -> Handling:
        """The bot is about to end. Its orders are cancelled afterwards."""

    def on_timer(self) -> Handling:
        """So many seconds have passed: see `every`."""

    def on_book(self, book: LocalBook, /) -> Handling:
        """The maintained book of an instrument has changed."""

    def on_refused(self, refusal: Refusal, /) -> Handling:
        """The exchange has refused something. Without this handler the first refusals are logged."""

    def on_event(self, event: Event, /) -> Handling:
        """A message that has no handler of its own."""

    def on_new_order_ack(self, ack: NewOrderAck, /) -> Handling:
        """An order is in the book, or about to match."""

    def on_execution_report(self, fill: ExecutionReport, /) -> Handling:
        """An order has traded."""

    def on_order_cancelled(self, cancelled: OrderCancelled, /) -> Handling:
        """An order has left the book; `reason` says why."""

    def on_order_amended(self, amended: OrderAmended, /) -> Handling:
        """An order has new terms."""

    def on_protection_triggered(self, protection: ProtectionTriggered, /) -> Handling:
        """Market-maker protection has pulled the quotes of a group."""

    def on_position_update(self, update: PositionUpdate, /) -> Handling:
        """A position or the cash has changed."""

    def on_trade_busted(self, busted: TradeBusted, /) -> Handling:
        """The organiser has undone a trade."""

    def on_duty_status(self, duty: DutyStatus, /) -> Handling:
        """A duty of the role is met or breached, or the level of sanctions has changed."""

    def on_signal(self, signal: Signal, /) -> Handling:
        """A private signal of the role."""

    def on_book_snapshot(self, snapshot: BookSnapshot, /) -> Handling:
        """The whole visible book of an instrument. `on_book` is the easier handler."""

    def on_book_update(self, update: BookUpdate, /) -> Handling:
        """Changed levels of a book. `on_book` is the easier handler."""

    def on_top_of_book(self, top: TopOfBook, /) -> Handling:
        """Best bid and ask of an instrument have changed."""

    def on_auction_indicative(self, indicative: AuctionIndicative, /) -> Handling:
        """What an auction would do now."""

    def on_trade(self, trade: Trade, /) -> Handling:
        """Somebody has traded."""

    def on_session_status(self, status: SessionStatus, /) -> Handling:
        """The session, or an instrument, is in another phase."""

    def on_instrument_listed(self, listed: InstrumentListed, /) -> Handling:
        """An instrument can be traded from now on."""

    def on_instrument_expired(self, expired: InstrumentExpired, /) -> Handling:
        """An instrument can be traded no more."""

    def on_settlement(self, settlement: Settlement, /) -> Handling:
        """An instrument is paid out."""

    def on_news(self, news: News, /) -> Handling:
        """A headline."""

    def on_announcement(self, announcement: Announcement, /) -> Handling:
        """Words of the organiser."""

    def on_underlying_price(self, price: UnderlyingPrice, /) -> Handling:
        """The price of an underlying: each market second."""

    def on_greeks(self, greeks: Greeks, /) -> Handling:
        """Theoretical value, volatility and Greeks of an option."""

    def on_leaderboard(self, leaderboard: Leaderboard, /) -> Handling:
        """Everybody's scores, as far as they are shown."""

    def on_welcome(self, welcome: Welcome, /) -> Handling:
        """A connection is open. In a simulation there is none."""

    def on_disconnected(self, disconnected: Disconnected, /) -> Handling:
        """The connection is lost, and will be opened again. In a simulation it never is."""

    def on_stream_reset(self, reset: StreamReset, /) -> Handling:
        """The exchange has lost events; the bot's state is what its `welcome` says."""
