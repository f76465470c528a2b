"""Everybody who can listen to an exchange: a reader of all public channels, and one of each team's private stream."""

from collections.abc import Callable
from functools import partial
from typing import Final

import msgspec

from openoutcry.domain.types import TeamId
from openoutcry.gateway.stream.welcome import welcome_of
from openoutcry.protocol.channels import INSTRUMENT_CHANNEL_KINDS, SINGLE_CHANNEL_KINDS, ChannelName
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.streams.connection import Connection
from openoutcry.runtime.streams.limits import StreamLimits

LIMITS: Final = StreamLimits(
    private_backlog_bytes=1 << 40,
    book_backlog_bytes=1 << 40,
    kept_backlog_bytes=1 << 40,
    recent_events=65_536,
    read_bytes=1 << 20,
)
"""Of streams that are read after every command: nothing may be left out, however much one command brings."""

_EVERYTHING: Final = (*map(ChannelName, INSTRUMENT_CHANNEL_KINDS), *map(ChannelName, SINGLE_CHANNEL_KINDS))
_SESSION_ID: Final = "replay"

Heard = Callable[[TeamId | None, list[bytes]], None]
"""Called with messages to this team; None: to everybody."""


class Audience:
    """Hears all that is told, at the end of the turn that told it."""

    def __init__(self, exchange: Exchange, heard: Heard) -> None:
        """`exchange` has the `LIMITS`, and its first command is still to come."""
        self._exchange = exchange
        self._heard = heard
        self._seen = 0
        self.teams: Final[list[TeamId]] = []
        """Those that have a private stream."""
        self._subscribe(self._reader(None), _EVERYTHING)

    def seat_new_teams(self) -> list[TeamId]:
        """To be called after a command that registers a team. Those that have a private stream."""
        queries, seated = self._exchange.sequencer.queries, len(self.teams)
        for team_id in map(TeamId, range(self._seen + 1, queries.count_teams() + 1)):
            if queries.has_key(team_id):
                # Past the exchange's count of connections: nobody was connected.
                stream = self._exchange.private_streams.of_team(team_id)
                self._reader(team_id).follow(team_id, stream, stream.last_seq)
                self.teams.append(team_id)
        self._seen = queries.count_teams()
        return self.teams[seated:]

    def beginning(self) -> list[bytes]:
        """What somebody is told who begins to read all public channels now."""
        tradable = self._exchange.sequencer.queries.tradable()
        newcomer = self._connection()
        for kind in INSTRUMENT_CHANNEL_KINDS:
            self._subscribe(newcomer, [ChannelName(kind, each.instrument_id) for each in tradable])
        self._subscribe(newcomer, list(map(ChannelName, SINGLE_CHANNEL_KINDS)))
        told = _taken(newcomer)
        self._exchange.public_channels.release(newcomer)
        return told

    def welcome(self, team_id: TeamId) -> bytes:
        """What a connection of the team is told first that logs in now."""
        return msgspec.json.encode(welcome_of(self._exchange, _SESSION_ID, team_id))

    def _reader(self, team_id: TeamId | None) -> Connection:
        reader = self._connection()
        reader.writer = partial(self._hand_over, team_id, reader)
        return reader

    def _connection(self) -> Connection:
        exchange = self._exchange
        return Connection(exchange.public_channels.snapshot_of, lambda: 0.0, exchange.outgoing, LIMITS)

    def _subscribe(self, connection: Connection, channels: "list[ChannelName] | tuple[ChannelName, ...]") -> None:
        public = self._exchange.public_channels
        for single in public.subscribe(connection, channels):
            public.begin(connection, single, self._exchange.sequencer.queries.depth)

    def _hand_over(self, team_id: TeamId | None, reader: Connection) -> None:
        self._heard(team_id, _taken(reader))


def _taken(connection: Connection) -> list[bytes]:
    messages: list[bytes] = []
    while connection.has_more:
        messages += connection.take()
    return messages
