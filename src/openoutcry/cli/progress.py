"""Progress bars of what takes long; nothing is drawn unless stderr is a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from openoutcry.runtime.recovery.replay import Progress as ReplayProgress

if TYPE_CHECKING:
    from openoutcry.lab.simulated_days import Progress as SimulationProgress


@contextmanager
def replay_bar() -> Iterator[Callable[[ReplayProgress], None]]:
    """Yields a function that shows on stderr how far a replay has come."""
    console = Console(stderr=True)
    columns = (
        TextColumn("replaying the journal"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %  {task.fields[commands]:,} commands"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None, commands=0)

        def show(progress: ReplayProgress) -> None:
            bar.update(task, completed=progress.bytes_read, total=progress.bytes_total or 1, commands=progress.commands)

        yield show


@contextmanager
def simulation_bar(days: int) -> Iterator[Callable[["SimulationProgress"], None]]:
    """Yields a function that shows on stderr how far a simulation of so many days has come."""
    console = Console(stderr=True)
    columns = (
        TextColumn("simulating {task.fields[date]}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %  {task.fields[commands]:,} commands"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None, commands=0, date="")

        def show(progress: "SimulationProgress") -> None:
            bar.update(
                task,
                completed=(progress.day - 1) * progress.of_seconds + progress.seconds,
                total=days * progress.of_seconds,
                commands=progress.sequence,
                date=progress.date,
            )

        yield show
