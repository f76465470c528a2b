"""The public channels: their readers, and the present state with which a reader begins.

An event without readers is neither translated nor encoded; any other is encoded once, for all its readers.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

from openoutcry.domain.day.game_rules import NO_GAME, GameRules
from openoutcry.domain.day.phases import Phase
from openoutcry.domain.events import (
    Announced,
    BookChanged,
    IndicativeChanged,
    InstrumentExpired,
    InstrumentListed,
    InstrumentSettled,
    MarksPublished,
    NewsPublished,
    PhaseChanged,
    TopOfBookChanged,
    TradeBusted,
    TradePrinted,
)
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.rulebook import RoleRules
from openoutcry.domain.types import BOOK_DEPTH, InstrumentId, Sequence, TimestampUs
from openoutcry.domain.views import DepthView, MarketView
from openoutcry.protocol.channels import ChannelName
from openoutcry.protocol.stream import PublicMessage
from openoutcry.protocol.translation import Translator
from openoutcry.protocol.translation.notices import announcement_message, news_message
from openoutcry.runtime.leaderboard import Leaderboard
from openoutcry.runtime.streams.book_mirror import BookMirror
from openoutcry.runtime.streams.channel_message import ChannelMessage
from openoutcry.runtime.streams.connection import Connection
from openoutcry.runtime.streams.exact_json import exact_encoder
from openoutcry.runtime.streams.leaderboard_channel import LeaderboardChannel
from openoutcry.runtime.streams.mark_channels import MARK_CHANNELS, MarkChannels
from openoutcry.runtime.streams.pace import Pace
from openoutcry.runtime.streams.subscriptions import Subscriptions

_BEGIN_WITH_THE_STATE: Final = frozenset({"book", "top", "auction", "market", "leaderboard", *MARK_CHANNELS})
"""Channels whose readers are first told the present state."""

Depth = Callable[[InstrumentId, int], DepthView | None]
"""Best levels of a book as it is now; None for an unknown instrument."""

Tell = Callable[[Any, TimestampUs, Sequence], None]
"""Tell the readers of one event, with its command's time and sequence."""


