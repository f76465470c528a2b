"""One team's way to an exchange in the same process: a request in, a result out, and the stream's messages."""

from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

from openoutcry.access.caller import NO_TEAM, Caller
from openoutcry.operations.failures import failed
from openoutcry.operations.result import Result
from openoutcry.protocol.channels import ChannelName
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.streams.connection import Connection

T = TypeVar("T")

_NO_SILENCE: Final = 0.0
"""Nobody here is sent a sign of life, so no connection needs to know when it was last spoken to."""


class Transport:
    """Asks operations for one caller; no bucket pays unless the caller has one. Runs in the exchange's loop."""

    def __init__(self, exchange: Exchange, caller: Caller) -> None:
        self._exchange = exchange
        self._caller = caller

    def ask(self, operation: Callable[..., Result[T]], *arguments: Any) -> Result[T]:
        """What the operation gives, or the refusal that tells why it gives nothing. Raises nothing."""
        try:
            return operation(self._exchange, self._caller, *arguments)
        except Exception as error:  # noqa: BLE001 - every failure has a result
            return failed(self._exchange, error, operation.__name__)

    def listen(self, on_message: Callable[[bytes], None], channels: Iterable[ChannelName] = ()) -> Callable[[], None]:
        """Give `on_message` each message from now on, in JSON as on the WebSocket: the team's events, then `channels`.

        It is called at the end of a turn of the loop, and may ask. What this returns ends it.
        """
        return _Listener(self._exchange, self._caller, on_message, channels).end


class _Listener:
    def __init__(
        self,
        exchange: Exchange,
        caller: Caller,
        on_message: Callable[[bytes], None],
        channels: Iterable[ChannelName],
    ) -> None:
        self._exchange = exchange
        self._on_message = on_message
        public = exchange.public_channels
        connection = self._connection = Connection(public.snapshot_of, lambda: _NO_SILENCE, exchange.outgoing)
        connection.writer = self._hand_over
        queries = exchange.sequencer.queries
        if caller.team_id != NO_TEAM:
            stream = exchange.private_streams.of_team(caller.team_id)
            exchange.connections.follow(connection, caller.team_id, stream, stream.last_seq)
        for channel in public.subscribe(connection, channels):
            public.begin(connection, channel, queries.depth)

    def end(self) -> None:
        connection = self._connection
        self._exchange.public_channels.unsubscribe(connection, list(connection.channels))
        self._exchange.connections.release(connection)
        connection.end()

    def _hand_over(self) -> None:
        """All that there is to say. What is answered to it is told in a later turn."""
        for message in self._connection.take():
            self._on_message(message)
        if self._connection.has_more:
            self._connection.speak_up()
