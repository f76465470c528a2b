"""Market data to many readers: a book and its trades, written to each of them."""

from contextlib import ExitStack
from statistics import median
from typing import Final

from openoutcry.bench import targets
from openoutcry.bench.load.closed_loop import Client
from openoutcry.bench.load.fan_out import drain, measure_fan_out
from openoutcry.bench.load.http_connection import HttpConnection
from openoutcry.bench.load.orders import INSTRUMENT, register_teams, trading
from openoutcry.bench.load.websocket_reader import WebSocketReader
from openoutcry.bench.measures import Load, generator_busy, is_stated, spread
from openoutcry.bench.report import NOTHING, Claim, Section, load_figures, rate, rate_cell
from openoutcry.bench.servers import Server, serve_yardstick
from openoutcry.bench.stage import Stage

READERS: Final = (1, 100, 500)
CLAIMED_READERS: Final = 500
READERS_PER_TEAM: Final = 4
"""The most connections that the scenario allows a team."""
CHANNELS: Final = (f"book:{INSTRUMENT}", f"trades:{INSTRUMENT}")
SILENCE_SECONDS: Final = 0.2


def market_data(stage: Stage) -> Section:
    section = Section(
        "Market data: one book and its trades, while one connection trades as fast as it is answered",
        ("readers", "messages delivered", "per second of CPU", "orders", "generator busy"),
    )
    with stage.exchange() as exchange, ExitStack() as stack:
        (key,) = register_teams(exchange, 1)
        trader = Client(HttpConnection(exchange.host, exchange.port), trading(key, 0))
        stack.callback(trader.connection.close)
        measured = {count: _measure(stage, exchange, trader, count) for count in READERS}
    for count, (loads, orders) in measured.items():
        per_processor_second = [
            load.answers / load.processor_seconds for load in loads if load.processor_seconds is not None
        ]
        delivered = spread([load.per_second for load in loads])
        used = f"{rate(median(per_processor_second))}" if per_processor_second and is_stated(loads) else NOTHING
        busy = f"{generator_busy(loads):.0%}"
        section.rows.append((f"{count}", rate_cell(loads, delivered), used, rate(median(orders)), busy))
        section.figures[f"{count} readers"] = {**load_figures(loads), "orders_per_second_by_round": orders}
        if count == CLAIMED_READERS:
            stated = is_stated(loads)
            why = "" if stated else "the generator was too busy"
            section.claims.append(Claim(targets.FAN_OUT, delivered if stated else None, why))
    ceiling = _ceiling(stage)
    section.notes.append(
        f"The readers' ceiling, at a server that only repeats one frame to {CLAIMED_READERS} of them: {rate(ceiling)}."
    )
    section.figures["ceiling_per_second"] = ceiling
    return section


def open_readers(server: Server, count: int, stack: ExitStack) -> list[WebSocketReader]:
    """Connections of teams that trade nothing, subscribed to one book and its trades; closed by `stack`."""
    readers: list[WebSocketReader] = []
    for key in register_teams(server, -(-count // READERS_PER_TEAM), f"Reader of {count}"):
        for _ in range(min(READERS_PER_TEAM, count - len(readers))):
            reader = WebSocketReader(server.host, server.port, api_key=key)
            stack.callback(reader.close)
            reader.subscribe(*CHANNELS)
            readers.append(reader)
    return readers


def _measure(stage: Stage, exchange: Server, trader: Client, count: int) -> tuple[list[Load], list[float]]:
    loads: list[Load] = []
    orders: list[float] = []
    with ExitStack() as stack:
        readers = open_readers(exchange, count, stack)
        for _ in range(stage.effort.rounds):
            load, answered = measure_fan_out(exchange, readers, trader, stage.effort.fan_out_seconds)
            loads.append(load)
            orders.append(answered / load.seconds)
            drain(readers, SILENCE_SECONDS)
    return loads, orders


def _ceiling(stage: Stage) -> float:
    with serve_yardstick("frames", stage.cores.server) as server, ExitStack() as stack:
        readers = [WebSocketReader(server.host, server.port) for _ in range(CLAIMED_READERS)]
        for reader in readers:
            stack.callback(reader.close)
        load, _ = measure_fan_out(server, readers, None, stage.effort.fan_out_seconds)
    return load.per_second
