"""`openoutcry scenario ...`: look at scenario files."""

from typing import Annotated, Final

import typer

from openoutcry.cli.exit_codes import EXIT_CODES_HELP

scenario: Final = typer.Typer(name="scenario", help="Look at scenario files.", no_args_is_help=True)


@scenario.command(epilog=EXIT_CODES_HELP)
def check(
    file: Annotated[str, typer.Argument(help="A scenario file, or the name of a scenario that comes with openoutcry.")],
) -> None:
    """Check a scenario file: list every mistake with its place, its key and what is allowed."""
    from openoutcry.cli.failures import failures_told
    from openoutcry.scenarios.listing import some_of
    from openoutcry.scenarios.loader import load_scenario

    with failures_told():
        checked = load_scenario(file)
    typer.echo(f"{checked.name}: {checked.title}")
    symbols = [instrument.instrument_id for instrument in checked.instruments]
    typer.echo(f"instruments  {len(symbols)}: {some_of(symbols)}")
    typer.echo(f"roles        {some_of(checked.rulebook.roles)}; teams choose {some_of(checked.registration.roles)}")
    typer.echo(f"registration {'open' if checked.registration.join_code is None else 'by join code'}")
    typer.echo(f"hash         {checked.hash}")


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
    """Print the file of a scenario that comes with openoutcry, to copy and change."""
    from openoutcry.cli.failures import failures_told
    from openoutcry.scenarios.loader import scenario_text

    with failures_told():
        typer.echo(scenario_text(name), nl=False)
