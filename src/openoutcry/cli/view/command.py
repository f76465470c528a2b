"""`openoutcry view`: any moment of a session, in the browser."""

from pathlib import Path
from typing import Annotated

import typer


def view(
    directory: Annotated[
        Path,
        typer.Argument(help="Data directory of an exchange: what `serve` was given as --data. Or a team's export."),
    ],
    export: Annotated[
        Path | None,
        typer.Option(
            help="Serve nothing: write each team's part of the session to a file in this folder, TEAM_3.zip, for the"
            " team to view. Made if missing."
        ),
    ] = None,
    team: Annotated[
        list[str] | None, typer.Option(help="With --export: only this team, by its id or name. Can be repeated.")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8002,
) -> None:
    """Show any moment of a session, finished or in progress, in the browser.

    Prints the address of the page. It is for this machine only, and needs no key: whoever can read the directory sees
    every team. Nothing in the directory changes, and a server may be running on it: its new commands are read as they
    come. The beginning can be looked at while the rest is still being read. Ctrl-C ends it.

    A team's export holds what everybody was told, and what the team was: with it a team looks at its own session.
    """
    from openoutcry.cli.failures import Failure, failures_told
    from openoutcry.cli.process.interrupts import interrupts_end_cleanly
    from openoutcry.cli.process.logs import log_to_stderr
    from openoutcry.cli.view.conduct import show
    from openoutcry.cli.view.exports import export_teams

    log_to_stderr()
    with failures_told(), interrupts_end_cleanly() as interrupts:
        if export is not None:
            export_teams(directory, export, team)
        elif team:
            raise Failure("--team chooses what --export writes: name a folder with --export too")
        else:
            show(directory, port, interrupts)
