"""`openoutcry world`: draw the simulated market of a session, and show it to an organiser who tunes a scenario."""

from pathlib import Path
from typing import Annotated

import typer


def world(
    seed: Annotated[int | None, typer.Option(min=0, help="Which world; without it chance decides, and tells.")] = None,
    scenario: Annotated[
        str, typer.Option(help="A scenario that comes with openoutcry, or the path of a scenario file.")
    ] = "intern",
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw it as a picture, in SVG: FILE ends in .svg.")
    ] = None,
) -> None:
    """Draw the simulated market of a session, and show all of it, with what nobody is told while it runs.

    It is the market of the first session of `openoutcry simulate` with the same seed and scenario.
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

        # Imports numpy, which takes half a second.
        from openoutcry.cli.world.drawn import draw_session
        from openoutcry.cli.world.picture import picture
        from openoutcry.cli.world.summary import show

        number = secrets.randbelow(10**6) if seed is None else seed
        drawn = draw_session(loaded, loaded.session, loaded.market, number, dt.datetime.now(dt.UTC))
        if plot is not None:
            plot.write_bytes(picture(drawn))
        show(drawn, sys.stdout)
