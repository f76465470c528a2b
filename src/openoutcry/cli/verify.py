"""`openoutcry verify`: check a data directory, and repair what can be repaired."""

from pathlib import Path
from typing import Annotated

import typer

from openoutcry.cli.exit_codes import ExitCode


def verify(
    directory: Annotated[Path, typer.Argument(help="Data directory of an exchange: what `serve` was given as --data.")],
    repair_tail: Annotated[
        bool,
        typer.Option(
            "--repair-tail", help="Cut the journal where the last segment's damage begins, and list the lost commands."
        ),
    ] = False,
    quarantine: Annotated[
        int | None,
        typer.Option(metavar="SEQ", min=1, help="Make every replay pass over this command, on which the venue fails."),
    ] = None,
) -> None:
    """Check every journal segment, snapshot and event log of a data directory, by replaying the whole journal.

    Without an option nothing changes, and a server may be running on the directory. It ends with exit code 7 if it
    finds damage; what the next start of `serve` repairs by itself is a note. With an option the server must not be
    running, and nothing else is checked. Keep a copy of the directory before any repair.
    """
    from openoutcry.cli.failures import failures_told
    from openoutcry.cli.process.interrupts import interrupts_end_cleanly

    if repair_tail and quarantine is not None:
        raise typer.BadParameter("choose one of --repair-tail and --quarantine")
    with failures_told(), interrupts_end_cleanly(ExitCode.FAILED):
        if repair_tail:
            _repair_tail(directory)
        elif quarantine is not None:
            _quarantine(directory, quarantine)
        else:
            _look_through(directory)


def _look_through(directory: Path) -> None:
    from openoutcry.bootstrap.projections import projections_of
    from openoutcry.cli.progress import replay_bar
    from openoutcry.runtime.recovery.verification import verify as look_through

    with replay_bar() as show:
        verification = look_through(directory, show, projections_of)
    for finding in verification.findings:
        mark = {"sound": "ok    ", "note": "note  ", "damage": "DAMAGE"}[finding.kind]
        typer.echo(f"{mark}  {finding.subject}: {finding.text}")
    typer.echo(f"sequence    {verification.sequence}")
    typer.echo(f"state hash  {verification.state_hash}")
    if not verification.is_sound:
        raise typer.Exit(ExitCode.DAMAGE)


def _repair_tail(directory: Path) -> None:
    from openoutcry.runtime.recovery.repair import repair_tail

    cut = repair_tail(directory)
    typer.echo(f"{cut.path.name}: cut at byte {cut.offset}; the {cut.size} bytes after it are kept in {cut.copy.name}")
    typer.echo("lost, as sequence, team, command, verdict:" if cut.lost else "no command is lost")
    for line in cut.lost:
        typer.echo(f"  {line}")
    typer.echo(f"the journal now ends with sequence {cut.last_sequence}; start serve to go on from there")


def _quarantine(directory: Path, sequence: int) -> None:
    from openoutcry.domain.types import Sequence
    from openoutcry.runtime.recovery.repair import quarantine

    quarantined = quarantine(directory, Sequence(sequence))
    typer.echo("passed over from now on, as sequence, team, command, verdict:")
    typer.echo(f"  {quarantined.command}")
    typer.echo(f"the venue failed on it: {quarantined.failure}")
    typer.echo("the team was told its verdict, but it had no effect: tell the team; start serve to go on")
