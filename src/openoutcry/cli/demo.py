"""`openoutcry demo`: an exchange with example bots trading on it, to watch."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from openoutcry.cli.demonstration.conduct import Settings


DEFAULT_SCENARIO: Final = "intern_fast"


def demo(
    scenario: Annotated[
        str | None,
        typer.Option(
            help="Scenario file, or the name of one that comes with openoutcry.",
            show_default="that of a used --data, else intern_fast",
        ),
    ] = None,
    duration: Annotated[
        float | None,
        typer.Option(min=0.1, help="Seconds after which it ends by itself.", show_default="until Ctrl-C"),
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the exchange; 0 takes a free one.")] = 0,
    data: Annotated[
        Path | None,
        typer.Option(help="Keep the exchange's data in this directory.", show_default="a temporary directory"),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, help="Seed of the market and of the bots' decisions; their timing varies.")
    ] = 1,
) -> None:
    """Start an exchange, let example bots trade on it, and show it live. Ctrl-C ends it cleanly.

    It plays the default game at 30 market seconds a second, from one minute before the opening.

    At the end its journal is replayed from the first command, which must lead to the exchange's last state.
    """
    import tempfile

    from openoutcry.cli.demonstration.conduct import Settings
    from openoutcry.cli.failures import failures_told
    from openoutcry.cli.process.interrupts import interrupts_end_cleanly
    from openoutcry.runtime.data_directory import DataDirectory

    with failures_told(), interrupts_end_cleanly(), tempfile.TemporaryDirectory(prefix="openoutcry-") as temporary:
        directory = data or Path(temporary)
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if scenario is None and not DataDirectory(directory).scenario.exists():
            scenario = DEFAULT_SCENARIO
        _demonstrate(Settings(scenario=scenario, data=directory, port=port, duration=duration, seed=seed))


def _demonstrate(settings: "Settings") -> None:
    import asyncio
    import logging

    import uvloop
    from rich.console import Console
    from rich.logging import RichHandler

    from openoutcry.cli.demonstration.conduct import conduct
    from openoutcry.cli.failures import Failure
    from openoutcry.runtime.recovery.rerun import rerun

    console = Console()
    logging.basicConfig(level=logging.WARNING, format="%(message)s", handlers=[RichHandler(console=console)])
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        outcome = runner.run(conduct(settings, console))
    report = rerun(settings.data)
    if report.state_hash not in outcome.last_words:
        raise Failure(
            f"the replayed journal has another state ({report.state_hash}) than the server had: {outcome.last_words}"
        )
    console.print(
        f"the journal, re-run: commands {report.commands}, trades {report.trades},"
        f" the same state {report.state_hash[:12]}…",
        highlight=False,
    )
