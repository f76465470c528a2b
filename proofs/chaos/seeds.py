"""`python -m proofs chaos`: many seeds, or one of them again. Exit code 0: the auditor found nothing; 1: it did."""

import multiprocessing
import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from proofs.chaos.report import RunReport, Summary
from proofs.chaos.simulation import simulate

console = Console()


def chaos(
    seeds: Annotated[int, typer.Option(min=1, help="How many simulations.")] = 200,
    first: Annotated[int, typer.Option(min=0, help="The first one's seed; the others count on.")] = 1,
    jobs: Annotated[int, typer.Option(min=1, help="Processes side by side.")] = os.cpu_count() or 1,
    seed: Annotated[int | None, typer.Option(min=0, help="Only this one, told in more detail.")] = None,
    trace: Annotated[Path | None, typer.Option(help="With --seed: write everything that happens to this file.")] = None,
) -> None:
    """The exchange in virtual time, with bots, faults of every kind, and an auditor. The same seed does the same."""
    if seed is not None:
        report = _simulate_one(seed, trace)
        report.show(console)
        raise typer.Exit(0 if report.is_clean else 1)
    summary, started = Summary(), time.monotonic()
    columns = (
        TextColumn("simulating"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[failed]}"),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("", total=seeds, failed="")
        for report in _simulate_many(range(first, first + seeds), jobs):
            summary.add(report)
            failed = ", ".join(str(each.seed) for each in summary.failed)
            bar.update(task, advance=1, failed=f"failed: {failed}" if failed else "")
    summary.show(console, time.monotonic() - started)
    raise typer.Exit(1 if summary.failed else 0)


def _simulate_one(seed: int, trace: Path | None) -> RunReport:
    if trace is None:
        return simulate(seed)
    with trace.open("w") as sink:
        return simulate(seed, sink)


def _simulate_many(seeds: range, jobs: int) -> Iterator[RunReport]:
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as processes:
        yield from processes.map(simulate, seeds)
