"""`openoutcry scenario ...`: look at scenario files, and begin one."""

import datetime as dt
from pathlib import Path
from typing import Annotated, Final

import typer

from openoutcry.cli.exit_codes import EXIT_CODES_HELP

scenario: Final = typer.Typer(name="scenario", help="Look at scenario files, and begin one.", no_args_is_help=True)


@scenario.command(epilog=EXIT_CODES_HELP)
def new(
    name: Annotated[str, typer.Argument(help="The scenario's name; the file is NAME.toml, in this folder.")],
    source: Annotated[
        str,
        typer.Option("--from", help="What to begin with: a scenario that comes with openoutcry, or a scenario file."),
    ] = "intern",
) -> None:
    """Write a scenario file to begin with: a copy of another one, with every further key as a comment."""
    from openoutcry.cli.failures import Failure, failures_told
    from openoutcry.cli.scenario.starting_file import name_problem, starting_file
    from openoutcry.scenarios.loader import load_scenario, read_scenario_text

    with failures_told():
        problem = name_problem(name)
        if problem is not None:
            raise Failure(problem)
        load_scenario(source)
        file = Path(f"{name}.toml")
        text = starting_file(name, read_scenario_text(source))
        try:
            file.open("x", encoding="utf-8").write(text)
        except FileExistsError:
            raise Failure(f"{file} is there already: choose another name, or move that file away") from None
    typer.echo(f"{file} begins as a copy of {source}. Change it, then check it: openoutcry scenario check {file}")


@scenario.command(epilog=EXIT_CODES_HELP)
def check(
    file: Annotated[str, typer.Argument(help="A scenario file, or the name of a scenario that comes with openoutcry.")],
) -> None:
    """Check a scenario file: list every mistake with its line, its column, its key and what is allowed.

    Of a sound file, tell what it makes: session, instruments, roles, and which rules are on.
    """
    from openoutcry.cli.failures import failures_told
    from openoutcry.cli.scenario.summary import summary
    from openoutcry.scenarios.loader import load_scenario

    with failures_told():
        checked = load_scenario(file)
    for line in summary(checked, dt.datetime.now(dt.UTC)):
        typer.echo(line)


@scenario.command("list", epilog=EXIT_CODES_HELP)
def list_scenarios() -> None:
    """List the scenarios that come with openoutcry."""
    from openoutcry.scenarios.loader import load_scenario, shipped_scenarios

    for name in shipped_scenarios():
        typer.echo(f"{name:12} {load_scenario(name).title}")


@scenario.command(epilog=EXIT_CODES_HELP)
def show(
    name: Annotated[str, typer.Argument(help="The name of a scenario that comes with openoutcry.")],
) -> None:
    """Print the file of a scenario that comes with openoutcry."""
    from openoutcry.cli.failures import failures_told
    from openoutcry.scenarios.loader import scenario_text

    with failures_told():
        typer.echo(scenario_text(name), nl=False)
