"""The parts of a run, in their order. Each takes the stage and returns its results."""

from collections.abc import Callable
from typing import Final

from openoutcry.bench.report import Section
from openoutcry.bench.sections.checks import checks
from openoutcry.bench.sections.events import events
from openoutcry.bench.sections.market_data import market_data
from openoutcry.bench.sections.matching import matching
from openoutcry.bench.sections.memory import memory
from openoutcry.bench.sections.pricing import pricing
from openoutcry.bench.sections.recovery import recovery
from openoutcry.bench.sections.simulated.lab import lab
from openoutcry.bench.sections.simulated.market import market
from openoutcry.bench.sections.simulated.market_beside import market_beside
from openoutcry.bench.sections.simulated.scoring import scoring
from openoutcry.bench.sections.slices import slices
from openoutcry.bench.sections.steady_load import steady_load
from openoutcry.bench.sections.stopped_readers import stopped_readers
from openoutcry.bench.sections.throughput import throughput
from openoutcry.bench.sections.venue import venue
from openoutcry.bench.sections.verdict import verdict
from openoutcry.bench.stage import Stage

SECTIONS: Final[dict[str, Callable[[Stage], Section]]] = {
    "verdict": verdict,
    "events": events,
    "steady-load": steady_load,
    "throughput": throughput,
    "market-data": market_data,
    "stopped-readers": stopped_readers,
    "matching": matching,
    "venue": venue,
    "checks": checks,
    "pricing": pricing,
    "market": market,
    "market-beside": market_beside,
    "scoring": scoring,
    "lab": lab,
    "slices": slices,
    "memory": memory,
    "recovery": recovery,
}
