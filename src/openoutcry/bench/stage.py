"""What the sections of a run share: cores, yardsticks that are up for the whole run, and how much to measure."""

import gc
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Self

from msgspec import Struct
from msgspec.structs import replace

from openoutcry.bench.cores import Cores, kept_on, two_cores
from openoutcry.bench.servers import Server, serve_exchange, serve_yardstick

NOOP: Final = "no-op"
FASTAPI: Final = "FastAPI no-op"
EXCHANGE: Final = "openoutcry"

FEW_ROUNDS: Final = 3


class Effort(Struct, frozen=True):
    """How much is measured. Seconds are of one round on one server."""

    rounds: int
    warm_up_requests: int
    latency_requests: int
    throughput_seconds: float
    open_loop_seconds: float
    fan_out_seconds: float
    burst_orders: int
    """That readers who have stopped miss at full speed, before the others are measured beside them."""
    depths: tuple[int, ...]
    matching_messages: int
    peer_seconds: float
    """After which a slow engine is stopped and measured on what it has done by then."""
    deep_book_messages: int
    recorded_messages: int | None
    """None: all of them."""
    checked_orders: int
    pricings: int
    market_seconds: int
    sliced_orders: int
    resting_orders: int
    session_commands: int
    scored_commands: int
    lab_days: int
    lab_seconds: int | None
    """Of each; None: whole days."""
    lab_steps: int
    """Of the simulation that they are put beside."""
    lab_matches: int
    """Short ones in a row."""
    is_quick: bool = False
    """Only to see that everything works: the figures mean nothing."""

    @property
    def few_rounds(self) -> int:
        """Of what takes long, or hardly varies."""
        return min(self.rounds, FEW_ROUNDS)


FULL: Final = Effort(
    rounds=5,
    warm_up_requests=2_000,
    latency_requests=3_000,
    throughput_seconds=1.0,
    open_loop_seconds=1.5,
    fan_out_seconds=1.5,
    burst_orders=40_000,
    depths=(100, 10_000, 100_000),
    matching_messages=200_000,
    peer_seconds=3.0,
    deep_book_messages=1_000_000,
    recorded_messages=None,
    checked_orders=20_000,
    pricings=2_000,
    market_seconds=1_800,
    sliced_orders=100_000,
    resting_orders=200_000,
    session_commands=1_000_000,
    scored_commands=200_000,
    lab_days=3,
    lab_seconds=None,
    lab_steps=20_000,
    lab_matches=100,
)
QUICK: Final = Effort(
    rounds=1,
    warm_up_requests=50,
    latency_requests=100,
    throughput_seconds=0.1,
    open_loop_seconds=0.1,
    fan_out_seconds=0.2,
    burst_orders=100,
    depths=(100, 1_000),
    matching_messages=2_000,
    peer_seconds=0.2,
    deep_book_messages=5_000,
    recorded_messages=2_000,
    checked_orders=500,
    pricings=20,
    market_seconds=20,
    sliced_orders=2_000,
    resting_orders=20_000,
    session_commands=5_000,
    scored_commands=5_000,
    lab_days=1,
    lab_seconds=300,
    lab_steps=100,
    lab_matches=2,
    is_quick=True,
)


def effort_of(*, quick: bool, rounds: int | None) -> Effort:
    effort = QUICK if quick else FULL
    return effort if rounds is None else replace(effort, rounds=rounds)


class Stage:
    """As a context manager it has the yardsticks running, this process on the generator's core, and no collection."""

    def __init__(self, effort: Effort) -> None:
        self.effort = effort
        self.cores: Cores = two_cores()
        self.noop: Server
        self.fixed: Server
        self.fastapi: Server | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.noop = stack.enter_context(serve_yardstick("noop", self.cores.server))
            self.fixed = stack.enter_context(serve_yardstick("fixed", self.cores.server))
            if find_spec("fastapi") is not None:
                self.fastapi = stack.enter_context(serve_yardstick("fastapi", self.cores.server))
            stack.enter_context(kept_on(self.cores.generator))
            gc.collect()
            gc.disable()
            stack.callback(gc.enable)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    @contextmanager
    def exchange(self) -> Iterator[Server]:
        """A new, empty exchange, so that no section is slowed by the data of another."""
        with (
            tempfile.TemporaryDirectory() as temporary,
            serve_exchange(Path(temporary) / "data", self.cores.server) as exchange,
        ):
            yield exchange

    def servers(self, exchange: Server) -> dict[str, Server]:
        """Those that orders are measured on, by name."""
        fastapi = {} if self.fastapi is None else {FASTAPI: self.fastapi}
        return {NOOP: self.noop, **fastapi, EXCHANGE: exchange}

    def turns(self, names: list[str]) -> Iterator[list[str]]:
        """The order in which to measure, for each round; the first server changes with the round."""
        for number in range(self.effort.rounds):
            begins = number % len(names)
            yield names[begins:] + names[:begins]
