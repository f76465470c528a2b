"""`openoutcry view`: any moment of a session, in the browser."""

from pathlib import Path
from typing import Annotated

import typer


def view(
    directory: Annotated[Path, typer.Argument(help="Data directory of an exchange: what `serve` was given as --data.")],
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8002,
) -> None:
    """Show any moment of a session, finished or in progress, in the browser.

    Prints the address of the page. It is for this machine only, and needs no key: whoever can read the directory sees
    every team. Nothing in the directory changes, and a server may be running on it: its new commands are read as they
    come. The beginning can be looked at while the rest is still being read. Ctrl-C ends it.
    """
    from openoutcry.cli.failures import failures_told
    from openoutcry.cli.process.interrupts import interrupts_end_cleanly
    from openoutcry.cli.process.logs import log_to_stderr
    from openoutcry.cli.view.conduct import show_directory

    log_to_stderr()
    with failures_told(), interrupts_end_cleanly() as interrupts:
        show_directory(directory, port, interrupts)
