"""`openoutcry simulate`: days of a market without participants, as fast as they can be computed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import datetime as dt


def simulate(
    out: Annotated[Path, typer.Option(help="Data directory to be made. It must not exist, or be empty.")],
    seed: Annotated[
        int, typer.Option(min=0, help="Number that decides all that is left to chance: the same days can be had again.")
    ],
    scenario: Annotated[
        str, typer.Option(help="Scenario file, or the name of one that comes with openoutcry; with a \\[schedule].")
    ] = "intern",
    days: Annotated[int, typer.Option(min=1, max=1000, help="Sessions, one on each of the next trading days.")] = 1,
    date: Annotated[
        str | None,
        typer.Option(
            help="Date of the first session, 2024-03-14.",
            show_default="the scenario's, else the latest with which all are over",
        ),
    ] = None,
) -> None:
    """Simulate whole sessions in which only the exchange's own house and retail flow trade.

    It is the exchange of `serve`, without a network and in virtual time: a session without participants has the same
    commands there. What comes out is a data directory: `replay`, `verify` and `serve` take it. Play no competition on
    it: anybody can find its seeds. Ctrl-C ends it cleanly, with exit code 1; `serve` can go on with the session that
    was under way.
    """
    import datetime as dt

    from openoutcry.access.keys import hash_key, organiser_key
    from openoutcry.cli.exit_codes import ExitCode
    from openoutcry.cli.failures import Failure, failures_told
    from openoutcry.cli.process.interrupts import interrupts_end_cleanly
    from openoutcry.cli.process.logs import log_to_stderr
    from openoutcry.cli.progress import simulation_bar
    from openoutcry.lab.session import SimulationFailed, plan_of
    from openoutcry.lab.simulated_days import first_date, simulate_days
    from openoutcry.runtime.data_directory import DataDirectory
    from openoutcry.scenarios.loader import load_scenario

    log_to_stderr()
    with failures_told(), interrupts_end_cleanly() as interrupts:
        interrupts.only_count()
        loaded = load_scenario(scenario)
        plan_of(loaded)
        first = _date(date) if date is not None else first_date(loaded, days, dt.datetime.now(dt.UTC))
        directory = DataDirectory(out)
        directory.check_new()
        directory.create()
        key = organiser_key(directory.admin_key, None)
        try:
            with simulation_bar(days) as show:
                ended = simulate_days(
                    loaded,
                    out,
                    seed=seed,
                    admin_key_hash=hash_key(key.encode()),
                    date=first,
                    days=days,
                    on_progress=show,
                    must_end=lambda: interrupts.count > 0,
                )
        except SimulationFailed as failed:
            raise Failure(str(failed)) from None
    if ended.is_interrupted:
        typer.echo(
            f"interrupted in session {len(ended.dates) + 1} of {days}; serve --data {out} goes on with it", err=True
        )
    typer.echo(f"sessions    {len(ended.dates)}" + (f" ({', '.join(ended.dates)})" if ended.dates else ""))
    typer.echo(f"sequence    {ended.sequence}")
    typer.echo(f"state hash  {ended.state_hash}")
    if ended.is_interrupted:
        raise typer.Exit(ExitCode.FAILED)


def _date(text: str) -> "dt.date":
    import datetime as dt

    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date such as 2024-03-14", param_hint="--date") from None
