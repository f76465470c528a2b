"""Measurements by round, and their results: percentiles of all samples, and ratios with their spread.

Every sample is kept, and percentiles are exact. A run has some hundred thousand samples, too few to need a histogram.
"""

from collections.abc import Sequence
from itertools import chain
from math import ceil
from statistics import median
from typing import Final

from msgspec import Struct

PERCENTILES: Final = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p99.9": 0.999, "max": 1.0}

TOO_BUSY: Final = 0.8
"""Share of its time that a load generator may work; above it the figure may be the generator's own."""


class Spread(Struct, frozen=True):
    """One figure over the rounds of a run."""

    median: float
    low: float
    high: float


def spread(figures: Sequence[float]) -> Spread:
    return Spread(median(figures), min(figures), max(figures))


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> Spread:
    """Ratios of figures measured in turns, one for each round, so that other load on the machine cancels out."""
    return spread([one / other for one, other in zip(ours, theirs, strict=True)])


def percentile(ordered: Sequence[int], share: float) -> float:
    """The sample that `share` of all do not exceed; `ordered` ascends and holds at least one."""
    return float(ordered[max(0, ceil(share * len(ordered)) - 1)])


class Latencies:
    """Samples in nanoseconds, by round."""

    def __init__(self) -> None:
        self.rounds: list[list[int]] = []

    def add_round(self, samples: list[int]) -> None:
        self.rounds.append(sorted(samples))

    def all(self) -> list[int]:
        """Every sample, ascending."""
        return sorted(chain.from_iterable(self.rounds))

    def percentiles_us(self) -> dict[str, float]:
        """One percentile of all rounds together, in microseconds."""
        ordered = self.all()
        return {name: percentile(ordered, share) / 1_000 for name, share in PERCENTILES.items()}

    def by_round(self, name: str) -> list[float]:
        """One percentile of each round, in microseconds."""
        return [percentile(ordered, PERCENTILES[name]) / 1_000 for ordered in self.rounds]


class Load(Struct, frozen=True):
    """One round of load on one server."""

    answers: int
    seconds: float
    processor_seconds: float | None
    """Processor time of the server's process, in seconds; None if the system does not tell."""
    generator_busy: float
    """Share of the time in which the load generator worked, and did not wait."""

    @property
    def per_second(self) -> float:
        return self.answers / self.seconds

    @property
    def processor_us(self) -> float | None:
        """Processor time of the server per answer, in microseconds."""
        return None if self.processor_seconds is None else self.processor_seconds / self.answers * 1e6


def processor_us(loads: Sequence[Load]) -> float | None:
    """Median over the rounds."""
    known = [load.processor_us for load in loads if load.processor_us is not None]
    return median(known) if known else None


def generator_busy(loads: Sequence[Load]) -> float:
    return median(load.generator_busy for load in loads)


def is_stated(loads: Sequence[Load]) -> bool:
    """Whether the load generator had time to spare; a figure that may be its own is not stated as the server's."""
    return generator_busy(loads) <= TOO_BUSY
