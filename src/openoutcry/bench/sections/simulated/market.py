"""The default game without participants: market seconds a second of processor time, and what they are spent on."""

import datetime as dt
import gc
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time, thread_time_ns
from types import FrameType
from typing import Final, NamedTuple

from msgspec import structs

from openoutcry.bench import targets
from openoutcry.bench.measures import spread
from openoutcry.bench.report import Claim, Section, microseconds
from openoutcry.bench.stage import Stage
from openoutcry.bootstrap.in_memory import open_in_memory
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.process.build import CORE
from openoutcry.scenarios.loader import load_scenario

DATE: Final = dt.date(2024, 3, 14)
SAMPLE_SECONDS: Final = 0.001
"""Of processor time, between two looks at what is being done."""

_PARTS: Final = (
    ("house", ("openoutcry.simulation.flow.house",)),
    ("retail", ("openoutcry.simulation.flow.retail", "openoutcry.simulation.flow.habits")),
    ("marks", ("openoutcry.runtime.session.marks", "openoutcry.runtime.session.worlds", "openoutcry.pricing")),
    (
        "publishing",
        ("openoutcry.runtime.streams", "openoutcry.runtime.notices", "openoutcry.runtime.underlying_prices"),
    ),
    ("journal", ("openoutcry.journal",)),
    ("venue", ("openoutcry.venue",)),
)
"""Each with the modules in which its time is spent; the first that is at work counts."""
_REST: Final = "rest"


def market(stage: Stage) -> Section:
    """One core, in memory. The longest turn is that of a loop that is late: all that is due at one instant."""
    section = Section(f"The simulated market: 84 options, house and retail flow ({CORE})", ("what", "figure", "of it"))
    draws, rates, longest = [], [], []
    parts: Counter[str] = Counter()
    for seed in range(stage.effort.few_rounds):
        measured = _measured(seed, stage.effort.market_seconds)
        draws.append(measured.draw_ms)
        rates.append(measured.per_second)
        longest.append(measured.longest_turn_us)
        parts += measured.parts
    rate, draw = spread(rates), spread(draws)
    section.rows.append(("a session's start, its world drawn", f"{draw.median:,.0f} ms", ""))
    section.rows.append(
        ("market seconds a second of CPU", f"{rate.median:,.0f} ({rate.low:,.0f}–{rate.high:,.0f})", "")
    )
    each = 1e6 / rate.median
    for part in [*(name for name, _ in _PARTS), _REST]:
        share = parts[part] / max(parts.total(), 1)
        section.rows.append((f"  {part}", microseconds(each * share), f"{share:.0%}"))
    turn = spread(longest)
    section.rows.append(("the longest turn", f"{microseconds(turn.median)}", ""))
    section.figures |= {"market_seconds_per_second": rates, "longest_turn_us": longest, "draw_ms": draws}
    section.figures["samples"] = dict(parts)
    section.claims += [Claim(targets.MARKET, rate), Claim(targets.MARKET_TURN, turn)]
    return section


class _Measured(NamedTuple):
    draw_ms: float
    per_second: float
    longest_turn_us: float
    parts: Counter[str]
    """How often each part was found at work."""


def _measured(seed: int, seconds: int) -> _Measured:
    """So many market seconds from the opening of a session on, as many again watched, and again turn by turn."""
    time = VirtualTime()
    scenario = structs.replace(load_scenario("intern"), session_date=DATE.isoformat())
    exchange = open_in_memory(scenario, loop=time, clock=time, seed=seed)
    began = process_time()
    exchange.driver.start_session()
    draw_ms = (process_time() - began) * 1_000
    while exchange.sequencer.queries.market().phase != "continuous":
        time.leap()
    gc.collect()
    began = process_time()
    _pass(exchange, time, seconds)
    per_second = seconds / (process_time() - began)
    with _watched() as parts:
        _pass(exchange, time, seconds)
    longest = _longest_turn(exchange, time, seconds)
    exchange.close()
    return _Measured(draw_ms, per_second, longest, parts)


def _pass(exchange: Exchange, time: VirtualTime, seconds: int) -> None:
    queries = exchange.sequencer.queries
    end = (queries.running_market_time() or 0) + seconds
    while (queries.running_market_time() or end) < end:
        time.leap()


def _longest_turn(exchange: Exchange, time: VirtualTime, seconds: int) -> float:
    """In microseconds of processor time."""
    queries, longest = exchange.sequencer.queries, 0
    end = (queries.running_market_time() or 0) + seconds
    while (queries.running_market_time() or end) < end:
        began = thread_time_ns()
        time.leap()
        longest = max(longest, thread_time_ns() - began)
    return longest / 1_000


@contextmanager
def _watched() -> Iterator[Counter[str]]:
    """Counts which part is at work at each millisecond of processor time."""
    parts: Counter[str] = Counter()

    def look(_number: int, frame: FrameType | None) -> None:
        parts[_part_at(frame)] += 1

    before = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, SAMPLE_SECONDS, SAMPLE_SECONDS)
    try:
        yield parts
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _part_at(frame: FrameType | None) -> str:
    modules = set()
    while frame is not None:
        modules.add(str(frame.f_globals.get("__name__")))
        frame = frame.f_back
    for part, names in _PARTS:
        if any(module.startswith(names) for module in modules):
            return part
    return _REST
