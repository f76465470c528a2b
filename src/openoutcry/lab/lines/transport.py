"""One team's access to an exchange in the same process: it calls operations and hears the stream's messages."""

from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

import structlog

from openoutcry.access.caller import NO_TEAM, Caller
from openoutcry.access.credentials import unauthenticated
from openoutcry.lab.lines.bounds import within_bounds
from openoutcry.operations import order_changes, order_entry, protection, quote_protection, quotes
from openoutcry.operations.failures import failed
from openoutcry.operations.own import account, orders, pnl, score
from openoutcry.operations.result import Result
from openoutcry.protocol.channels import ChannelName
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.streams.connection import Connection

T = TypeVar("T")

_OF_TEAMS: Final = frozenset(
    module.__name__
    for module in (account, order_changes, order_entry, orders, pnl, protection, quote_protection, quotes, score)
)
"""The modules whose operations only a team can call."""

_NO_SILENCE: Final = 0.0
"""The time of the last message. It plays no part: there are no heartbeats within a process."""

_log: Final = structlog.get_logger()


class Transport:
    """Calls operations for one caller. No bucket pays unless the caller has one. Runs in the exchange's loop."""

    def __init__(self, exchange: Exchange, caller: Caller) -> None:
        """Raises `ValueError` if the caller names a team that is not registered."""
        if caller.team_id != NO_TEAM and exchange.sequencer.queries.team(caller.team_id) is None:
            raise ValueError(f"there is no team {caller.team_id}")
        self._exchange = exchange
        self._caller = caller

    def ask(self, operation: Callable[..., Result[T]], *arguments: Any) -> Result[T]:
        """The operation's result. A refusal or a failure is a result too; nothing is raised.

        An argument outside the bounds of its type is refused, as it is on the wire.
        """
        try:
            self._check_caller(operation)
            return operation(self._exchange, self._caller, *map(within_bounds, arguments))
        except Exception as error:  # noqa: BLE001 - every failure has a result
            return failed(self._exchange, error, operation.__name__)

    def _check_caller(self, operation: Callable[..., Any]) -> None:
        if self._caller.team_id == NO_TEAM and operation.__module__ in _OF_TEAMS:
            raise unauthenticated("Only a team can ask this, and this caller is none")

    def listen(self, on_message: Callable[[bytes], None], channels: Iterable[ChannelName] = ()) -> Callable[[], None]:
        """Call `on_message` with each message from now on, in JSON as on the WebSocket: the team's events, `channels`.

        It is called at the end of a turn of the loop and may call operations. Listening ends when the returned function
        is called, when `on_message` raises (the exception is logged), or when one turn brings the team more events than
        are kept. A team without a key hears no events of its own. Raises `ValueError` if a channel's instrument does
        not exist.
        """

        def hand_over(messages: list[bytes]) -> None:
            for message in messages:
                on_message(message)
                if listener.has_ended:
                    return

        listener = self.open(hand_over, channels)
        return listener.end

    def open(self, on_messages: Callable[[list[bytes]], None], channels: Iterable[ChannelName] = ()) -> "Listener":
        """As `listen`, with the messages of a turn at once. The listener can read more channels later."""
        channels = tuple(channels)
        for channel in channels:
            if channel.instrument_id is not None and not self._exchange.public_channels.knows(channel.instrument_id):
                raise ValueError(f"there is no instrument {channel.instrument_id!r}")
        return Listener(self._exchange, self._caller, on_messages, channels)


class Listener:
    """One reader within the process."""

    def __init__(
        self,
        exchange: Exchange,
        caller: Caller,
        on_messages: Callable[[list[bytes]], None],
        channels: Iterable[ChannelName],
    ) -> None:
        self._exchange = exchange
        self._on_messages = on_messages
        self.has_ended = False
        connection = self._connection = Connection(
            exchange.public_channels.snapshot_of, lambda: _NO_SILENCE, exchange.outgoing, exchange.connections.limits
        )
        connection.writer = self._hand_over
        queries = exchange.sequencer.queries
        if caller.team_id != NO_TEAM and queries.has_key(caller.team_id):
            stream = exchange.private_streams.of_team(caller.team_id)
            exchange.connections.follow(connection, caller.team_id, stream, stream.last_seq)
        self.subscribe(channels)

    def subscribe(self, channels: Iterable[ChannelName]) -> None:
        """Read these channels too. One that was read before begins again with its present state."""
        public, connection = self._exchange.public_channels, self._connection
        for channel in public.subscribe(connection, channels):
            public.begin(connection, channel, self._exchange.sequencer.queries.depth)

    def end(self) -> None:
        self.has_ended = True
        connection = self._connection
        self._exchange.public_channels.release(connection)
        self._exchange.connections.release(connection)
        connection.end()

    def _hand_over(self) -> None:
        """Hand over all messages that wait. Messages that this causes follow in a later turn."""
        try:
            self._on_messages(self._connection.take())
        except Exception as error:  # noqa: BLE001 - it ends this listener, not the turn in which others are told
            _log.error("a listener failed, and hears nothing more", exc_info=error)
            self.end()
            return
        if self._connection.has_more and not self.has_ended:
            self._connection.speak_up()