class PublicChannels:
    """Subscriptions, and the state of the market as the readers know it."""

    def __init__(
        self,
        translator: Translator,
        roles: Mapping[str, RoleRules],
        instruments: Iterable[Instrument],
        market: MarketView,
        now: Callable[[], TimestampUs],
        indicatives: Iterable[IndicativeChanged],
        pace: Pace,
        game: GameRules = NO_GAME,
        marks: MarksPublished | None = None,
        greeks_interval: int = 1,
        leaderboard: Leaderboard | None = None,
    ) -> None:
        """`instruments`, `market`, `indicatives`, `marks`: as they are before the first event. `pace`: of `auction`.
        `greeks_interval`: market seconds from one publication of Greeks to the next. `leaderboard`: None if there is
        none to show.
        """
        instruments = list(instruments)
        self._translator = translator
        self._roles = roles
        self._phase = market.phase
        self._now = now
        self._encode = exact_encoder()
        # A dictionary keeps their order, and finds one of thousands as fast as one of a few.
        self._instrument_ids = dict.fromkeys(instrument.instrument_id for instrument in instruments)
        self._subscriptions = Subscriptions(self._instrument_ids)
        self._readers_of_trades = self._subscriptions.readers("trades")
        self._readers_of_books = self._subscriptions.readers("book")
        self._readers_of_tops = self._subscriptions.readers("top")
        self._readers_of_auctions = self._subscriptions.readers("auction")
        self._readers_of_market = self._subscriptions.readers("market")
        self._marks = MarkChannels(self._subscriptions, instruments, game, greeks_interval, marks, self._encode, now)
        self.leaderboard: Final = (
            None if leaderboard is None else LeaderboardChannel(self._subscriptions, leaderboard, self._encode, now)
        )
        """To be told after each command that the scores have taken in; None: there is no such channel."""
        self._books: dict[InstrumentId, BookMirror] = {}
        self._indicatives = {indicative.instrument_id: indicative for indicative in indicatives}
        self._pace = pace
        self._newest_notices: dict[tuple[type, InstrumentId | None], ChannelMessage] = {}
        """By what they are about."""
        self.tellers: Final[Mapping[type, Tell]] = {
            TradePrinted: self._tell_trade,
            TradeBusted: self._tell_busted_trade,
            BookChanged: self._tell_book,
            TopOfBookChanged: self._tell_top,
            IndicativeChanged: self._tell_indicative,
            PhaseChanged: self._tell_session_status,
            InstrumentListed: self._tell_listing,
            NewsPublished: self._tell_news,
            Announced: self._tell_announcement,
            MarksPublished: self._marks.tell,
            InstrumentExpired: self._tell_expiry,
            InstrumentSettled: self._tell_settlement,
        }
        """By type of event. Other types go to no channel."""

    @property
    def phase(self) -> Phase:
        """As the readers know it."""
        return self._phase

    def count_instruments(self) -> int:
        return len(self._instrument_ids)

    def knows(self, instrument_id: InstrumentId) -> bool:
        return instrument_id in self._instrument_ids

    # ---- readers ---------------------------------------------------------------------------------------------

    def subscribe(self, connection: Connection, channels: Iterable[ChannelName]) -> list[ChannelName]:
        """Add public channels; messages from now on reach the connection.

        Returns the single channels that begin with the present state: each is read from its call of `begin` on.
        """
        to_begin: list[ChannelName] = []
        for channel in channels:
            for single in self._subscriptions.add(connection, channel):
                if single.kind in _BEGIN_WITH_THE_STATE:
                    to_begin.append(single)
                else:
                    self._subscriptions.begin(connection, single)
        return to_begin

    def begin(self, connection: Connection, channel: ChannelName, depth: Depth) -> None:
        """Begin a book with a snapshot, also when it is asked for again, a top and an auction with its present state,
        the market with the newest notices, the leaderboard with the newest standings.

        `depth` must read the venue as of the last command published: call it in the same turn of the loop.
        """
        self._subscriptions.begin(connection, channel)
        if channel.kind == "market":
            for notice in self._newest_notices.values():
                connection.show(notice)
            return
        if channel.kind in MARK_CHANNELS:
            self._marks.begin(connection, channel)
            return
        if channel.kind == "leaderboard":
            if self.leaderboard is not None:
                self.leaderboard.begin(connection)
            return
        instrument_id = channel.instrument_id
        assert instrument_id is not None, "books and tops are of an instrument"  # noqa: S101
        if channel.kind == "book":
            if instrument_id not in self._books:
                self._books[instrument_id] = BookMirror(_known(depth(instrument_id, BOOK_DEPTH)))
            connection.owe_snapshot(channel)
        elif channel.kind == "auction":
            connection.show(self._present_indicative(channel, instrument_id))
        else:
            connection.show(self._present_top(channel, _known(depth(instrument_id, 1))))

    def unsubscribe(self, connection: Connection, channels: Iterable[ChannelName]) -> None:
        """Take public channels away, with their waiting messages."""
        left = [single for channel in channels for single in self._subscriptions.remove(connection, channel)]
        connection.discard(left)
        for single in left:
            if single.kind == "book" and single.instrument_id not in self._readers_of_books:
                assert single.instrument_id is not None  # noqa: S101 - every book belongs to an instrument
                self._books.pop(single.instrument_id, None)

    def release(self, connection: Connection) -> None:
        """Take all public channels away from the connection."""
        self.unsubscribe(connection, list(connection.channels))

    def snapshot_of(self, instrument_id: InstrumentId) -> bytes:
        """The encoded snapshot of a subscribed book; shared by readers that need it in the same state."""
        book = self._books[instrument_id]
        if book.snapshot is None:
            book.snapshot = self._encode(self._translator.book_snapshot(book.depth(), self._now()))
        return book.snapshot

    def _present_top(self, channel: ChannelName, depth: DepthView) -> ChannelMessage:
        bid_price, bid_quantity = depth.bids[0] if depth.bids else (None, 0)
        ask_price, ask_quantity = depth.asks[0] if depth.asks else (None, 0)
        top = TopOfBookChanged(depth.instrument_id, bid_price, bid_quantity, ask_price, ask_quantity)
        return ChannelMessage(channel, self._encode(self._translator.top_of_book(top, self._now())))

    def _present_indicative(self, channel: ChannelName, instrument_id: InstrumentId) -> ChannelMessage:
        present = self._indicatives.get(instrument_id) or IndicativeChanged(instrument_id, None, 0, 0, None)
        return ChannelMessage(channel, self._encode(self._translator.auction_indicative(present, self._now())))

    # ---- events ----------------------------------------------------------------------------------------------

    def _tell_trade(self, event: TradePrinted, time: TimestampUs, sequence: Sequence) -> None:
        readers = self._readers_of_trades.get(event.instrument_id)
        if readers is not None:
            channel = ChannelName("trades", event.instrument_id)
            self._show(channel, readers, self._translator.trade(event, time, sequence))

    def _tell_busted_trade(self, event: TradeBusted, time: TimestampUs, sequence: Sequence) -> None:
        readers = self._readers_of_trades.get(event.instrument_id)
        if readers is not None:
            channel = ChannelName("trades", event.instrument_id)
            self._show(channel, readers, self._translator.trade_busted(event, time, sequence))

    def _tell_top(self, event: TopOfBookChanged, time: TimestampUs, _sequence: Sequence) -> None:
        readers = self._readers_of_tops.get(event.instrument_id)
        if readers is not None:
            self._show(ChannelName("top", event.instrument_id), readers, self._translator.top_of_book(event, time))

    def _tell_indicative(self, event: IndicativeChanged, time: TimestampUs, _sequence: Sequence) -> None:
        instrument_id = event.instrument_id
        self._indicatives[instrument_id] = event
        if instrument_id in self._readers_of_auctions:
            self._pace.tell(instrument_id, partial(self._show_indicative, event, time))

    def _show_indicative(self, event: IndicativeChanged, time: TimestampUs) -> None:
        readers = self._readers_of_auctions.get(event.instrument_id)
        if readers is not None:
            message = self._translator.auction_indicative(event, time)
            self._show(ChannelName("auction", event.instrument_id), readers, message)

    def _tell_book(self, event: BookChanged, time: TimestampUs, sequence: Sequence) -> None:
        book = self._books.get(event.instrument_id)
        if book is None:
            return
        checksum = book.apply(event)
        if checksum is not None:
            update = self._translator.book_update(event, checksum, time, sequence)
            readers = self._readers_of_books[event.instrument_id]
            self._show(ChannelName("book", event.instrument_id), readers, update)

    def _tell_session_status(self, event: PhaseChanged, time: TimestampUs, sequence: Sequence) -> None:
        """An instrument that is in the session's phase again is of no interest to whoever joins later."""
        instrument_id = event.instrument_id
        if instrument_id is None:
            self._phase = event.phase
        self._tell_notice((PhaseChanged, instrument_id), self._translator.session_status(event, time, sequence))
        if instrument_id is not None and event.phase == self._phase:
            del self._newest_notices[PhaseChanged, instrument_id]

    def _tell_listing(self, event: InstrumentListed, time: TimestampUs, sequence: Sequence) -> None:
        """Readers of every instrument read this one too, from its empty book on."""
        instrument = event.instrument
        instrument_id = instrument.instrument_id
        self._instrument_ids[instrument_id] = None
        self._marks.list_instrument(instrument)
        readers = self._readers_of_market.get(None)
        if readers is not None:
            info = self._translator.instrument_info(instrument, self._roles)
            self._show(ChannelName("market"), readers, self._translator.instrument_listed(info, time, sequence))
        for connection, single in self._subscriptions.list_instrument(instrument_id):
            if single.kind in _BEGIN_WITH_THE_STATE:
                self.begin(connection, single, _empty)
            else:
                self._subscriptions.begin(connection, single)

    def _tell_news(self, event: NewsPublished, time: TimestampUs, sequence: Sequence) -> None:
        self._tell_notice((NewsPublished, None), news_message(event, time, sequence))

    def _tell_announcement(self, event: Announced, time: TimestampUs, sequence: Sequence) -> None:
        self._tell_notice((Announced, None), announcement_message(event, time, sequence))

    def _tell_notice(self, about: tuple[type, InstrumentId | None], message: PublicMessage) -> None:
        """Tell the readers of the market, and whoever joins them until there is a newer one about the same."""
        notice = self._newest_notices[about] = ChannelMessage(ChannelName("market"), self._encode(message))
        for connection in self._readers_of_market.get(None, ()):
            connection.show(notice)

    def _tell_expiry(self, event: InstrumentExpired, time: TimestampUs, sequence: Sequence) -> None:
        self._tell_notice((InstrumentExpired, None), self._translator.instrument_expired(event, time, sequence))

    def _tell_settlement(self, event: InstrumentSettled, time: TimestampUs, sequence: Sequence) -> None:
        self._tell_notice((InstrumentSettled, None), self._translator.settlement(event, time, sequence))

    def _show(self, channel: ChannelName, readers: Iterable[Connection], message: PublicMessage) -> None:
        shared = ChannelMessage(channel, self._encode(message))
        for connection in readers:
            connection.show(shared)


def _empty(instrument_id: InstrumentId, _levels: int) -> DepthView:
    return DepthView(instrument_id, (), (), 0)


def _known(depth: DepthView | None) -> DepthView:
    assert depth is not None, "instruments of subscriptions are checked before"  # noqa: S101
    return depth
