"""Orders per second: many connections, each with one request in flight."""

from contextlib import ExitStack
from typing import Final

from openoutcry.bench import targets
from openoutcry.bench.load.closed_loop import Client, measure_throughput
from openoutcry.bench.load.http_connection import HttpConnection
from openoutcry.bench.load.orders import MIXES, keys_for
from openoutcry.bench.measures import Load, generator_busy, is_stated, processor_us, ratios, spread
from openoutcry.bench.report import (
    NOTHING,
    Claim,
    Section,
    load_figures,
    microseconds,
    rate,
    rate_cell,
    times_spread,
)
from openoutcry.bench.servers import Server
from openoutcry.bench.stage import EXCHANGE, NOOP, Stage

CONNECTIONS: Final = (16, 128)
CLAIMED: Final = (16, "trading")
FIXED: Final = "fixed reply"


def throughput(stage: Stage) -> Section:
    section = Section(
        "Orders per second",
        ("mix, connections", "server", "answered", "× no-op", "CPU an order", "generator busy"),
    )
    with stage.exchange() as exchange:
        for connections in CONNECTIONS:
            for mix in MIXES:
                _add(section, connections, mix, _measure(stage, exchange, connections, mix))
    section.notes.append(
        "trading: POST alone, of two orders one rests and the other trades with it."
        " resting: half POST, half DELETE; orders rest and are cancelled."
    )
    return section


def _add(section: Section, connections: int, mix: str, loads: dict[str, list[Load]]) -> None:
    for name, of_server in loads.items():
        if name != FIXED:
            section.rows.append((f"{mix}, {connections}", name, *_cells(of_server, name, loads[NOOP])))
        section.figures[f"{mix}, {connections}, {name}"] = load_figures(of_server)
    ceiling = spread([load.per_second for load in loads[FIXED]])
    section.notes.append(
        f"{mix}, {connections} connections: the generator's ceiling, at a fixed reply without HTTP, is"
        f" {rate(ceiling.median)}."
    )
    if (connections, mix) == CLAIMED:
        section.claims.append(_claim(loads))


def _claim(loads: dict[str, list[Load]]) -> Claim:
    if not all(is_stated(loads[name]) for name in (NOOP, EXCHANGE)):
        return Claim(targets.THROUGHPUT, None, "the generator was too busy")
    return Claim(targets.THROUGHPUT, ratios(_rates(loads[EXCHANGE]), _rates(loads[NOOP])))


def _measure(stage: Stage, exchange: Server, connections: int, mix: str) -> dict[str, list[Load]]:
    with ExitStack() as stack:
        servers = {**stage.servers(exchange), FIXED: stage.fixed}
        clients = {name: _clients(server, exchange, connections, mix, stack) for name, server in servers.items()}
        loads: dict[str, list[Load]] = {name: [] for name in servers}
        seconds = stage.effort.throughput_seconds
        for name, server in servers.items():
            measure_throughput(clients[name], seconds / 4, server)
        for turn in stage.turns(list(servers)):
            for name in turn:
                loads[name].append(measure_throughput(clients[name], seconds, servers[name]))
    return loads


def _clients(server: Server, exchange: Server, connections: int, mix: str, stack: ExitStack) -> list[Client]:
    clients = []
    for place, key in enumerate(
        keys_for(exchange if server is exchange else None, connections, f"{mix} {connections}")
    ):
        connection = HttpConnection(server.host, server.port)
        stack.callback(connection.close)
        clients.append(Client(connection, MIXES[mix](key, place)))
    return clients


def _rates(loads: list[Load]) -> list[float]:
    return [load.per_second for load in loads]


def _cells(loads: list[Load], name: str, noop: list[Load]) -> tuple[str, ...]:
    beside = NOTHING
    if name != NOOP and is_stated(loads) and is_stated(noop):
        beside = times_spread(ratios(_rates(loads), _rates(noop)))
    used = processor_us(loads)
    return (
        rate_cell(loads, spread(_rates(loads))),
        beside,
        NOTHING if used is None else microseconds(used),
        f"{generator_busy(loads):.0%}",
    )
