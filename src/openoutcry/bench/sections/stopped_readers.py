"""Readers that stop reading: their effect on the others' latency and on the server's memory.

Half of them read a book, whose waiting updates can be merged. The other half read its trades too, which cannot be
merged, so the exchange closes these readers' connections when their bound is passed.
"""

from contextlib import ExitStack
from statistics import median
from typing import Final

from msgspec import Struct

from openoutcry.bench.load.closed_loop import Client, measure_throughput
from openoutcry.bench.load.http_connection import HttpConnection
from openoutcry.bench.load.open_loop import OpenLoop, OpenLoopRound
from openoutcry.bench.load.orders import INSTRUMENT, register_teams, trading
from openoutcry.bench.load.websocket_reader import WebSocketReader
from openoutcry.bench.measures import Latencies, Spread, ratios
from openoutcry.bench.report import NOTHING, Section, latency_figures, microseconds, times_spread
from openoutcry.bench.servers import Server
from openoutcry.bench.stage import Stage

STOPPED: Final = 10
TEAMS: Final = 10
PER_SECOND: Final = 1_000
BURST_CONNECTIONS: Final = 16
BURST_SECONDS: Final = 0.5
"""Seconds between two checks of the number of orders."""
MOST_BURST_SECONDS: Final = 15.0
"""The allowance for a busy machine. Connections that wait meanwhile must not be closed as silent."""
RECEIVE_BUFFER: Final = 4_096
"""Bytes that the reader's side of a connection holds. It is small, so messages soon wait on the server's side."""


class _Turn(Struct, frozen=True):
    """The latency of others, and the memory gained over a burst of orders, with or without stopped readers."""

    others: OpenLoopRound
    orders: int
    bytes_gained: int | None
    given_up: int
    """Readers whose connections the exchange has closed."""


def stopped_readers(stage: Stage) -> Section:
    section = Section(
        f"{STOPPED} readers that stop reading, beside {TEAMS} teams at {PER_SECOND:,} orders/s",
        ("of the others", "readers", "p50", "p90", "p99", "p99.9", "max", "p50 × before", "p99 × before"),
    )
    without: list[_Turn] = []
    with_them: list[_Turn] = []
    with stage.exchange() as exchange, ExitStack() as stack:
        loop = OpenLoop(exchange, register_teams(exchange, TEAMS), has_streams=True)
        clients = _burst_clients(exchange, stack)
        stopped_keys = register_teams(exchange, STOPPED, "Stopped")
        measure_throughput(clients, BURST_SECONDS, exchange)
        loop.run(PER_SECOND, BURST_SECONDS)
        for _ in range(stage.effort.few_rounds):
            without.append(_turn(stage, exchange, loop, clients, []))
            with ExitStack() as stopped:
                with_them.append(_turn(stage, exchange, loop, clients, _open_stopped(exchange, stopped_keys, stopped)))
    for kind in ("verdicts", "acks"):
        before, after = _latencies(without, kind), _latencies(with_them, kind)
        what = {"verdicts": "verdict", "acks": "new_order_ack"}[kind]
        for readers, latencies in (("all read", before), (f"{STOPPED} stopped", after)):
            times = (microseconds(figure) for figure in latencies.percentiles_us().values())
            beside = (NOTHING, NOTHING)
            if latencies is after:
                beside = (_beside(after, before, "p50"), _beside(after, before, "p99"))
            section.rows.append((what, readers, *times, *beside))
            section.figures[f"{what}, {readers}"] = latency_figures(latencies, [])
    section.notes.append(
        f"The exchange gave up {median(turn.given_up for turn in with_them):.0f} of the {STOPPED}. It gives up those"
        " that read trades, which cannot be condensed, once they have missed too many."
    )
    gained = _gained_by_stopped(without, with_them)
    if gained is not None:
        section.figures["bytes_gained_by_stopped"] = gained
        section.notes.append(
            f"Over {median(turn.orders for turn in with_them):,.0f} orders at full speed the server's memory grew by"
            f" {gained / 2**20:.1f} MiB more with them than without."
        )
    return section


def _burst_clients(exchange: Server, stack: ExitStack) -> list[Client]:
    clients = []
    for key in register_teams(exchange, BURST_CONNECTIONS, "Burst"):
        connection = HttpConnection(exchange.host, exchange.port)
        stack.callback(connection.close)
        clients.append(Client(connection, trading(key, 0)))
    return clients


def _open_stopped(exchange: Server, keys: list[str], stack: ExitStack) -> list[WebSocketReader]:
    readers = []
    for number, key in enumerate(keys):
        reader = WebSocketReader(exchange.host, exchange.port, api_key=key, receive_buffer=RECEIVE_BUFFER)
        stack.callback(reader.close)
        reader.subscribe(f"book:{INSTRUMENT}", *([f"trades:{INSTRUMENT}"] if number % 2 else []))
        readers.append(reader)
    return readers


def _turn(
    stage: Stage, exchange: Server, loop: OpenLoop, clients: list[Client], stopped: list[WebSocketReader]
) -> _Turn:
    before = exchange.resident_bytes
    orders = seconds = 0.0
    while orders < stage.effort.burst_orders and seconds < MOST_BURST_SECONDS:
        piece = measure_throughput(clients, BURST_SECONDS, exchange)
        orders, seconds = orders + piece.answers, seconds + piece.seconds
    after = exchange.resident_bytes
    others = loop.run(PER_SECOND, stage.effort.open_loop_seconds)
    given_up = sum(_is_ended(reader) for reader in stopped)
    return _Turn(others, int(orders), None if before is None or after is None else after - before, given_up)


def _is_ended(reader: WebSocketReader) -> bool:
    """Whether the connection has ended, once everything sent on it was read."""
    reader.socket.settimeout(0.1)
    try:
        while reader.is_open:
            reader.messages()
    except TimeoutError:
        return False
    return True


def _latencies(turns: list[_Turn], kind: str) -> Latencies:
    latencies = Latencies()
    for turn in turns:
        latencies.add_round(getattr(turn.others, kind))
    return latencies


def _beside(after: Latencies, before: Latencies, name: str) -> str:
    figure: Spread = ratios(after.by_round(name), before.by_round(name))
    return times_spread(figure)


def _gained_by_stopped(without: list[_Turn], with_them: list[_Turn]) -> float | None:
    """Bytes beyond those of as many orders without stopped readers. Median over the rounds."""
    gained = []
    for plain, stopped in zip(without, with_them, strict=True):
        if plain.bytes_gained is None or stopped.bytes_gained is None:
            return None
        gained.append(stopped.bytes_gained - plain.bytes_gained * stopped.orders / plain.orders)
    return median(gained)
