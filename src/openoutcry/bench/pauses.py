"""`python -m openoutcry.bench.pauses`: the longest pauses of the loop while open orders grow to a million.

It runs a whole exchange without sockets, on a real loop and a real journal. A few orders are entered in each turn of
the loop and stay open. Then the oldest are cancelled one by one, and new ones take their place. The time of a turn is
how long everybody else waits. The processor time of the turn is shown too, because other work of the machine can
lengthen the turn.
"""

import asyncio
import gc
import hashlib
import json
import resource
import sys
import tempfile
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter, thread_time
from typing import Annotated, Final, Literal

import typer
import uvloop
from msgspec import Struct
from msgspec.structs import replace

from openoutcry.bootstrap.server import open_server
from openoutcry.domain import commands
from openoutcry.domain.events import TeamRegistered
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.types import OrderId, TeamId, Ticks
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.process.garbage import GarbageCollection
from openoutcry.runtime.process.pauses import LoopWatch
from openoutcry.scenarios.loader import load_scenario
from openoutcry.scenarios.model import Scenario, under_rulebook

SCENARIO: Final = "orderflow"
TEAMS: Final = 100
ORDERS_PER_TURN: Final = 5
PRICES: Final = 5_000
"""Ticks over which the orders are spread."""

TARGET_SECONDS: Final = 0.002

Collection = Literal["timer", "automatic", "none"]


class Turn(Struct, frozen=True, gc=False):
    seconds: float
    processor_seconds: float
    alive: int
    collected: bool
    """Whether garbage was collected meanwhile."""


def run(
    orders: Annotated[int, typer.Option(min=1_000, help="How many come to be alive.")] = 1_000_000,
    churn_seconds: Annotated[float, typer.Option(min=0, help="How long they change afterwards.")] = 15.0,
    collection: Annotated[
        Collection, typer.Option(help="Of garbage: by the server's timer, as Python does it by itself, or not at all.")
    ] = "timer",
) -> None:
    """Fill an exchange with live orders, exchange them for others, and print how long turns of its loop took."""
    with tempfile.TemporaryDirectory() as temporary, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        figures = runner.run(_measure(Path(temporary), orders, churn_seconds, collection))
    print(json.dumps(figures, indent=2))


async def _measure(directory: Path, orders: int, churn_seconds: float, collection: Collection) -> dict[str, object]:
    loop = asyncio.get_running_loop()
    gc.disable()
    exchange = open_server(_roomy(load_scenario(SCENARIO), orders), directory, admin_key_hash=bytes(32), loop=loop)
    with ExitStack() as watched:
        watched.callback(exchange.close)
        match collection:
            case "timer":
                watched.enter_context(
                    GarbageCollection(
                        loop.call_later, lambda: exchange.public_channels.phase, exchange.metrics.garbage_collection
                    )
                )
            case "automatic":
                gc.enable()
            case "none":
                pass
        watched.enter_context(LoopWatch(loop.call_later, exchange.metrics.loop_lag))
        crowd = _Crowd(exchange)
        memory_before = _memory_bytes()
        fill = await crowd.trade(lambda: len(crowd.alive) < orders, replace_old=False)
        memory_after = _memory_bytes()
        ends = perf_counter() + churn_seconds
        churn = await crowd.trade(lambda: perf_counter() < ends, replace_old=True)
        return {
            "python": sys.version.split()[0],
            "orders_alive": len(crowd.alive),
            "collection": collection,
            "memory_bytes_per_order": round((memory_after - memory_before) / orders),
            "fill": _summary(fill),
            "churn": _summary(churn),
            "longest_collection_ms": _ms(exchange.metrics.garbage_collection.longest),
            "longest_loop_lag_ms": _ms(exchange.metrics.loop_lag.longest),
            "target_ms": _ms(TARGET_SECONDS),
        }


class _Crowd:
    """Teams with their live orders, the oldest first."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._instruments = [instrument.instrument_id for instrument in exchange.scenario.instruments]
        role = exchange.scenario.registration.default_role
        self._teams = [self._register(f"Team {number}", role) for number in range(TEAMS)]
        self.alive: deque[tuple[TeamId, OrderId]] = deque()
        self._count = 0
        self._collections = 0

    async def trade(self, goes_on: Callable[[], bool], *, replace_old: bool) -> list[Turn]:
        """Enter orders, turn after turn, and say how long each turn was."""
        turns: list[Turn] = []
        started, processor_started = perf_counter(), thread_time()
        collections = _collections()
        while goes_on():
            for _ in range(ORDERS_PER_TURN):
                if replace_old:
                    self._exchange.sequencer.perform(commands.CancelOrder(*self.alive.popleft()))
                self._enter()
            await asyncio.sleep(0)
            ended, processor_ended, collected = perf_counter(), thread_time(), _collections()
            turns.append(
                Turn(ended - started, processor_ended - processor_started, len(self.alive), collected != collections)
            )
            started, processor_started, collections = ended, processor_ended, collected
        return turns

    def _enter(self) -> None:
        number = self._count
        self._count += 1
        team_id = self._teams[number % TEAMS]
        verdict = self._exchange.sequencer.submit(
            commands.SubmitOrder(
                team_id,
                self._instruments[number % len(self._instruments)],
                "buy",
                1,
                commands.Price(Ticks(1 + number * 7919 % PRICES)),
                "day",
            )
        ).verdict
        assert isinstance(verdict, Accepted), verdict
        self.alive.append((team_id, OrderId(verdict.new_id)))

    def _register(self, name: str, role: str) -> TeamId:
        key_hash = hashlib.sha256(name.encode()).digest()
        _, events = self._exchange.sequencer.perform(commands.RegisterTeam(name, role, key_hash))
        return next(event.new_team_id for event in events if isinstance(event, TeamRegistered))


def _roomy(scenario: Scenario, orders: int) -> Scenario:
    """The scenario, with limits that no order reaches."""
    roles = {
        name: replace(
            rules,
            maximum_open_orders=orders,
            spot_position_limit=orders,
            option_position_limit=orders,
            total_option_exposure=orders,
        )
        for name, rules in scenario.rulebook.roles.items()
    }
    return under_rulebook(scenario, replace(scenario.rulebook, roles=roles))


def _summary(turns: list[Turn]) -> dict[str, object]:
    by_processor = sorted(turns, key=lambda turn: turn.processor_seconds)
    seconds = sorted(turn.seconds for turn in turns)
    return {
        "turns": len(turns),
        "turn_ms": {"p50": _ms(seconds[len(seconds) // 2]), "p99": _ms(seconds[int(len(seconds) * 0.99)])},
        "longest_turn_ms": _ms(seconds[-1]),
        "longest_turn_processor_ms": _ms(by_processor[-1].processor_seconds),
        "turns_over_target": sum(turn.processor_seconds > TARGET_SECONDS for turn in turns),
        "longest_with_a_collection_ms": _ms(
            max((turn.processor_seconds for turn in turns if turn.collected), default=0.0)
        ),
        "longest": [
            {"processor_ms": _ms(turn.processor_seconds), "alive": turn.alive, "collected": turn.collected}
            for turn in reversed(by_processor[-8:])
        ],
    }


def _collections() -> int:
    return sum(generation["collections"] for generation in gc.get_stats())


def _memory_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def _ms(seconds: float) -> float:
    return round(seconds * 1e3, 3)


if __name__ == "__main__":
    typer.run(run)
