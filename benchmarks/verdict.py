"""The verdict on an order, measured beside a server that does nothing, in turns of the same run."""

import http.client
import json
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Final

from msgspec import Struct

from benchmarks.cores import move_to, processor_seconds, two_cores
from benchmarks.load import Connection, Throughput, measure_latency, measure_throughput
from proofs.server_process import ListeningProcess, ServerProcess

CONNECTIONS: Final = 16
ROUNDS: Final = 10
LATENCY_REQUESTS: Final = 2_000
THROUGHPUT_SECONDS: Final = 1.0
WARM_UP_REQUESTS: Final = 2_000

TARGET_P50_RATIO: Final = 1.5
TARGET_THROUGHPUT_RATIO: Final = 0.5

SCENARIO: Final = "orderflow"
"""For its limits, which nobody meets: what is measured are orders that are accepted."""
INSTRUMENT: Final = "FLOW0"


class Side(Struct):
    """What one server did over all rounds. Latencies in nanoseconds."""

    latencies: list[int]
    throughputs: list[Throughput]
    processor_seconds: list[float]
    """Processor time per request, by round of throughput; empty where the system does not tell."""

    def percentile(self, share: float) -> float:
        """In microseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] / 1_000

    @property
    def per_second(self) -> float:
        """Median over the rounds."""
        return median(throughput.per_second for throughput in self.throughputs)

    @property
    def processor_us(self) -> float | None:
        """Processor time of the server per request, median over the rounds, in microseconds."""
        return median(self.processor_seconds) * 1e6 if self.processor_seconds else None

    @property
    def generator_waits(self) -> float:
        return median(throughput.generator_waits for throughput in self.throughputs)


class Result(Struct):
    noop: Side
    exchange: Side
    ceiling: Throughput
    """What the generator reaches against a server that costs next to nothing."""

    @property
    def p50_ratio(self) -> float:
        return self.exchange.percentile(0.5) / self.noop.percentile(0.5)

    @property
    def p99_ratio(self) -> float:
        return self.exchange.percentile(0.99) / self.noop.percentile(0.99)

    @property
    def throughput_ratio(self) -> float:
        return self.exchange.per_second / self.noop.per_second

    @property
    def meets_targets(self) -> bool:
        return self.p50_ratio <= TARGET_P50_RATIO and self.throughput_ratio >= TARGET_THROUGHPUT_RATIO


def measure(rounds: int, advance: Callable[[], None]) -> Result:
    """Measure in turns, the server that begins changing with each round; `advance` is called after each."""
    server_core, generator_core = two_cores()
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "data"
        move_to(server_core)
        exchange = stack.enter_context(ServerProcess(SCENARIO, data))
        noop = stack.enter_context(ListeningProcess("benchmarks.yardsticks", "noop"))
        fixed = stack.enter_context(ListeningProcess("benchmarks.yardsticks", "fixed"))
        move_to(generator_core)
        requests = [_orders_of(key) for key in _register_teams(exchange)]
        exchange_bench = _Bench(exchange, requests)
        noop_bench = _Bench(noop, requests)
        for number in range(rounds):
            turns = (noop_bench, exchange_bench) if number % 2 else (exchange_bench, noop_bench)
            for bench in turns:
                bench.measure_latency()
            for bench in turns:
                bench.measure_throughput()
            advance()
        ceiling = measure_throughput(_connect(fixed, requests), THROUGHPUT_SECONDS)
    return Result(noop_bench.measured, exchange_bench.measured, ceiling)


class _Bench:
    """One server with its connections."""

    def __init__(self, server: ListeningProcess, requests: Sequence[Sequence[bytes]]) -> None:
        self.measured = Side([], [], [])
        self._server = server
        self._connections = _connect(server, requests)
        measure_latency(self._connections[0], WARM_UP_REQUESTS)

    def measure_latency(self) -> None:
        self.measured.latencies += measure_latency(self._connections[0], LATENCY_REQUESTS)

    def measure_throughput(self) -> None:
        before = processor_seconds(self._server.pid)
        throughput = measure_throughput(self._connections, THROUGHPUT_SECONDS)
        after = processor_seconds(self._server.pid)
        self.measured.throughputs.append(throughput)
        if before is not None and after is not None:
            self.measured.processor_seconds.append((after - before) / throughput.requests)


def _connect(server: ListeningProcess, requests: Sequence[Sequence[bytes]]) -> list[Connection]:
    return [Connection(server.host, server.port, of_connection) for of_connection in requests]


def _register_teams(exchange: ServerProcess) -> list[str]:
    """The keys of as many teams as there are connections."""
    connection = http.client.HTTPConnection(exchange.host, exchange.port)
    keys = []
    for number in range(CONNECTIONS):
        body = json.dumps({"team_name": f"Team {number}"})
        connection.request("POST", "/teams", body, {"Content-Type": "application/json"})
        keys.append(json.load(connection.getresponse())["data"]["api_key"])
    connection.close()
    return keys


def _orders_of(api_key: str) -> list[bytes]:
    """A buy and a sell of one lot at the same price: of two orders one rests and the other trades with it."""
    requests = []
    for side in ("buy", "sell"):
        order = {"instrument_id": INSTRUMENT, "side": side, "quantity": 1, "price": 3500}
        body = json.dumps(order, separators=(",", ":"))
        requests.append(
            f"POST /orders HTTP/1.1\r\nHost: exchange\r\nX-API-Key: {api_key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
        )
    return requests
