"""`python -m benchmarks`: measure, print a table, keep the figures in benchmarks/results/."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks.machine import commit, machine
from benchmarks.verdict import (
    CONNECTIONS,
    ROUNDS,
    TARGET_P50_RATIO,
    TARGET_THROUGHPUT_RATIO,
    Result,
    Side,
    measure,
)

RESULTS: Final = Path(__file__).resolve().parent / "results"

console = Console()


def run(
    rounds: Annotated[int, typer.Option(min=1, help="Turns; each takes about three seconds.")] = ROUNDS,
) -> None:
    """The verdict on an order against a server that does nothing: latency on one connection, throughput on many."""
    with Progress(console=console) as progress:
        task = progress.add_task("measuring", total=rounds)
        result = measure(rounds, advance=lambda: progress.advance(task))
    console.print(_table(result))
    console.print(
        f"Of the generator's looks for answers {result.noop.generator_waits:.0%} found none at the no-op,"
        f" {result.exchange.generator_waits:.0%} at openoutcry; its ceiling, at a fixed reply without HTTP:"
        f" {result.ceiling.per_second:,.0f}/s.",
        soft_wrap=True,
    )
    console.print(f"Machine: {machine()}")
    path = _keep(result)
    console.print(f"Kept in {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}")


def _table(result: Result) -> Table:
    noop, exchange = result.noop, result.exchange
    table = Table("verdict on POST /orders", "no-op", "openoutcry", "ratio", "target", box=None, padding=(0, 2))
    for column in range(1, 5):
        table.columns[column].justify = "right"
    for name, share, ratio, target in (
        ("1 connection, p50", 0.5, result.p50_ratio, f"≤ {TARGET_P50_RATIO}"),
        ("1 connection, p99", 0.99, result.p99_ratio, ""),
    ):
        table.add_row(name, *(f"{side.percentile(share):.0f} µs" for side in (noop, exchange)), f"{ratio:.2f}", target)
    rates = (f"{side.per_second:,.0f}/s" for side in (noop, exchange))
    target = f"≥ {TARGET_THROUGHPUT_RATIO}"
    table.add_row(f"{CONNECTIONS} connections", *rates, f"{result.throughput_ratio:.2f}", target)
    if noop.processor_us and exchange.processor_us:
        times = (f"{microseconds:.0f} µs" for microseconds in (noop.processor_us, exchange.processor_us))
        table.add_row("  processor time a request", *times, f"{exchange.processor_us / noop.processor_us:.2f}", "")
    return table


def _keep(result: Result) -> Path:
    taken_at = datetime.now(UTC)
    figures = {
        "taken_at": taken_at.isoformat(timespec="seconds"),
        "machine": machine(),
        "commit": commit(),
        "noop": _figures(result.noop),
        "openoutcry": _figures(result.exchange),
        "ratios": {"p50": result.p50_ratio, "p99": result.p99_ratio, "throughput": result.throughput_ratio},
        "generator_ceiling_per_second": result.ceiling.per_second,
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"verdict-{taken_at:%Y%m%dT%H%M%SZ}.json"
    path.write_text(json.dumps(figures, indent=2) + "\n")
    return path


def _figures(side: Side) -> dict[str, Any]:
    return {
        "latency_us": {name: side.percentile(share) for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99))},
        "requests_per_second": side.per_second,
        "processor_us_per_request": side.processor_us,
        "requests_per_second_by_round": [throughput.per_second for throughput in side.throughputs],
        "generator_waits": side.generator_waits,
    }


if __name__ == "__main__":
    typer.run(run)
