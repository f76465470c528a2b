"""The report of a section of a run: a table, figures to keep, and their targets."""

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct, field

from openoutcry.bench.measures import Latencies, Load, Spread, generator_busy, is_stated, processor_us, ratios
from openoutcry.bench.targets import Target

LATENCY_COLUMNS: Final = ("p50", "p90", "p99", "p99.9", "max", "CPU an order", "p50 × no-op", "p99 × no-op")
NOTHING: Final = ""


class Claim(Struct, frozen=True):
    """A figure beside its target. None: it could not be stated, and `why` says why."""

    target: Target
    figure: Spread | None
    why: str = ""

    @property
    def is_met(self) -> bool:
        return self.figure is not None and self.target.is_met_by(self.figure.median)


class Section(Struct):
    """`rows` have as many cells as there are `columns`. `curves`: latencies in ns, ascending, to be drawn."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)
    curves: dict[str, list[int]] = field(default_factory=dict)


def latency_cells(latencies: Latencies, loads: Sequence[Load], noop: Latencies | None) -> tuple[str, ...]:
    """The cells of `LATENCY_COLUMNS`. `noop` None: this is the no-op, or there is nothing to compare with."""
    times = tuple(microseconds(figure) for figure in latencies.percentiles_us().values())
    beside = (NOTHING, NOTHING)
    if noop is not None:
        beside = tuple(times_spread(ratios(latencies.by_round(name), noop.by_round(name))) for name in ("p50", "p99"))  # type: ignore[assignment]  # two names make two cells
    used = processor_us(loads)
    return (*times, NOTHING if used is None else microseconds(used), *beside)


def latency_figures(latencies: Latencies, loads: Sequence[Load]) -> dict[str, Any]:
    return {"latency_us": latencies.percentiles_us(), "samples": sum(map(len, latencies.rounds)), **load_figures(loads)}


def load_figures(loads: Sequence[Load]) -> dict[str, Any]:
    if not loads:
        return {}
    return {
        "per_second_by_round": [load.per_second for load in loads],
        "processor_us": processor_us(loads),
        "generator_busy": generator_busy(loads),
    }


def rate_cell(loads: Sequence[Load], figure: Spread) -> str:
    """Per second, or why it is not stated."""
    if not is_stated(loads):
        return f"not stated: generator {generator_busy(loads):.0%} busy"
    return rate_spread(figure)


def rate(per_second: float) -> str:
    return f"{per_second:,.0f}/s"


def rate_spread(figure: Spread) -> str:
    return f"{rate(figure.median)} ({rate(figure.low)}–{rate(figure.high)})"


def microseconds(figure: float) -> str:
    """With as many digits as are significant."""
    if figure >= 10_000:
        return f"{figure / 1_000:,.0f} ms"
    return f"{figure:,.0f} µs" if figure >= 10 else f"{figure:.1f} µs"


def times_spread(figure: Spread) -> str:
    return f"{_times(figure.median)} ({_times(figure.low)}–{_times(figure.high)})"


def _times(figure: float) -> str:
    return f"{figure:.2f}" if figure >= 0.1 else f"{figure:.4f}"
