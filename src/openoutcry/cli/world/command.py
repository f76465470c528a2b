"""`openoutcry world`: draw the simulated market of a session, and show it to an organiser who tunes a scenario."""

from pathlib import Path
from typing import Annotated, Final

import typer

from openoutcry.cli.exit_codes import ExitCode


def world(
    seed: Annotated[
        str | None,
        typer.Option(
            metavar="SEED",
            help="Which world: a number, or 64 hexadecimal digits, a seed itself. Without it chance decides.",
        ),
    ] = None,
    url: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="URL",
            help="Check a match: draw the last session of the exchange there, from the seed and the nonces that it has"
            " revealed, and compare the world with its own.",
        ),
    ] = None,
    scenario: Annotated[
        str, typer.Option(help="A scenario that comes with openoutcry, or the path of a scenario file.")
    ] = "intern",
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw it as a picture, in SVG: FILE ends in .svg.")
    ] = None,
    opening: Annotated[
        float | None,
        typer.Option(
            min=0.01,
            max=1_000_000,
            help="Price of the index at the opening: of a later session, that at the end of the one before it.",
            show_default="the scenario's",
        ),
    ] = None,
) -> None:
    """Draw the simulated market of a session, and show all of it, with what nobody is told while it runs.

    With a seed it is the market of the first session of `openoutcry simulate` with the same seed and scenario. With
    --from, exit code 7 says that the exchange's world is another.
    """
    import datetime as dt
    import secrets
    import sys

    from openoutcry.cli.failures import failures_told
    from openoutcry.scenarios.loader import ScenarioError, load_scenario

    with failures_told():
        loaded = load_scenario(scenario)
        if loaded.market is None or loaded.session is None:
            raise ScenarioError(f"scenario {loaded.name} has no simulated market: add [world], or choose another")
        if plot is not None and plot.suffix != ".svg":
            name = plot.with_suffix(".svg") if plot.stem.strip(".") else plot / "market.svg"
            raise typer.BadParameter(f"a picture is drawn as SVG, so name it {name}", param_hint="--plot")
        if url is not None and seed is not None:
            raise typer.BadParameter("the seed is the one that the exchange has revealed", param_hint="--seed")

        # Imports numpy, which takes half a second.
        from openoutcry.cli.world.drawn import draw_session
        from openoutcry.cli.world.picture import picture
        from openoutcry.cli.world.sources import revealed_source, source_of_seed
        from openoutcry.cli.world.summary import show

        revealed = None if url is None else revealed_source(loaded, url, opening)
        if revealed is None:
            number = str(secrets.randbelow(10**6)) if seed is None else seed
            source = source_of_seed(loaded, number, opening, dt.datetime.now(dt.UTC))
        else:
            source = revealed.source
        drawn = draw_session(loaded, loaded.session, loaded.market, source)
        if plot is not None:
            plot.write_bytes(picture(drawn))
        show(drawn, sys.stdout)
    if revealed is not None:
        is_same = drawn.world.digest == revealed.world_digest
        typer.echo(_COMMITTED_TO if revealed.is_committed_to else "the seed is NOT the one that was committed to")
        typer.echo(_SAME if is_same else f"the exchange's world is ANOTHER: its digest is {revealed.world_digest}")
        if not is_same:
            typer.echo(_ROUNDING)
        typer.echo(_AT_THE_START)
        if not (is_same and revealed.is_committed_to):
            raise typer.Exit(ExitCode.DAMAGE)


_COMMITTED_TO: Final = "the seed is the one that was committed to"
_SAME: Final = "the exchange's world has the same digest: it was drawn from this seed and these nonces"
_ROUNDING: Final = (
    "Another processor, or another version of numpy, may round a number the other way: fairness verify allows for it."
)
_AT_THE_START: Final = "This is the world as drawn at the start: what an organiser's headlines changed is not in it."
