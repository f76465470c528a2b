"""The parts of a run, in the order in which they are measured: each takes the stage and gives what it has to say."""

from collections.abc import Callable
from typing import Final

from openoutcry.benchmarks.report import Section
from openoutcry.benchmarks.sections.events import events
from openoutcry.benchmarks.sections.market_data import market_data
from openoutcry.benchmarks.sections.matching import matching
from openoutcry.benchmarks.sections.memory import memory
from openoutcry.benchmarks.sections.recovery import recovery
from openoutcry.benchmarks.sections.steady_load import steady_load
from openoutcry.benchmarks.sections.stopped_readers import stopped_readers
from openoutcry.benchmarks.sections.throughput import throughput
from openoutcry.benchmarks.sections.venue import venue
from openoutcry.benchmarks.sections.verdict import verdict
from openoutcry.benchmarks.stage import Stage

SECTIONS: Final[dict[str, Callable[[Stage], Section]]] = {
    "verdict": verdict,
    "events": events,
    "steady-load": steady_load,
    "throughput": throughput,
    "market-data": market_data,
    "stopped-readers": stopped_readers,
    "matching": matching,
    "venue": venue,
    "memory": memory,
    "recovery": recovery,
}
