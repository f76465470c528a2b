"""The whole way of an order in the process: bytes read, verdict written, executed, journaled, sent to its readers.

There is no socket, system clock or thread, so work of the operating system and the event loop is not counted.
"""

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import uvicorn
from uvicorn.server import ServerState

from openoutcry.bench.instructions.commands import (
    INSTRUMENTS,
    SCENARIO,
    TEAMS,
    cancels,
    crossing_orders,
    key_of,
    market,
    resting_orders,
)
from openoutcry.bench.instructions.marks import counted
from openoutcry.bootstrap.server import open_server
from openoutcry.domain.commands import CancelOrder, Command, SubmitOrder
from openoutcry.domain.identifiers import format_order_id
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.types import TeamId, TimestampUs
from openoutcry.gateway.app import Gateway, build_gateway
from openoutcry.gateway.connections.places import Places
from openoutcry.gateway.order_lane.protocol import protocol_for
from openoutcry.gateway.stream.protocol import stream_protocol
from openoutcry.journal.sync import Work
from openoutcry.protocol.channels import ChannelName
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.streams.connection import Connection

KINDS: Final = {
    "an order that rests": resting_orders,
    "an order that trades": crossing_orders,
    "a cancel": cancels,
}


def count_each_kind(commands: int) -> Iterator[str]:
    """Run so many of each kind between two marks, after as many to warm up; the name of each when it is done."""
    for name, make in KINDS.items():
        prepared, alike = make(2 * commands)
        with tempfile.TemporaryDirectory() as folder:
            answered = asyncio.run(_count(Path(folder), prepared, alike))
        assert answered == len(alike), name  # noqa: S101 - or what was counted was something else
        yield name


async def _count(folder: Path, prepared: list[Command], alike: list[Command]) -> int:
    """How many requests succeeded. The second half of them was counted."""
    turns = _Turns()
    exchange = open_server(
        SCENARIO,
        folder,
        admin_key_hash=bytes(32),
        loop=turns,
        clock=_Clock(),
        start_helper=_NoHelper,
        boot_id="counted",
    )
    try:
        for command in [*market(), *prepared]:
            sequenced, _ = exchange.sequencer.perform(command)
            assert isinstance(sequenced.verdict, Accepted)  # noqa: S101
        turns.run()
        _attach_readers(exchange)
        lines = _Lines(build_gateway(exchange, monotonic=lambda: 0.0))
        requests = [_request(command) for command in alike]
        half = len(requests) // 2
        lines.play(requests[:half], turns)
        with counted():
            lines.play(requests[half:], turns)
        return lines.successes
    finally:
        exchange.close()


class _Turns:
    """The part of an event loop that the exchange needs. A turn runs when the measurement asks for it."""

    def __init__(self) -> None:
        self._due: list[Callable[[], None]] = []

    def call_soon(self, callback: Callable[[], None], /) -> None:
        self._due.append(callback)

    def call_soon_threadsafe(self, callback: Callable[[], None], /) -> None:
        self._due.append(callback)

    def call_later(self, _delay: float, _callback: Callable[[], None], /) -> "_Never":
        return _Never()

    def run(self) -> None:
        """Run all calls that are due, and those that become due meanwhile."""
        while self._due:
            due, self._due = self._due, []
            for callback in due:
                callback()


class _Never:
    """A timer that is never due."""

    def cancel(self) -> None:
        return


class _Clock:
    """A clock on which a microsecond passes at each call."""

    def __init__(self) -> None:
        self._time = 1_705_312_800_000_000

    def now(self) -> TimestampUs:
        self._time += 1
        return TimestampUs(self._time)

    def elapsed(self) -> int:
        return self._time


class _NoHelper:
    """Syncs nothing, because a sync is the work of another thread and of the disk."""

    def __init__(self, work: Work, interval_seconds: float) -> None:
        pass

    def wake(self) -> None:
        return

    def stop(self) -> None:
        return


def _attach_readers(exchange: Exchange) -> None:
    """Every team that trades reads its own stream. One reader follows book, top and trades of all instruments."""

    def attach() -> Connection:
        connection = Connection(exchange.public_channels.snapshot_of, lambda: 0.0, exchange.outgoing)
        exchange.connections.attach(connection)
        connection.writer = lambda: _read_all(connection)
        return connection

    for number in range(1, TEAMS + 1):
        team_id = TeamId(number)
        stream = exchange.private_streams.of_team(team_id)
        exchange.connections.follow(attach(), team_id, stream, exchange.sequencer.queries.last_seq(team_id))
    public = attach()
    channels = [ChannelName(kind, instrument_id) for kind in ("book", "top", "trades") for instrument_id in INSTRUMENTS]
    for channel in exchange.public_channels.subscribe(public, channels):
        exchange.public_channels.begin(public, channel, exchange.sequencer.queries.depth)


def _read_all(connection: Connection) -> None:
    while connection.take():
        pass


class _Lines:
    """A connection to the gateway for every team."""

    def __init__(self, gateway: Gateway) -> None:
        configuration = uvicorn.Config(
            gateway.app,
            http="httptools",
            ws=stream_protocol(gateway.order_lane.clock),
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
        )
        configuration.load()
        state = ServerState()
        state.default_headers = [(b"date", b"Mon, 15 Jan 2024 10:00:00 GMT")]
        protocol_class = protocol_for(configuration, gateway.order_lane, Places(TEAMS, TEAMS))
        loop = asyncio.get_running_loop()
        self._transports = [_Transport() for _ in range(TEAMS)]
        self._reads: list[Callable[[bytes], None]] = []
        for transport in self._transports:
            protocol = protocol_class(configuration, state, {}, loop)
            protocol.connection_made(transport)
            self._reads.append(protocol.data_received)

    def play(self, requests: list[tuple[TeamId, bytes]], turns: _Turns) -> None:
        """Read each request, and finish all its work before the next."""
        reads, run = self._reads, turns.run
        for team_id, content in requests:
            reads[team_id - 1](content)
            run()

    @property
    def successes(self) -> int:
        return sum(transport.successes for transport in self._transports)


class _Transport(asyncio.Transport):
    """Takes written bytes, and counts the successes."""

    def __init__(self) -> None:
        super().__init__({"peername": ("192.0.2.1", 40000), "sockname": ("192.0.2.9", 80)})
        self.successes = 0

    def write(self, data: "bytes | bytearray | memoryview[Any]") -> None:
        self.successes += bytes(data[:12]) == b"HTTP/1.1 200"

    def is_closing(self) -> bool:
        return False


def _request(command: Command) -> tuple[TeamId, bytes]:
    """The sender of a command, and its bytes as a bot sends them."""
    body = b""
    match command:
        case SubmitOrder():
            assert command.price is not None  # noqa: S101
            body = msgspec.json.encode(
                {
                    "instrument_id": command.instrument_id,
                    "side": command.side,
                    "quantity": command.quantity,
                    "price": command.price.ticks / 100,
                    "client_order_id": command.client_order_id,
                }
            )
            lines = [b"POST /orders HTTP/1.1", b"Content-Type: application/json", b"Content-Length: %d" % len(body)]
        case CancelOrder():
            lines = [b"DELETE /orders/%b HTTP/1.1" % format_order_id(command.order_id).encode()]
        case _:
            raise TypeError(command)
    lines += [b"Host: 127.0.0.1:8000", b"X-API-Key: " + key_of(command.team_id), b"Accept: */*"]
    return command.team_id, b"\r\n".join(lines) + b"\r\n\r\n" + body
