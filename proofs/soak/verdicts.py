"""Whether the server stayed as it was: its memory, its latency, its pauses, minute by minute and as trends."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from proofs.report import Report
from proofs.soak.notes import REFUSED, VerdictNote, noted_teams, read_verdicts
from proofs.soak.observer import Sample
from proofs.soak.plan import Totals
from proofs.soak.trends import Drift, drift, growth, longest_pause, quantile, settled

JUDGED_FROM_SECONDS: Final = 240.0
"""In a shorter soak what is made once hides the trends: they are told and not judged."""
MAX_BYTES_PER_MINUTE: Final = 1024 * 1024
"""Growth of memory with the time alone, whatever was traded."""
MAX_BYTES_PER_ORDER: Final = 2_000
"""Growth with the orders: what is kept of each of them, as history."""
MAX_DRIFT: Final = {50.0: 1.5, 99.0: 2.5}
"""How many times as long the last third's latency may be as the first's, by percentile. Machines have moods."""

MEGABYTE: Final = 1024 * 1024


def judge_steadiness(report: Report, samples: Sequence[Sample], notes: Path, totals: Totals) -> None:
    """Add facts, and in a soak that is long enough checks."""
    verdicts = sorted(note for name in noted_teams(notes) for note in read_verdicts(notes, name))
    accepted_at_ms = [note.asked_at_ms for note in verdicts if note.order_id > REFUSED]
    grown = growth(settled(samples), accepted_at_ms)
    drifts = [drift(verdicts, percentile) for percentile in MAX_DRIFT]
    report.facts |= {
        "server's memory": f"{samples[0].resident_bytes / MEGABYTE:.1f} MB at first,"
        f" {samples[-1].resident_bytes / MEGABYTE:.1f} MB at last",
        "its growth": f"{grown.together_per_minute / MEGABYTE:+.2f} MB/min in all;"
        f" with the orders {grown.per_order * 100_000 / MEGABYTE:+.2f} MB per 100,000,"
        f" with the time alone {grown.per_minute / MEGABYTE:+.2f} MB/min",
        "latency of verdicts": "; ".join(map(_tell, drifts)) + ", first third to last",
        "server's processor": f"{_busy(samples):.0%} of one core",
        "longest time between two looks": f"{longest_pause(samples):.1f} s",
        "bots' memory": f"{totals.memory_before_bytes / MEGABYTE:.0f} MB at first,"
        f" {totals.memory_after_bytes / MEGABYTE:.0f} MB at last",
    }
    report.facts |= _by_minute(samples, verdicts)
    if samples[-1].at - samples[0].at >= JUDGED_FROM_SECONDS:
        memory = report.check(f"memory grows by {MAX_BYTES_PER_MINUTE / MEGABYTE:g} MB a minute at most, history aside")
        memory.equal("grew too fast", expected=True, found=grown.per_minute <= MAX_BYTES_PER_MINUTE)
        history = report.check(f"history takes {MAX_BYTES_PER_ORDER:,} bytes an order at most")
        history.equal("takes more", expected=True, found=grown.per_order <= MAX_BYTES_PER_ORDER)
        latency = report.check("latency stayed as it was")
        for one in drifts:
            latency.equal(_tell(one), expected=True, found=one.ratio <= MAX_DRIFT[one.percentile])


def _tell(one: Drift) -> str:
    return f"p{one.percentile:g} {one.first_us / 1000:.2f} to {one.last_us / 1000:.2f} ms ({one.ratio:.2f} times)"


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
