"""`openoutcry scenario ...`: look at scenario files."""

from typing import Annotated, Final

import typer

from openoutcry.cli.exit_codes import EXIT_CODES_HELP

scenario: Final = typer.Typer(name="scenario", help="Look at scenario files.", no_args_is_help=True)


@scenario.command(epilog=EXIT_CODES_HELP)
def check(
    file: Annotated[str, typer.Argument(help="A scenario file, or the name of a scenario that comes with openoutcry.")],
) -> None:
    """Check a scenario file: it loads, or what is wrong is said by key, with what would do."""
    from openoutcry.cli.failures import failures_told
    from openoutcry.scenarios.loader import load_scenario

    with failures_told():
        checked = load_scenario(file)
    typer.echo(f"{checked.name}: {checked.title}")
    typer.echo(f"instruments  {', '.join(instrument.instrument_id for instrument in checked.instruments)}")
    typer.echo(
        f"roles        {', '.join(checked.rulebook.roles)}; teams choose {', '.join(checked.registration.roles)}"
    )
    typer.echo(f"registration {'open' if checked.registration.join_code is None else 'by join code'}")
    typer.echo(f"hash         {checked.hash}")


@scenario.command("list", epilog=EXIT_CODES_HELP)
def list_scenarios() -> None:
    """List the scenarios that come with openoutcry."""
    from openoutcry.scenarios.loader import load_scenario, shipped_scenarios

    for name in shipped_scenarios():
        typer.echo(f"{name:12} {load_scenario(name).title}")
