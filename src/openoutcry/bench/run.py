"""One run of the bench: sections measured one after the other on one stage, and what is kept of it."""

import gc
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec
from msgspec import Struct

from openoutcry.bench.failures import MeasurementFailed
from openoutcry.bench.load.http_connection import ANSWER_SECONDS
from openoutcry.bench.machine import describe_machine
from openoutcry.bench.measures import PERCENTILES, percentile
from openoutcry.bench.report import Section
from openoutcry.bench.sections import SECTIONS
from openoutcry.bench.stage import Effort, Stage


class Run(Struct, frozen=True):
    taken_at: datetime
    machine: dict[str, str]
    effort: Effort
    sections: dict[str, Section]
    failures: dict[str, str]
    """Sections without figures, and why."""
    seconds: float


def run(
    names: Sequence[str], effort: Effort, on_begin: Callable[[str], None], on_end: Callable[[Section], None]
) -> Run:
    """Measure the sections of these names, in the order of `SECTIONS`. A failure does not affect other sections."""
    taken_at, machine, started = datetime.now(UTC), describe_machine(), perf_counter()
    measured: dict[str, Section] = {}
    failures: dict[str, str] = {}
    with Stage(effort) as stage:
        for name, measure in SECTIONS.items():
            if name in names:
                on_begin(name)
                try:
                    measured[name] = measure(stage)
                except MeasurementFailed as failure:
                    failures[name] = str(failure)
                except (BlockingIOError, TimeoutError):
                    failures[name] = f"a server neither read nor answered for {ANSWER_SECONDS} s"
                except OSError as failure:
                    failures[name] = f"a connection failed ({type(failure).__name__}: {failure})"
                else:
                    on_end(measured[name])
                gc.collect()
    return Run(taken_at, machine, effort, measured, failures, perf_counter() - started)


def keep(finished: Run, path: Path) -> None:
    """Write all figures as JSON. Of latencies it holds the percentiles, not the samples."""
    claims = [claim for section in finished.sections.values() for claim in section.claims]
    document: dict[str, Any] = {
        "taken_at": finished.taken_at.isoformat(timespec="seconds"),
        "seconds": finished.seconds,
        "machine": finished.machine,
        "effort": finished.effort,
        "targets": [
            {"what": claim.target.what, "target": claim.target, "figure": claim.figure, "met": claim.is_met}
            for claim in claims
        ],
        "failures": finished.failures,
        "figures": {name: section.figures for name, section in finished.sections.items()},
        "latency_us": {
            name: {share: percentile(samples, PERCENTILES[share]) / 1_000 for share in PERCENTILES}
            for section in finished.sections.values()
            for name, samples in section.curves.items()
        },
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n")
