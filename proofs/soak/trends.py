"""Lines through what was measured: growth with the time told from growth with the orders, and drift of latency."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from statistics import linear_regression
from typing import Final

from msgspec import Struct

from proofs.soak.notes import VerdictNote
from proofs.soak.observer import Sample

WARM_UP: Final = 0.1
"""Share of the soak that counts in no trend: what is made once is made then."""


class Growth(Struct, frozen=True):
    """Memory as `base + per_minute * minutes + per_order * orders`, in bytes, by least squares.

    The load rises and falls, so that one is not the other. `together_per_minute` leaves the orders out.
    """

    together_per_minute: float
    per_minute: float
    per_order: float


class Drift(Struct, frozen=True):
    """A percentile of latency, in microseconds, in the first and in the last third."""

    percentile: float
    first_us: int
    last_us: int

    @property
    def ratio(self) -> float:
        return self.last_us / self.first_us


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


def settled(samples: Sequence[Sample]) -> Sequence[Sample]:
    """Without the warm-up."""
    begin = samples[0].at + WARM_UP * (samples[-1].at - samples[0].at)
    return [sample for sample in samples if sample.at >= begin]


def drift(notes: Sequence[VerdictNote], percentile: float) -> Drift:
    """Of `notes` in order of time."""
    begin, end = notes[0].asked_at_ms, notes[-1].asked_at_ms
    third = (end - begin) / 3
    warm = begin + WARM_UP * (end - begin)
    first = [note.latency_us for note in notes if warm <= note.asked_at_ms < begin + third]
    last = [note.latency_us for note in notes if note.asked_at_ms >= end - third]
    return Drift(percentile, quantile(first, percentile), quantile(last, percentile))


def quantile(values: Sequence[int], percentile: float) -> int:
    """The value that so many percent do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percentile / 100))] if ordered else 0


def longest_pause(samples: Sequence[Sample]) -> float:
    """Seconds between two samples, at most: a server that stood still for long shows."""
    return max((later.at - earlier.at for earlier, later in pairwise(samples)), default=0.0)


def _slope_beside(of: Sequence[float], other: Sequence[float], result: Sequence[float]) -> float:
    """How `result` grows with `of` where `other` stays the same (Frisch, Waugh, Lovell)."""
    line = linear_regression(other, of)
    unexplained = [mine - line.intercept - line.slope * theirs for mine, theirs in zip(of, other, strict=True)]
    return linear_regression(unexplained, result).slope
