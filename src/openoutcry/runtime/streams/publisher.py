"""From executed commands to readers: each event encoded once, private ones ahead of public ones.

Synchronous: `publish` only hands messages over; each connection has its own writer, called at the end of the turn.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import structlog

from openoutcry.domain import events
from openoutcry.domain.identifiers import format_team_id
from openoutcry.domain.rulebook import Phase
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import BOOK_DEPTH, InstrumentId, Sequence, TeamId, TimestampUs
from openoutcry.domain.views import DepthView, MarketView
from openoutcry.protocol.channels import ChannelName
from openoutcry.protocol.stream import CloseCode
from openoutcry.protocol.stream import PublicMessage as WireMessage
from openoutcry.protocol.translation import Translator
from openoutcry.runtime.sequencing.unavailable import Unavailable
from openoutcry.runtime.streams.book_mirror import BookMirror
from openoutcry.runtime.streams.connection import Connection
from openoutcry.runtime.streams.event_logs.log import MAX_UNWRITTEN_BYTES, EventLogs
from openoutcry.runtime.streams.exact_json import exact_encoder
from openoutcry.runtime.streams.outbox import ChannelMessage
from openoutcry.runtime.streams.subscriptions import Subscriptions
from openoutcry.runtime.streams.team_stream import TeamStream

MAX_CONNECTIONS: Final = 4_096
"""WebSocket connections in all; the next one is turned away."""

_BEGIN_WITH_THE_STATE: Final = frozenset({"book", "top"})
"""Channels whose readers are first told how things stand."""

_log: Final = structlog.get_logger()

Depth = Callable[[InstrumentId, int], DepthView | None]
"""Best levels of a book as it is now; None for an unknown instrument."""


class EventLogDamaged(Exception):  # noqa: N818 - what is wrong, named
    """A team's event log does not fit the journal; the text says what to do."""

    def __init__(self, team_id: TeamId, found: int, expected: int) -> None:
        super().__init__(
            f"the event log of {format_team_id(team_id)} ends with event {found} where the journal has {expected}:"
            " move the folder of event logs (events) out of the data directory and start again, which makes them anew"
        )


