"""How far what takes long has come: a bar on a terminal, and elsewhere a line on stderr now and then."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from openoutcry.cli.process.interrupts import say_last
from openoutcry.runtime.recovery.replay import Progress as ReplayProgress

if TYPE_CHECKING:
    from openoutcry.lab.session import Progress as SimulationProgress

SECONDS_BETWEEN_LINES: Final = 5.0

Stopwatch = Callable[[], float]

_Show = Callable[[str, int, int, int], None]
"""Told what is done, how much of it, of how much, and with how many commands."""


@contextmanager
def replay_bar(stopwatch: Stopwatch = time.monotonic) -> Iterator[Callable[[ReplayProgress], None]]:
    """Yields a function that shows on stderr how far a replay has come."""
    with _shown("replaying the journal", stopwatch) as show:
        yield lambda progress: show(
            "replaying the journal", progress.bytes_read, progress.bytes_total or 1, progress.commands
        )


@contextmanager
def simulation_bar(
    days: int, stopwatch: Stopwatch = time.monotonic
) -> Iterator[Callable[["SimulationProgress"], None]]:
    """Yields a function that shows on stderr how far a simulation of so many days has come."""
    with _shown("simulating", stopwatch) as show:
        yield lambda progress: show(
            f"simulating {progress.date}",
            (progress.day - 1) * progress.of_seconds + progress.seconds,
            days * progress.of_seconds,
            progress.sequence,
        )


@contextmanager
def match_bar(stopwatch: Stopwatch = time.monotonic) -> Iterator[Callable[["SimulationProgress"], None]]:
    """Yields a function that shows on stderr how far a match of bots has come, with the time of its day."""
    with _shown("simulating", stopwatch) as show:
        yield lambda progress: show(
            f"{progress.date} {progress.clock}", progress.seconds, progress.of_seconds, progress.sequence
        )


@contextmanager
def _shown(what: str, stopwatch: Stopwatch) -> Iterator[_Show]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _in_lines(stopwatch)
        return
    columns = (
        TextColumn("{task.fields[what]}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %  {task.fields[commands]:,} commands"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None, commands=0, what=what)

        def show(what: str, done: int, of: int, commands: int) -> None:
            bar.update(task, completed=done, total=of, commands=commands, what=what)

        yield show


def _in_lines(stopwatch: Stopwatch) -> _Show:
    told = stopwatch()

    def show(what: str, done: int, of: int, commands: int) -> None:
        nonlocal told
        now = stopwatch()
        if now - told >= SECONDS_BETWEEN_LINES:
            told = now
            say_last(f"{what}: {100 * done / of:.0f} %, {commands:,} commands")

    return show
