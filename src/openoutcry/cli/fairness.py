"""`openoutcry fairness verify | show`: check that sessions were fair, from a data directory; ask a running exchange."""

from pathlib import Path
from typing import Annotated, Final

import typer

from openoutcry.cli.exit_codes import EXIT_CODES_HELP, ExitCode

fairness: Final = typer.Typer(
    name="fairness",
    help="Check that sessions of a simulated market were left to chance.",
    epilog=EXIT_CODES_HELP,
    no_args_is_help=True,
)


@fairness.command(epilog=EXIT_CODES_HELP)
def verify(
    directory: Annotated[Path, typer.Argument(help="Data directory of an exchange: what `serve` was given as --data.")],
) -> None:
    """Draw and decide anew all that the exchange itself brought into its sessions, and compare it with the journal.

    Checked are the commitments, the revealed seeds, timetables, worlds, marks, news, signals, every command of the
    house and the retail flow, and the whole journal by a replay. Nothing changes, and a server may be running on the
    directory. It ends with exit code 7 if anything is not as it should be.
    """
    from openoutcry.bootstrap.market import market_of
    from openoutcry.cli.failures import Failure, failures_told
    from openoutcry.cli.process.interrupts import interrupts_end_cleanly
    from openoutcry.cli.progress import replay_bar
    from openoutcry.runtime.recovery.fairness.verification import NotDrawn, verify_fairness

    with failures_told(), interrupts_end_cleanly(ExitCode.FAILED), replay_bar() as show:
        try:
            report = verify_fairness(directory, market_of, show)
        except NotDrawn as nothing:
            raise Failure(str(nothing)) from None
    typer.echo(f"scenario    {report.scenario_name} ({report.scenario_hash})")
    for session in report.sessions:
        typer.echo(f"session     {session.number} of {session.date}")
        for finding in session.findings:
            typer.echo(f"  {_MARKS[finding.kind]}  {finding.subject:<10}  {finding.text}")
    for finding in report.findings:
        typer.echo(f"{_MARKS[finding.kind]}    {finding.subject:<10}  {finding.text}")
    typer.echo(f"sequence    {report.sequence}")
    typer.echo(f"state hash  {report.state_hash}")
    if not report.is_fair:
        typer.echo("NOT FAIR: see what FAILED")
        raise typer.Exit(ExitCode.DAMAGE)
    waiting = [f"session {one.number} of {one.date}" for one in report.sessions if not one.is_revealed]
    if report.is_whole:
        typer.echo("fair: nothing is other than it should be")
    elif waiting:
        typer.echo(
            f"not checked yet: what is drawn in {', '.join(waiting)}, until the session has ended and its seed is"
            " revealed; nothing else is other than it should be"
        )
    else:
        typer.echo("not checked yet: no session has begun, so nothing is drawn")


@fairness.command(epilog=EXIT_CODES_HELP)
def show(
    url: Annotated[str, typer.Argument(help="Of a running exchange.")] = "http://127.0.0.1:8000",
) -> None:
    """Show what a running exchange has committed to and revealed, and whether the seed is the one committed to."""
    from openoutcry.cli.asking_anybody import public_client
    from openoutcry.cli.failures import failures_told
    from openoutcry.domain.fairness import commitment_of
    from openoutcry.protocol.responses import FairnessData

    with failures_told(), public_client(url, "URL") as client:
        data = client.get_fairness().data_as(FairnessData)
    typer.echo(f"scenario hash    {data.scenario_hash}")
    typer.echo(f"next commitment  {data.next_commitment or 'none'}")
    typer.echo(f"commitment       {data.commitment or 'none'}")
    typer.echo(f"world digest     {data.world_digest or 'none'}")
    typer.echo(f"nonces           {', '.join(f'{team} {nonce}' for team, nonce in data.nonces.items()) or 'none'}")
    typer.echo(f"withdrawn        {data.withdrawn}")
    if data.seed is None:
        typer.echo("seed             not revealed")
    else:
        fits = commitment_of(bytes.fromhex(data.seed), data.scenario_hash).hex() == data.commitment
        typer.echo(f"seed             {data.seed}")
        typer.echo("the seed is the one that was committed to" if fits else "the seed is NOT the one committed to")
        if not fits:
            raise typer.Exit(ExitCode.DAMAGE)


_MARKS: Final = {"sound": "ok    ", "note": "note  ", "failed": "FAILED"}
