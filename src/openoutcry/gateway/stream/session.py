"""One session on `/ws`: what each client message does and how it is answered. Knows no socket.

Everything here runs to its end in one turn of the event loop. So a `welcome` or a snapshot has the same state as the
position from which live delivery continues.
"""

import math
from collections import deque
from collections.abc import Callable, Mapping
from typing import Final, assert_never

import msgspec
from msgspec import Struct

from openoutcry.access.echoes import echo
from openoutcry.access.keys import hash_key
from openoutcry.access.rate_limits import Buckets
from openoutcry.access.refusals import Refused
from openoutcry.domain.identifiers import format_team_id
from openoutcry.domain.types import ConnectionId, Sequence, TeamId
from openoutcry.gateway.stream.allowance import StreamAllowance
from openoutcry.gateway.stream.anonymous import AnonymousStreams
from openoutcry.gateway.stream.decoding import Envelope, decode_channels, decode_message, decode_query
from openoutcry.gateway.stream.limits import DEFAULT_LIMITS, EndpointLimits
from openoutcry.gateway.stream.origins import check_origin
from openoutcry.gateway.stream.refusals import StreamRefused
from openoutcry.gateway.stream.welcome import welcome_of
from openoutcry.operations.leaderboard import public_leaderboard
from openoutcry.protocol import stream
from openoutcry.protocol.channels import ChannelName
from openoutcry.protocol.stream import CloseCode
from openoutcry.protocol.stream_errors import StreamErrorCode
from openoutcry.protocol.timestamps import format_timestamp
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.sequencing.sequencer import NO_SEQUENCE
from openoutcry.runtime.sequencing.unavailable import Unavailable
from openoutcry.runtime.streams.connection import Connection
from openoutcry.venue.reading.queries import Queries

CHANNELS_AT_ONCE: Final = 16
"""Books and tops that one subscription begins in one turn of the loop. No other subscription begins any in that
turn."""

_TELL_OF_THE_SERVER: Final = frozenset({StreamErrorCode.SERVICE_UNAVAILABLE, StreamErrorCode.PROCESSING_TIMEOUT})
"""And of nothing that happened in the venue."""

_encode: Final = msgspec.json.Encoder().encode


class HeldAnswer(Struct, frozen=True):
    """The acknowledgment of a command. It may leave once the journal's promise about `sequence` holds."""

    sequence: Sequence
    envelope: Envelope


