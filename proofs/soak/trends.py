"""Lines through what was measured: growth with the time told from growth with the orders, and drift."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from statistics import linear_regression
from typing import Final

from msgspec import Struct

from proofs.soak.notes import VerdictNote
from proofs.soak.observer import Sample

FIRST_SECONDS: Final = 0.1
"""Share of the first third that counts in no drift: connections are opened then, and code is run for the first time."""


class Growth(Struct, frozen=True):
    """Memory as `base + per_minute * minutes + per_order * orders`, in bytes, by least squares.

    The load rises and falls, so orders and minutes do not grow together. `together_per_minute` ignores the orders.
    """

    together_per_minute: float
    per_minute: float
    per_order: float


class Drift(Struct, frozen=True):
    """Something in microseconds, in the first and in the last third of the soak."""

    of: str
    first_us: float
    last_us: float

    @property
    def ratio(self) -> float:
        return self.last_us / self.first_us if self.first_us else 1.0


def growth(samples: Sequence[Sample], accepted_at_ms: Sequence[int]) -> Growth:
    """`accepted_at_ms`: when each accepted order was sent, ascending."""
    minutes = [(sample.at - samples[0].at) / 60 for sample in samples]
    orders = [float(bisect_right(accepted_at_ms, sample.at * 1000)) for sample in samples]
    memory = [float(sample.resident_bytes) for sample in samples]
    return Growth(
        linear_regression(minutes, memory).slope,
        _slope_beside(minutes, orders, memory),
        _slope_beside(orders, minutes, memory),
    )


def latency_drift(notes: Sequence[VerdictNote], percentile: float) -> Drift:
    """Of verdicts, in order of time."""
    begin, end = notes[0].asked_at_ms / 1000, notes[-1].asked_at_ms / 1000
    first, last = (
        [note.latency_us for note in notes if start <= note.asked_at_ms / 1000 <= stop]
        for start, stop in _outer_thirds(begin, end)
    )
    return Drift(f"p{percentile:g}", quantile(first, percentile), quantile(last, percentile))


def work_drift(samples: Sequence[Sample], notes: Sequence[VerdictNote]) -> Drift:
    """Of the server's processor time for an order, with all that goes with it."""
    asked_at = [note.asked_at_ms / 1000 for note in notes]
    first, last = (
        [sample for sample in samples if start <= sample.at <= stop]
        for start, stop in _outer_thirds(samples[0].at, samples[-1].at)
    )
    return Drift("an order", _work_us(first, asked_at), _work_us(last, asked_at))


def quantile(values: Sequence[int], percentile: float) -> int:
    """The value that so many percent do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percentile / 100))] if ordered else 0


def waited(samples: Sequence[Sample]) -> float:
    """Seconds for which the server waited for a processor, for each that it ran."""
    first, last = samples[0], samples[-1]
    ran = last.processor_seconds - first.processor_seconds
    return (last.waited_seconds - first.waited_seconds) / ran if ran else 0.0


def longest_pause(samples: Sequence[Sample]) -> float:
    """Seconds between two samples, at most: a server that stood still for long shows."""
    return max((later.at - earlier.at for earlier, later in pairwise(samples)), default=0.0)


def _outer_thirds(begin: float, end: float) -> tuple[tuple[float, float], tuple[float, float]]:
    third = (end - begin) / 3
    return (begin + FIRST_SECONDS * third, begin + third), (end - third, end)


def _work_us(samples: Sequence[Sample], asked_at: Sequence[float]) -> float:
    if len(samples) < 2:
        return 0.0
    first, last = samples[0], samples[-1]
    orders = bisect_right(asked_at, last.at) - bisect_right(asked_at, first.at)
    return (last.processor_seconds - first.processor_seconds) / orders * 1e6 if orders else 0.0


def _slope_beside(of: Sequence[float], other: Sequence[float], result: Sequence[float]) -> float:
    """How `result` grows with `of` where `other` stays the same (Frisch, Waugh, Lovell)."""
    line = linear_regression(other, of)
    unexplained = [mine - line.intercept - line.slope * theirs for mine, theirs in zip(of, other, strict=True)]
    return linear_regression(unexplained, result).slope
