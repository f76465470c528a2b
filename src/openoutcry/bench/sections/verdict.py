"""The verdict on an order, one at a time on one connection, compared with servers that judge nothing."""

from openoutcry.bench import targets
from openoutcry.bench.load.closed_loop import Client, measure_round_trips
from openoutcry.bench.load.http_connection import HttpConnection
from openoutcry.bench.load.orders import keys_for, trading
from openoutcry.bench.measures import Latencies, Load, ratios, spread
from openoutcry.bench.report import LATENCY_COLUMNS, Claim, Section, latency_cells, latency_figures
from openoutcry.bench.servers import Server
from openoutcry.bench.stage import EXCHANGE, FASTAPI, NOOP, Stage


def verdict(stage: Stage) -> Section:
    section = Section("Verdict on POST /orders, 1 connection", ("server", *LATENCY_COLUMNS))
    with stage.exchange() as exchange:
        sides = {name: _Side(server, exchange, stage) for name, server in stage.servers(exchange).items()}
        for turn in stage.turns(list(sides)):
            for name in turn:
                sides[name].measure(stage.effort.latency_requests)
        for side in sides.values():
            side.close()
    noop, ours = sides[NOOP].latencies, sides[EXCHANGE].latencies
    for name, side in sides.items():
        cells = latency_cells(side.latencies, side.loads, None if name == NOOP else noop)
        section.rows.append((name, *cells))
        section.figures[name] = latency_figures(side.latencies, side.loads)
        section.curves[f"{name}, 1 connection"] = side.latencies.all()
    if FASTAPI not in sides:
        section.notes.append("FastAPI is not installed: pip install fastapi")
    section.notes.append(
        "Of two orders one rests and the other trades with it. The client sleeps until its answer comes, as a bot does."
    )
    for target, name in ((targets.VERDICT_P50, "p50"), (targets.VERDICT_P99, "p99")):
        section.claims.append(Claim(target, ratios(ours.by_round(name), noop.by_round(name))))
    section.claims.append(Claim(targets.VERDICT_P99_TIME, spread(ours.by_round("p99"))))
    return section


class _Side:
    """One server with its one connection."""

    def __init__(self, server: Server, exchange: Server, stage: Stage) -> None:
        self.latencies = Latencies()
        self.loads: list[Load] = []
        self._server = server
        self._connection = HttpConnection(server.host, server.port)
        (key,) = keys_for(exchange if server is exchange else None, 1)
        self._client = Client(self._connection, trading(key, 0))
        measure_round_trips(self._client, stage.effort.warm_up_requests)

    def measure(self, requests: int) -> None:
        before = self._server.processor_seconds
        samples = measure_round_trips(self._client, requests)
        after = self._server.processor_seconds
        used = None if before is None or after is None else after - before
        self.latencies.add_round(samples)
        # The client sleeps, so its load has no effect with one request at a time.
        self.loads.append(Load(requests, sum(samples) / 1e9, used, 0.0))

    def close(self) -> None:
        self._connection.close()
