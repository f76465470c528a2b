"""Simulates days without participants, and says what came of them."""

import datetime as dt
from pathlib import Path

import typer

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


def simulate_without_bots(scenario: str, seed: int, date: str | None, out: Path, days: int) -> None:
    log_to_stderr()
    with failures_told(), interrupts_end_cleanly() as interrupts:
        interrupts.only_count()
        loaded = load_scenario(scenario)
        plan_of(loaded)
        first = date_of(date) if date is not None else first_date(loaded, days, dt.datetime.now(dt.UTC))
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


def date_of(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date such as 2024-03-14", param_hint="--date") from None
