"""Whether the server stayed steady: memory, work for an order, latency and pauses, minute by minute."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from openoutcry.runtime.streams.limits import DEFAULT_LIMITS
from proofs.report import Report
from proofs.soak.notes import REFUSED, VerdictNote, noted_teams, read_verdicts
from proofs.soak.observer import Sample
from proofs.soak.plan import Totals
from proofs.soak.trends import (
    Drift,
    Growth,
    growth,
    latency_drift,
    longest_pause,
    quantile,
    waited,
    work_drift,
)

JUDGED_FROM_SECONDS: Final = 120.0
"""A trend over less than this is told and not judged."""
FILLED_EVENTS: Final = 1.5 * DEFAULT_LIMITS.recent_events
"""After this many events per team on average, everything with a bound is full: each team's history, and the events that
its stream keeps in memory. Memory is judged from there on, or from the second half if that begins later: by then the
messages for bots that have stopped reading have reached their bound too. From there on memory was seen to stay within
0.1 MB. It can still rise without more objects, if the same objects have other sizes: see `runtime/exact_json`."""
MEGABYTE: Final = 1024 * 1024
MAX_BYTES_PER_MINUTE: Final = MEGABYTE
"""Growth of memory. Were every order kept, at 100 orders a second it would be three times as much."""
MAX_WORK_DRIFT: Final = 1.25
MAX_LATENCY_DRIFT: Final = {50.0: 1.5, 99.0: 2.5}
"""How many times as long the last third's latency may be as the first's, by percentile; machines vary."""
MAX_WAITED: Final = 0.2
"""If the server waits longer than this for a processor, per second of running, its latency is caused by other work."""


def judge_steadiness(report: Report, samples: Sequence[Sample], notes: Path, totals: Totals) -> None:
    """Add facts, and in a soak that is long enough checks."""
    names = noted_teams(notes)
    verdicts = sorted(note for name in names for note in read_verdicts(notes, name))
    accepted_at_ms = [note.asked_at_ms for note in verdicts if note.order_id > REFUSED]
    filled = min(FILLED_EVENTS * len(names) / totals.events, 1 / 2)
    half_at = (samples[0].at + samples[-1].at) / 2
    filled_at = max(half_at, accepted_at_ms[int(filled * len(accepted_at_ms))] / 1000)
    grown = growth([sample for sample in samples if sample.at >= filled_at], accepted_at_ms)
    work = work_drift(samples, verdicts)
    drifts = {percentile: latency_drift(verdicts, percentile) for percentile in MAX_LATENCY_DRIFT}
    is_long = filled < 1 / 2 and samples[-1].at - filled_at >= JUDGED_FROM_SECONDS
    has_room = waited(samples) <= MAX_WAITED
    report.facts |= {
        "server's memory": f"{samples[0].resident_bytes / MEGABYTE:.1f} MB at first,"
        f" {samples[-1].resident_bytes / MEGABYTE:.1f} MB at last; after {filled_at - samples[0].at:.0f} s"
        f" {_per_minute(grown.together_per_minute)}, which is {_per_minute(grown.per_minute)} with the time alone"
        f" and {grown.per_order * 100_000 / MEGABYTE:+.2f} MB per 100,000 orders",
        "its work": f"{_busy(samples):.0%} of one core; {_tell(work)}",
        "its pauses": f"{_pauses(samples[-1], 'loop_lag', 'loop lag')};"
        f" {_pauses(samples[-1], 'garbage_collection', 'garbage')};"
        f" {longest_pause(samples):.1f} s between two looks at most",
        "latency of verdicts": "; ".join(map(_tell, drifts.values())),
        "bots' memory": f"{totals.memory_before_bytes / MEGABYTE:.0f} MB at first,"
        f" {totals.memory_after_bytes / MEGABYTE:.0f} MB at last",
    }
    if not is_long:
        report.facts["trends"] = "not judged: the soak was too short to fill what has a bound and go on for a while"
    elif not has_room:
        report.facts["latency"] = (
            f"not judged: the server waited {waited(samples):.1f} s for a processor for each second that it ran;"
            " the machine is busy with other things"
        )
    report.facts |= _by_minute(samples, verdicts)
    if is_long:
        _judge(report, grown, work, drifts if has_room else {})


def _judge(report: Report, grown: Growth, work: Drift, drifts: dict[float, Drift]) -> None:
    memory = report.check(f"memory grows by {MAX_BYTES_PER_MINUTE / MEGABYTE:g} MB a minute at most")
    grows = grown.together_per_minute
    memory.equal(f"it grew by {_per_minute(grows)}", expected=True, found=grows <= MAX_BYTES_PER_MINUTE)
    steady = report.check(f"an order takes at most {MAX_WORK_DRIFT:g} times the work at last that it took at first")
    steady.equal(_tell(work), expected=True, found=work.ratio <= MAX_WORK_DRIFT)
    if drifts:
        latency = report.check("latency stayed as it was")
        for percentile, drift in drifts.items():
            latency.equal(_tell(drift), expected=True, found=drift.ratio <= MAX_LATENCY_DRIFT[percentile])


def _tell(drift: Drift) -> str:
    return (
        f"{drift.of} {drift.first_us / 1000:.2f} ms in the first third, {drift.last_us / 1000:.2f} ms in the last"
        f" ({drift.ratio:.2f} times)"
    )


def _per_minute(bytes_per_minute: float) -> str:
    return f"{bytes_per_minute / MEGABYTE:+.2f} MB/min"


def _pauses(sample: Sample, metric: str, name: str) -> str:
    """Of a pause that the exchange measures itself."""
    metrics, prefix = sample.metrics, f"openoutcry_{metric}"
    count = metrics.get(f"{prefix}_seconds_count", 0)
    if not count:
        return f"{name} not told"
    mean, longest = metrics[f"{prefix}_seconds_sum"] / count, metrics[f"{prefix}_longest_seconds"]
    return f"{name} {mean * 1000:.2f} ms on average, {longest * 1000:.1f} ms at most"


def _busy(samples: Sequence[Sample]) -> float:
    first, last = samples[0], samples[-1]
    return (last.processor_seconds - first.processor_seconds) / (last.at - first.at)


def _by_minute(samples: Sequence[Sample], verdicts: Sequence[VerdictNote]) -> dict[str, str]:
    """A line for each minute: verdicts and their latency, memory, processor."""
    begin = samples[0].at
    whole_minutes = int((samples[-1].at - begin) // 60)
    lines = {}
    for minute in range(whole_minutes):
        start, end = begin + 60 * minute, begin + 60 * (minute + 1)
        latencies = [note.latency_us for note in verdicts if start <= note.asked_at_ms / 1000 < end]
        seen = [sample for sample in samples if start <= sample.at < end]
        if latencies and len(seen) > 1:
            lines[f"minute {minute + 1}"] = (
                f"{len(latencies):,} verdicts, p50 {quantile(latencies, 50) / 1000:.2f} ms,"
                f" p99 {quantile(latencies, 99) / 1000:.2f} ms; {seen[-1].resident_bytes / MEGABYTE:.1f} MB,"
                f" {_busy(seen):.0%} of one core"
            )
    return lines
