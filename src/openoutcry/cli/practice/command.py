"""`openoutcry practice`: an exchange to try bots on, at any time of the day."""

from pathlib import Path
from typing import Annotated

import typer


def practice(
    scenario: Annotated[
        str, typer.Option(help="Scenario file with a \\[schedule], or the name of one that comes with openoutcry.")
    ] = "intern_fast",
    data: Annotated[Path, typer.Option(help="Folder with a data directory for each day. Made if missing.")] = Path(
        "practice"
    ),
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 for every network of this machine.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
    speed: Annotated[
        int, typer.Option(min=1, max=1_000, help="Market seconds in a second; the scenario's own speed does not count.")
    ] = 10,
    keep: Annotated[int, typer.Option(min=1, help="Days that are kept, with today. Older ones are removed.")] = 7,
    with_bots: Annotated[
        bool, typer.Option("--with-bots", help="Let the example bots of each role trade on it too.")
    ] = False,
) -> None:
    """Run an exchange that is always open: one session after another, with the house and retail flow to trade with.

    Each day begins with a new data directory, DATA/YYYY-MM-DD, once the last session of the day before has ended: teams
    register anew. A restart goes on with the directory of today. Ctrl-C ends it cleanly.
    """
    import datetime as dt

    from openoutcry.cli.failures import failures_told
    from openoutcry.cli.practice.conduct import Practice, at_speed, practise
    from openoutcry.cli.process.interrupts import interrupts_end_cleanly
    from openoutcry.cli.process.logs import log_to_stderr
    from openoutcry.scenarios.loader import load_scenario

    log_to_stderr()
    with failures_told(), interrupts_end_cleanly() as interrupts:
        chosen = Practice(
            scenario=at_speed(load_scenario(scenario), speed),
            folder=data,
            host=host,
            port=port,
            keep=keep,
            with_bots=with_bots,
        )
        practise(chosen, interrupts, lambda: dt.datetime.now().astimezone().date())
