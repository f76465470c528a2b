"""An open loop: orders leave at intended times, and latency counts from these times, whatever the server does.

If a server falls behind, its latency includes all the time that its orders waited. The generator does not wait with it
and so hide this time ("coordinated omission").
"""

import select
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from time import perf_counter_ns
from typing import Final

from msgspec import Struct

from openoutcry.bench.load.http_connection import HttpConnection, UnexpectedAnswer
from openoutcry.bench.load.orders import NumberedOrders, number_in
from openoutcry.bench.load.websocket_reader import WebSocketReader
from openoutcry.bench.measures import Load
from openoutcry.bench.servers import Server

DRAIN_SECONDS: Final = 30
"""The most time until a request is answered and its events have arrived."""

_WELCOME: Final = b'{"type":"welcome"'
_ACK: Final = b'{"type":"new_order_ack"'
_EXECUTION: Final = b'{"type":"execution_report"'
_TAKER: Final = b'"liquidity_type":"taker"'


def is_ack(message: bytes) -> bool:
    return message.startswith(_ACK)


def is_execution(message: bytes) -> bool:
    """Whether the fill's report belongs to the later order. The other order rested in the book before."""
    return message.startswith(_EXECUTION) and _TAKER in message


class Team(Struct, frozen=True):
    """A bot: a connection for orders, and a WebSocket if the server has one."""

    connection: HttpConnection
    orders: NumberedOrders
    reader: WebSocketReader | None

    def close(self) -> None:
        self.connection.close()
        if self.reader is not None:
            self.reader.close()


class OpenLoopRound(Struct, frozen=True):
    """Samples in nanoseconds. `late`: how long after its intended time an order left the generator."""

    load: Load
    verdicts: list[int]
    acks: list[int]
    executions: list[int]
    """Samples of the orders that trade at once: the report of their side of the trade."""
    late: list[int]


class OpenLoop:
    """Sends the orders of several teams in turns. Orders are numbered through all rounds, from 0."""

    def __init__(
        self,
        server: Server,
        api_keys: Sequence[str],
        *,
        has_streams: bool,
        orders_of: Callable[[str], NumberedOrders] = NumberedOrders,
    ) -> None:
        """`has_streams`: whether the server has a WebSocket for each team, with the events of its orders.
        `orders_of` the key of a team: what it sends.
        """
        self._orders_of = orders_of
        self._server = server
        self._api_keys = api_keys
        self._has_streams = has_streams
        self._next_number = 0

    def run(self, per_second: int, seconds: float) -> OpenLoopRound:
        """Run one round with an even number of orders. Returns when every answer and every event has arrived.

        Raises `UnexpectedAnswer`.
        """
        # Connected anew for each round: a server closes connections that are silent during other rounds.
        with ExitStack() as stack:
            teams = self._connect(stack)
            used_before = self._server.processor_seconds
            one_round = _Round(teams, self._next_number, 2 * int(per_second * seconds / 2), 1e9 / per_second)
            self._next_number += one_round.count
            started, ended, worked = one_round.run()
            used_after = self._server.processor_seconds
        used = None if used_before is None or used_after is None else used_after - used_before
        load = Load(one_round.count, (ended - started) / 1e9, used, worked / (ended - started))
        return OpenLoopRound(load, one_round.verdicts, one_round.acks, one_round.executions, one_round.late)

    def _connect(self, stack: ExitStack) -> list[Team]:
        """Connect. The connections for orders come last, because the server closes one that sends nothing for long."""
        host, port = self._server.host, self._server.port
        readers: list[WebSocketReader | None] = [None] * len(self._api_keys)
        if self._has_streams:
            for place, api_key in enumerate(self._api_keys):
                stream = WebSocketReader(host, port, api_key=api_key)
                stack.callback(stream.close)
                stream.read_until(_WELCOME)
                readers[place] = stream
        teams = []
        for api_key, reader in zip(self._api_keys, readers, strict=True):
            connection = HttpConnection(host, port)
            stack.callback(connection.close)
            teams.append(Team(connection, self._orders_of(api_key), reader))
        return teams


class _Round:
    def __init__(self, teams: Sequence[Team], first: int, count: int, interval_ns: float) -> None:
        self.count = count
        self.verdicts: list[int] = []
        self.acks: list[int] = []
        self.executions: list[int] = []
        self.late: list[int] = []
        self._teams = teams
        self._first = first
        self._interval_ns = interval_ns
        self._started = 0
        self._connections = {team.connection.descriptor: team.connection for team in teams}
        self._readers = {team.reader.descriptor: team.reader for team in teams if team.reader is not None}
        # Answers on a connection come in the order of its requests, which are every so many-th of all.
        self._unanswered = {team.connection.descriptor: place for place, team in enumerate(teams)}

    def run(self) -> tuple[int, int, int]:
        """The start, the time of the last answer or event, and how long the generator worked, in nanoseconds."""
        teams, first, count, interval_ns = self._teams, self._first, self.count, self._interval_ns
        poll = select.epoll()
        for descriptor in (*self._connections, *self._readers):
            poll.register(descriptor, select.EPOLLIN)
        now = started = self._started = perf_counter_ns()
        last = sent = worked = 0
        next_due = float(started)
        gives_up = started + int(count * interval_ns) + DRAIN_SECONDS * 1_000_000_000
        while not self._is_complete():
            is_working = False
            if sent < count and now >= next_due:
                team = teams[sent % len(teams)]
                team.connection.send(team.orders.request(first + sent))
                self.late.append(now - int(next_due))
                sent += 1
                next_due = started + sent * interval_ns
                is_working = True
            for descriptor, _ in poll.poll(0):
                self._take(descriptor)
                is_working = True
            before, now = now, perf_counter_ns()
            if is_working:
                worked += now - before
                last = now
            if now > gives_up:
                raise UnexpectedAnswer(
                    f"of {count} orders {len(self.verdicts)} were answered, {len(self.acks)} acknowledged and"
                    f" {len(self.executions)} reported as executed within {DRAIN_SECONDS} s"
                )
        poll.close()
        return started, last, worked

    def _is_complete(self) -> bool:
        if len(self.verdicts) < self.count:
            return False
        return not self._readers or (len(self.acks) == self.count and 2 * len(self.executions) == self.count)

    def _take(self, descriptor: int) -> None:
        connection = self._connections.get(descriptor)
        if connection is not None:
            for _ in connection.answers():
                place = self._unanswered[descriptor]
                self._unanswered[descriptor] = place + len(self._teams)
                self.verdicts.append(self._since_intended(place))
            return
        for message in self._readers[descriptor].messages():
            if is_ack(message):
                self.acks.append(self._since_intended(number_in(message) - self._first))
            elif is_execution(message):
                self.executions.append(self._since_intended(number_in(message) - self._first))

    def _since_intended(self, place: int) -> int:
        return perf_counter_ns() - self._started - int(place * self._interval_ns)