class Publisher:
    """Holds every team's stream and every connection; the sequencer delivers each executed command to it once."""

    def __init__(
        self,
        translator: Translator,
        instrument_ids: Iterable[InstrumentId],
        event_logs: EventLogs,
        opening_phase: Phase,
        now: Callable[[], TimestampUs],
    ) -> None:
        self._translator = translator
        self._private = translator.private_messages
        self._event_logs = event_logs
        self._phase = opening_phase
        self._trading_session = 1
        self._now = now
        self._encode = exact_encoder()
        self._streams: dict[TeamId, TeamStream] = {}
        self._team_connections: dict[TeamId, dict[Connection, None]] = {}
        self._connections: dict[Connection, None] = {}
        # A dictionary keeps their order, and finds one of thousands as fast as one of a few.
        self._instrument_ids = dict.fromkeys(instrument_ids)
        self._subscriptions = Subscriptions(self._instrument_ids)
        self._readers_of_trades = self._subscriptions.readers("trades")
        self._readers_of_books = self._subscriptions.readers("book")
        self._readers_of_tops = self._subscriptions.readers("top")
        self._readers_of_market = self._subscriptions.readers("market")
        self._books: dict[InstrumentId, BookMirror] = {}
        # By type, because this is asked for every event; a `match` over classes takes ten times as long. Types that are
        # not here are told to nobody.
        self._public: Final[dict[type, Callable[[Any, TimestampUs, Sequence], None]]] = {
            events.TradePrinted: self._publish_trade,
            events.BookChanged: self._publish_book,
            events.TopOfBookChanged: self._publish_top,
            events.PhaseChanged: self._publish_session_status,
            events.InstrumentHalted: self._publish_session_status,
            events.InstrumentResumed: self._publish_session_status,
            events.TeamKeyRotated: self._close_rotated,
        }
        # During a recovery: the last event of each stream that it met.
        self._caught_up: dict[TeamId, int] = {}

    # ---- events ----------------------------------------------------------------------------------------------

    @property
    def phase(self) -> Phase:
        """As the readers know it."""
        return self._phase

    def check_room(self) -> None:
        """Raises `Unavailable` while no more events can be kept: the disk refuses them, and enough wait in memory."""
        if self._event_logs.unwritten_bytes >= MAX_UNWRITTEN_BYTES:
            raise Unavailable(
                f"{self.trouble}, and no more may; the exchange goes on by itself when the disk takes them"
            )

    @property
    def trouble(self) -> str | None:
        """Why events are not on disk that should be. None of them is lost."""
        refusal = self._event_logs.refusal
        if refusal is None:
            return None
        return (
            f"the disk does not take the teams' events ({refusal.strerror or refusal}):"
            f" {self._event_logs.unwritten_bytes} bytes of them wait in memory"
        )

    @property
    def event_log_bytes(self) -> int:
        """What the teams' event logs take on the disk, all together."""
        return self._event_logs.size_bytes

    @property
    def unwritten_bytes(self) -> int:
        """Of private events that wait in memory for their log."""
        return self._event_logs.unwritten_bytes

    def publish(self, sequenced: Sequenced, happened: list[events.Event]) -> None:
        """Hand the events of an executed command to their readers.

        Raises `AssertionError` on a gap in a stream.
        """
        time, sequence = sequenced.time, sequenced.sequence
        translators, streams, encode = self._private, self._streams, self._encode
        for event in happened:
            kind = type(event)
            if (translate := translators.get(kind)) is not None:
                team_id: TeamId = event.team_id  # type: ignore[union-attr]
                stream = streams.get(team_id) or self.stream_of(team_id)
                stream.append(event.seq, encode(translate(event, time, sequence)))  # type: ignore[union-attr]
            elif (show := self._public.get(kind)) is not None:
                show(event, time, sequence)

    def _publish_trade(self, event: events.TradePrinted, time: TimestampUs, sequence: Sequence) -> None:
        readers = self._readers_of_trades.get(event.instrument_id)
        if readers is not None:
            channel = ChannelName("trades", event.instrument_id)
            self._show(channel, readers, self._translator.trade(event, time, sequence))

    def _publish_top(self, event: events.TopOfBookChanged, time: TimestampUs, _sequence: Sequence) -> None:
        readers = self._readers_of_tops.get(event.instrument_id)
        if readers is not None:
            self._show(ChannelName("top", event.instrument_id), readers, self._translator.top_of_book(event, time))

    def _close_rotated(self, event: events.TeamKeyRotated, _time: TimestampUs, _sequence: Sequence) -> None:
        for connection in self._team_connections.get(event.of_team_id, ()):
            connection.close(CloseCode.AUTHENTICATION_FAILED, "the key was rotated: log in with the new one")

    def _publish_book(self, event: events.BookChanged, time: TimestampUs, sequence: Sequence) -> None:
        book = self._books.get(event.instrument_id)
        if book is None:
            return
        checksum = book.apply(event)
        if checksum is not None:
            update = self._translator.book_update(event, checksum, time, sequence)
            readers = self._readers_of_books[event.instrument_id]
            self._show(ChannelName("book", event.instrument_id), readers, update)

    def _publish_session_status(
        self,
        event: events.PhaseChanged | events.InstrumentHalted | events.InstrumentResumed,
        time: TimestampUs,
        sequence: Sequence,
    ) -> None:
        if isinstance(event, events.PhaseChanged):
            self._phase, self._trading_session = event.phase, event.trading_session
        readers = self._readers_of_market.get(None)
        if readers is not None:
            status = self._translator.session_status(event, self._phase, self._trading_session, time, sequence)
            self._show(ChannelName("market"), readers, status)

    def _show(self, channel: ChannelName, readers: Iterable[Connection], message: WireMessage) -> None:
        shared = ChannelMessage(channel, self._encode(message))
        for connection in readers:
            connection.show(shared)

    # ---- streams ---------------------------------------------------------------------------------------------

    def stream_of(self, team_id: TeamId) -> TeamStream:
        stream = self._streams.get(team_id)
        if stream is None:
            stream = self._streams[team_id] = TeamStream(self._event_logs.of_team(team_id))
        return stream

    # ---- recovery --------------------------------------------------------------------------------------------

    def catch_up(self, sequenced: Sequenced, happened: list[events.Event]) -> None:
        """In place of `publish` during a replay: add to the streams what they lack. Nobody reads yet.

        Raises `OSError`, `EventLogDamaged`.
        """
        if self._event_logs.unwritten_bytes >= MAX_UNWRITTEN_BYTES:
            self._event_logs.flush()
        for event in happened:
            translate = self._private.get(type(event))
            if translate is None:
                return  # public ones come after all private ones
            team_id, seq = event.team_id, event.seq  # type: ignore[union-attr]
            last_seq = self._caught_up.get(team_id)
            if last_seq is None:
                last_seq = self._caught_up[team_id] = self.stream_of(team_id).last_seq
            if seq > last_seq:
                if seq != last_seq + 1:
                    raise EventLogDamaged(team_id, last_seq, seq - 1)
                message = translate(event, sequenced.time, sequenced.sequence)
                self._streams[team_id].append(seq, self._encode(message))
                self._caught_up[team_id] = seq

    def finish_recovery(self, last_seqs: Mapping[TeamId, int], market: MarketView) -> None:
        """Hold the streams to the recovered venue: `last_seqs` names every team and its last event.

        After a loss of power the event logs may know events that the journal lost: they are cut off here,
        before any new event can take their place. Raises `OSError`, `EventLogDamaged`.
        """
        self._caught_up.clear()
        self._phase, self._trading_session = market.phase, market.trading_session
        self._event_logs.remove_strangers(set(last_seqs))
        for team_id, last_seq in last_seqs.items():
            stream = self.stream_of(team_id)
            stream.truncate(last_seq)
            if stream.last_seq != last_seq:
                raise EventLogDamaged(team_id, stream.last_seq, last_seq)

    # ---- connections -----------------------------------------------------------------------------------------

    @property
    def connections(self) -> int:
        return len(self._connections)

    def attach(self, connection: Connection) -> bool:
        """Count the connection in; False when there are `MAX_CONNECTIONS` already."""
        if len(self._connections) >= MAX_CONNECTIONS:
            return False
        self._connections[connection] = None
        return True

    def release(self, connection: Connection) -> None:
        """Give the connection nothing more: its subscriptions and its place in its team's stream are free."""
        self.unsubscribe(connection, list(connection.channels))
        if connection.team_id is not None:
            connection.leave()
            siblings = self._team_connections[connection.team_id]
            siblings.pop(connection, None)
            if not siblings:
                del self._team_connections[connection.team_id]
            connection.team_id = None

    def detach(self, connection: Connection) -> None:
        """Count the connection out, when its last byte has been written."""
        self._connections.pop(connection, None)
        connection.end()

    def connections_of(self, team_id: TeamId) -> int:
        """How many the team has. One being closed does not count: its reader may be back before it heard."""
        return sum(connection.closing is None for connection in self._team_connections.get(team_id, ()))

    def follow(self, connection: Connection, team_id: TeamId, after_seq: int) -> None:
        """Give the connection this team's private stream from `after_seq` + 1 on."""
        self._team_connections.setdefault(team_id, {})[connection] = None
        connection.follow(team_id, self.stream_of(team_id), after_seq)

    async def disconnect_all(self, code: int, reason: str) -> None:
        """Close every connection; returns when each has been told or has proved deaf."""
        connections = list(self._connections)
        for connection in connections:
            connection.close(code, reason)
        for connection in connections:
            await connection.ended()

    # ---- public channels -------------------------------------------------------------------------------------

    @property
    def instruments(self) -> int:
        """How many there are."""
        return len(self._instrument_ids)

    def knows(self, instrument_id: InstrumentId) -> bool:
        return instrument_id in self._instrument_ids

    def subscribe(self, connection: Connection, channels: Iterable[ChannelName]) -> list[ChannelName]:
        """Add public channels. What is told from now on is read from now on.

        Returns the single channels that begin with the present state: each is read once it is given to `begin`.
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
        """Begin a book with a snapshot, also when it is asked for again, or a top with its present state.

        `depth` must read the venue as of the last command published: call it in the same turn of the loop.
        """
        instrument_id = channel.instrument_id
        assert instrument_id is not None, "only channels of an instrument are to be begun"  # noqa: S101
        self._subscriptions.begin(connection, channel)
        if channel.kind == "book":
            if instrument_id not in self._books:
                self._books[instrument_id] = BookMirror(_known(depth(instrument_id, BOOK_DEPTH)))
            connection.owe_snapshot(channel)
        else:
            connection.show(self._present_top(channel, _known(depth(instrument_id, 1))))

    def unsubscribe(self, connection: Connection, channels: Iterable[ChannelName]) -> None:
        """Take public channels away, with what waits of them."""
        left = [single for channel in channels for single in self._subscriptions.remove(connection, channel)]
        connection.discard(left)
        for single in left:
            if single.kind == "book" and single.instrument_id not in self._readers_of_books:
                assert single.instrument_id is not None  # noqa: S101 - every book belongs to an instrument
                self._books.pop(single.instrument_id, None)

    def snapshot_of(self, instrument_id: InstrumentId) -> bytes:
        """The encoded snapshot of a subscribed book; shared by readers that need it in the same state."""
        book = self._books[instrument_id]
        if book.snapshot is None:
            book.snapshot = self._encode(self._translator.book_snapshot(book.depth(), self._now()))
        return book.snapshot

    def _present_top(self, channel: ChannelName, depth: DepthView) -> ChannelMessage:
        bid_price, bid_quantity = depth.bids[0] if depth.bids else (None, 0)
        ask_price, ask_quantity = depth.asks[0] if depth.asks else (None, 0)
        top = events.TopOfBookChanged(depth.instrument_id, bid_price, bid_quantity, ask_price, ask_quantity)
        return ChannelMessage(channel, self._encode(self._translator.top_of_book(top, self._now())))

    def close(self) -> None:
        """Write the event logs out, as far as the disk takes them; the next start makes the rest from the journal."""
        try:
            self._event_logs.flush()
        except OSError as error:
            _log.warning("not all events could be written; the next start makes them again", reason=str(error))


def _known(depth: DepthView | None) -> DepthView:
    assert depth is not None, "instruments of subscriptions are checked before"  # noqa: S101
    return depth
