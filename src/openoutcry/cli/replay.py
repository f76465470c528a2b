"""`openoutcry replay`: re-run a journal and say what came out."""

from pathlib import Path
from typing import Annotated

import typer

from openoutcry.cli.exit_codes import ExitCode


def replay(
    directory: Annotated[Path, typer.Argument(help="Data directory of an exchange: what `serve` was given as --data.")],
    until: Annotated[
        int | None,
        typer.Option(min=1, metavar="SEQUENCE", help="Stop after this command, and show what it did and left behind."),
    ] = None,
) -> None:
    """Replay the journal of a data directory from its first command and print the result.

    Nothing in the directory changes, and a server may be running on it. Every verdict must come out as it was
    recorded; at the first that differs, the replay stops and names its sequence.
    """
    from openoutcry.cli.failures import failures_told
    from openoutcry.cli.process.interrupts import interrupts_end_cleanly
    from openoutcry.cli.progress import replay_bar
    from openoutcry.runtime.recovery.rerun import rerun

    if until is not None:
        _show_moment(directory, until)
        return
    with failures_told(), interrupts_end_cleanly(ExitCode.FAILED), replay_bar() as show:
        report = rerun(directory, on_progress=show)
    typer.echo(f"scenario    {report.scenario_name}")
    typer.echo(
        f"commands    {report.commands} ({report.executed} executed, {report.commands - report.executed} refused)"
    )
    typer.echo(f"events      {report.events}")
    typer.echo(f"trades      {report.trades}")
    typer.echo(f"sequence    {report.last_sequence}")
    typer.echo(f"epoch       {report.epoch}")
    if report.quarantined:
        typer.echo(f"quarantined {', '.join(map(str, report.quarantined))}")
    typer.echo(f"state hash  {report.state_hash}")
    if report.torn_bytes:
        typer.echo(
            f"note: the last {report.torn_bytes} bytes belong to a record that was cut short, and were not read;"
            " the next start of serve removes them",
            err=True,
        )
    if report.stranded_bytes:
        typer.echo(
            f"note: a segment of {report.stranded_bytes} bytes was not read, because power was lost before the one"
            " before it was on the disk; the next start of serve sets it aside",
            err=True,
        )


def _show_moment(directory: Path, sequence: int) -> None:
    from openoutcry.cli.failures import failures_told
    from openoutcry.cli.moment import lines_of
    from openoutcry.cli.process.interrupts import interrupts_end_cleanly
    from openoutcry.cli.progress import replay_bar
    from openoutcry.runtime.recovery.rerun import rerun_until

    with failures_told(), interrupts_end_cleanly(ExitCode.FAILED):
        with replay_bar() as show:
            moment = rerun_until(directory, sequence, on_progress=show)
        for line in lines_of(moment):
            typer.echo(line)
