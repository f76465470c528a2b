"""`openoutcry simulate`: the command."""

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_SCENARIO = "intern"


def simulate(
    bots: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[BOT]...",
            help="Files that define bots; FILE:CLASS where one defines several. Without any, only the exchange's own"
            " house and retail flow trade.",
            show_default=False,
        ),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(
            help="Scenario file, or the name of one that comes with openoutcry; with a \\[schedule].",
            show_default="intern; with --against the recorded one",
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, help="Number that decides all that is left to chance: the same day can be had again.")
    ] = 7,
    date: Annotated[
        str | None,
        typer.Option(
            help="Date of the first session, 2024-03-14.",
            show_default="the scenario's, else 2024-03-14; without bots the latest with which all are over",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Data directory to be made, for `score`, `replay` and `verify`. It must not exist, or be empty.",
            show_default="none; without bots it is needed",
        ),
    ] = None,
    days: Annotated[
        int, typer.Option(min=1, max=1000, help="Without bots: sessions, one on each of the next trading days.")
    ] = 1,
    seconds: Annotated[
        int | None, typer.Option(help="With bots: only a session of so many market seconds before the usual close.")
    ] = None,
    speed: Annotated[
        str, typer.Option(help="With bots: most market seconds a second, such as 30, to watch; max: no limit.")
    ] = "max",
    latency: Annotated[
        str | None,
        typer.Option(
            help="With bots: how long a round trip to the exchange takes. Milliseconds, lognormal:MEDIAN,SIGMA, or a"
            " file (.json, .csv, .parquet) of those that were measured.",
            show_default="2",
        ),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            help="With bots: a finished data directory. All that was asked there is asked again, at the same instants,"
            " and the bots trade beside it.",
            show_default="none",
        ),
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="With bots: begin again whenever a file of theirs changes. Not with --out.")
    ] = False,
    isolated: Annotated[
        bool,
        typer.Option(
            "--isolated", help="With bots: each in a process of its own, under limits. The match is the same."
        ),
    ] = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="With bots: play the match twice, with another clock and hash seed, and name bots that use wall time"
            " or chance of their own; exit code 7.",
        ),
    ] = False,
) -> None:
    """Simulate sessions: a match of your bots, or days in which only the exchange's own house and retail flow trade.

    It is the exchange of `serve`, without a network and in virtual time: bots get the verdicts, fills and scores that
    they would get there. The same seed, bots and options give the same match, to the byte.

    Play no competition on a data directory that is made here: anybody can find its seeds. Ctrl-C ends it cleanly, with
    exit code 1; a second one ends a bot that hangs.
    """
    if bots:
        from openoutcry.cli.simulate.match import Settings, simulate_match

        if days != 1:
            raise typer.BadParameter("a match of bots is one day", param_hint="--days")
        simulate_match(
            Settings(
                bots=tuple(bots),
                scenario=scenario or (DEFAULT_SCENARIO if against is None else None),
                seed=seed,
                date=date,
                out=out,
                seconds=seconds,
                speed=speed,
                latency=latency,
                against=against,
                watch=watch,
                isolated=isolated,
                check=check,
            )
        )
        return
    from openoutcry.cli.simulate.days import simulate_without_bots

    for given, option in (
        (seconds is not None, "--seconds"),
        (speed != "max", "--speed"),
        (latency is not None, "--latency"),
        (against is not None, "--against"),
        (watch, "--watch"),
        (isolated, "--isolated"),
        (check, "--check"),
    ):
        if given:
            raise typer.BadParameter("it is for a match of bots, and no bot is named", param_hint=option)
    if out is None:
        raise typer.BadParameter("without bots a data directory must be named", param_hint="--out")
    simulate_without_bots(scenario or DEFAULT_SCENARIO, seed, date, out, days)