class StreamSession:
    """Answers through its `connection`, which the caller writes out."""

    def __init__(
        self,
        exchange: Exchange,
        anonymous: AnonymousStreams,
        buckets: Buckets,
        address: str,
        monotonic: Callable[[], float],
        know: Callable[[TeamId], None],
        limits: EndpointLimits = DEFAULT_LIMITS,
    ) -> None:
        """`know` is called with the team whose key was shown on this connection."""
        self._exchange = exchange
        self._anonymous = anonymous
        self._buckets = buckets
        self._address = address
        self._know = know
        self._max_subscriptions = limits.max_subscriptions
        self._is_anonymous = False
        """Whether it counts among `anonymous`."""
        self._streams = exchange.private_streams
        self._channels = exchange.public_channels
        self._connections = exchange.connections
        self.session_id: Final = f"ses_{exchange.entropy(8).hex()}"
        self._after_seq: int | None = None
        self._guarded_team: TeamId | None = None
        """The team whose orders are cancelled after this connection ends."""
        self._allowance = StreamAllowance(self._channels.count_instruments, monotonic, limits)
        self._to_begin: deque[ChannelName] = deque()
        self.connection = Connection(self._channels.snapshot_of, monotonic, exchange.outgoing, self._connections.limits)

    def open(self, headers: Mapping[bytes, bytes], query: bytes) -> None:
        """Begin with `welcome`, or with an `error` and the end."""
        try:
            if not self._connections.attach(self.connection):
                most = self._connections.limits.max_connections
                raise _too_many(
                    f"The exchange serves at most {most} connections at once, and has that many; connect again later"
                )
            key = headers.get(b"x-api-key")
            if key is None:
                self._anonymous.enter(self._address)
                self._is_anonymous = True
            check_origin(headers, self._exchange.scenario.cors_origins)
            self._after_seq = decode_query(query)
            if key is None:
                self._tell(welcome_of(self._exchange, self.session_id, None))
            else:
                self._log_in(key, self._after_seq)
        except StreamRefused as refused:
            self._answer_refused(refused, Envelope())

    def receive(self, text: str) -> HeldAnswer | None:
        """Carry out one client message and answer it. An answer that tells of a command is returned, held.

        The caller then calls `release_answer` once the journal's promise about the command holds, and before the next
        message is received.
        """
        if self.connection.closing is not None:
            return None
        envelope = Envelope()
        try:
            self._allowance.spend_message(len(text))
            return self._carry_out(decode_message(text, envelope), envelope)
        except StreamRefused as refused:
            self._answer_refused(refused, envelope)
            return None

    async def finish(self) -> None:
        """Finish the last message, a piece in each turn; to be awaited before the next one is received."""
        while self._to_begin:
            await self._exchange.turnstile.wait_to_pass()
            if self.connection.closing is not None:
                return
            try:
                self._begin_some()
            except StreamRefused as refused:
                self._to_begin.clear()
                self._answer_refused(refused, Envelope(op="subscribe"))

    def release_answer(self, held: HeldAnswer, timed_out: str | None = None) -> None:
        """Send the held answer. `timed_out`: why it is not known whether the promise holds."""
        if timed_out is None:
            self._acknowledge(held.envelope, tells_of=held.sequence)
        else:
            self._answer_refused(StreamRefused(StreamErrorCode.PROCESSING_TIMEOUT, timed_out), held.envelope)

    def receive_binary(self) -> None:
        """Refuse a binary frame."""
        self._answer_refused(
            StreamRefused(
                StreamErrorCode.MALFORMED_REQUEST,
                "Binary frames are not read; send JSON in text frames",
                close_code=CloseCode.PROTOCOL_ERROR,
            ),
            Envelope(),
        )

    def heartbeat(self) -> None:
        """Send a `heartbeat` with the last event of the private stream."""
        self._tell(stream.Heartbeat(seq=self.connection.sent_to, timestamp=self._timestamp()))

    def release(self) -> None:
        """Take no further messages and guard no orders; waiting messages can still be written."""
        self._channels.release(self.connection)
        self._connections.release(self.connection)
        guarded_team, self._guarded_team = self._guarded_team, None
        if guarded_team is not None:
            self._exchange.protection.lose(guarded_team, ConnectionId(self.session_id))

    def end(self) -> None:
        """The connection is closed."""
        self.release()
        self._leave_anonymous()
        self._connections.detach(self.connection)

    # ---- operations ------------------------------------------------------------------------------------------

    def _carry_out(self, message: stream.ClientMessage, envelope: Envelope) -> HeldAnswer | None:
        match message:
            case stream.Login():
                after_seq = self._after_seq if message.after_seq is None else message.after_seq
                self._log_in(message.api_key.encode(), after_seq)
                self._acknowledge(envelope)
            case stream.Resume():
                self._resume(message.after_seq)
                self._acknowledge(envelope)
            case stream.Subscribe():
                self._subscribe(message.channels, envelope)
            case stream.Unsubscribe():
                self._allowance.spend_channels(message.channels)
                self._channels.unsubscribe(self.connection, decode_channels(message.channels))
                self._acknowledge(envelope, message.channels)
            case stream.CancelOnDisconnect():
                return HeldAnswer(self._guard(message), envelope)
            case stream.Ping():
                self._acknowledge(envelope)
            case _:
                assert_never(message)
        return None

    def _log_in(self, key: bytes, after_seq: int | None) -> None:
        queries = self._queries(close_code=CloseCode.TRY_AGAIN_LATER)
        team_id = queries.team_of_key(hash_key(key))
        if team_id is None:
            raise StreamRefused(
                StreamErrorCode.UNAUTHENTICATED,
                "This is not the key of a team; a key that was rotated is no longer valid",
                close_code=CloseCode.AUTHENTICATION_FAILED,
            )
        if self.connection.team_id is not None:
            raise StreamRefused(
                StreamErrorCode.ALREADY_LOGGED_IN,
                f"This connection is {format_team_id(self.connection.team_id)}'s; use `resume` to replay,"
                " or another connection for another team",
            )
        limit = self._exchange.scenario.connections_per_team
        if self._connections.count_of(team_id) >= limit:
            raise _too_many(f"A team has at most {limit} connections at once; close one of the others first")
        self._leave_anonymous()
        self._know(team_id)
        last_seq = queries.last_seq(team_id)
        ahead = after_seq is not None and after_seq > last_seq
        begin_after = last_seq if after_seq is None or ahead else after_seq
        self._connections.follow(self.connection, team_id, self._streams.of_team(team_id), begin_after)
        self._tell(welcome_of(self._exchange, self.session_id, team_id))
        if ahead:
            raise self._resume_ahead(last_seq)

    def _leave_anonymous(self) -> None:
        if self._is_anonymous:
            self._is_anonymous = False
            self._anonymous.leave(self._address)

    def _resume(self, after_seq: int) -> None:
        team_id = self.connection.team_id
        if team_id is None:
            raise StreamRefused(
                StreamErrorCode.UNAUTHENTICATED,
                "Only a team's connection has a private stream to resume; send `login` first",
            )
        last_seq = self._queries().last_seq(team_id)
        if after_seq > last_seq:
            raise self._resume_ahead(last_seq)
        self.connection.resume(after_seq)

    def _subscribe(self, texts: list[str], envelope: Envelope) -> None:
        self._allowance.spend_channels(texts)
        channels = decode_channels(texts)
        for channel in channels:
            instrument_id = channel.instrument_id
            if instrument_id is not None and not self._channels.knows(instrument_id):
                raise StreamRefused(
                    StreamErrorCode.INVALID_INSTRUMENT,
                    f"There is no instrument {echo(instrument_id)!r}; GET /instruments lists them",
                    {"channel": echo(f"{channel.kind}:{instrument_id}")},
                )
            if channel.kind == "leaderboard":
                self._check_leaderboard()
        wanted = len(self.connection.channels.keys() | set(channels))
        if wanted > self._max_subscriptions:
            raise StreamRefused(
                StreamErrorCode.SUBSCRIPTION_LIMIT,
                f"These would make {wanted} subscriptions; a connection has at most {self._max_subscriptions}."
                " `book:*` is one subscription",
                {"limit": self._max_subscriptions},
            )
        self._queries()  # executes the pending command, so that its events come before the acknowledgment
        self._acknowledge(envelope, texts)
        self._to_begin.extend(self._channels.subscribe(self.connection, channels))
        if self._exchange.turnstile.try_to_pass():
            self._begin_some()

    def _begin_some(self) -> None:
        queries = self._queries()
        self.connection.tell_of(self._exchange.sequencer.last_sequence)
        for _ in range(min(CHANNELS_AT_ONCE, len(self._to_begin))):
            self._channels.begin(self.connection, self._to_begin.popleft(), queries.depth)

    def _guard(self, message: stream.CancelOnDisconnect) -> Sequence:
        team_id, protection = self.connection.team_id, self._exchange.protection
        if team_id is None:
            raise StreamRefused(
                StreamErrorCode.UNAUTHENTICATED,
                "Only a team's connection has orders to cancel when it is lost; send `login` first",
            )
        self._take_from_cancels(team_id)
        connection_id = ConnectionId(self.session_id)
        try:
            self._exchange.coordinator.admit()
            if message.enabled:
                sequenced = protection.guard(team_id, connection_id, message.grace_seconds)
            else:
                sequenced = protection.unguard(team_id, connection_id)
        except Unavailable as unavailable:
            raise StreamRefused(StreamErrorCode.SERVICE_UNAVAILABLE, str(unavailable)) from None
        self._guarded_team = team_id if message.enabled else None
        # Held also if nothing changed: the earlier command that set it may not be on the disk yet.
        return sequenced.sequence or self._exchange.sequencer.last_sequence

    def _take_from_cancels(self, team_id: TeamId) -> None:
        """Pay for a journaled command: tokens bound what a team can journal, also over many streams."""
        bucket = self._buckets.of_team(team_id, "cancels", self._queries().role_of)
        if not bucket.take():
            seconds = math.ceil(bucket.seconds_until(1) * 1000) / 1000
            raise StreamRefused(
                StreamErrorCode.RATE_LIMIT_EXCEEDED,
                f"This costs a token of the team's cancels, {bucket.burst} in {bucket.window_seconds:g} seconds;"
                f" wait {seconds:.3f} seconds",
                {"limit": bucket.burst, "window_seconds": bucket.window_seconds, "retry_after_seconds": seconds},
            )

    # ---- answers ---------------------------------------------------------------------------------------------

    def _acknowledge(
        self, envelope: Envelope, channels: list[str] | None = None, tells_of: Sequence | None = None
    ) -> None:
        self._allowance.answered()
        self._tell(
            stream.Ack(
                op=envelope.op or "",
                request_id=envelope.request_id,
                channels=channels,
                timestamp=self._timestamp(),
            ),
            tells_of,
        )

    def _answer_refused(self, refused: StreamRefused, envelope: Envelope) -> None:
        self._tell(
            stream.StreamError(
                op=envelope.op,
                request_id=envelope.request_id,
                code=refused.code,
                message=refused.message,
                details=refused.details,
                timestamp=self._timestamp(),
            ),
            NO_SEQUENCE if refused.code in _TELL_OF_THE_SERVER else None,
        )
        if refused.close_code is not None:
            self.connection.close(refused.close_code, refused.code)

    def _tell(self, message: stream.ConnectionMessage, tells_of: Sequence | None = None) -> None:
        """Unless told otherwise, a message may tell of everything sequenced so far."""
        if tells_of is None:
            tells_of = self._exchange.sequencer.last_sequence
        self.connection.tell(_encode(message), tells_of)

    def _timestamp(self) -> str:
        return format_timestamp(self._exchange.clock.now())

    # ---- checks ----------------------------------------------------------------------------------------------

    def _queries(self, *, close_code: int | None = None) -> Queries:
        try:
            return self._exchange.sequencer.queries
        except Unavailable as unavailable:
            raise StreamRefused(StreamErrorCode.SERVICE_UNAVAILABLE, str(unavailable), close_code=close_code) from None

    def _check_leaderboard(self) -> None:
        """Refuse the channel with the words of `GET /leaderboard`."""
        try:
            public_leaderboard(self._exchange)
        except Refused as refused:
            raise StreamRefused(
                StreamErrorCode.INVALID_CHANNEL, refused.reject.message, {"channel": "leaderboard"}
            ) from None
        except Unavailable as unavailable:
            raise StreamRefused(StreamErrorCode.SERVICE_UNAVAILABLE, str(unavailable)) from None

    def _resume_ahead(self, last_seq: int) -> StreamRefused:
        return StreamRefused(
            StreamErrorCode.RESUME_AHEAD,
            f"after_seq lies beyond the last event, {last_seq}: start again from `welcome`, which tells the state",
            {"next_seq": last_seq + 1, "epoch": self._exchange.sequencer.epoch},
        )


def _too_many(message: str) -> StreamRefused:
    return StreamRefused(StreamErrorCode.CONNECTION_LIMIT, message, close_code=CloseCode.TOO_MANY_CONNECTIONS)
