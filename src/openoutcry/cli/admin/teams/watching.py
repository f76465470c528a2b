"""`openoutcry admin teams`: all teams, drawn anew every few seconds."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from openoutcry.cli.admin.options import HERE, KeyFile, Url

if TYPE_CHECKING:
    from rich.console import Console

    from openoutcry.cli.admin.asking import Organiser


def watch(
    context: typer.Context,
    every: Annotated[float, typer.Option(min=0.5, help="Seconds from one look to the next.")] = 2.0,
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Print the table once. So it is done, too, where there is no terminal.")
    ] = False,
    url: Url = HERE,
    key_file: KeyFile = None,
) -> None:
    """Show all teams: who is connected, what they enter and are refused, positions, equity, limits, sanctions."""
    if context.invoked_subcommand is not None:
        return
    from rich.console import Console

    from openoutcry.cli.admin.asking import asking
    from openoutcry.cli.process.interrupts import interrupts_end_cleanly

    console = Console()
    with interrupts_end_cleanly(), asking(url, key_file) as organiser:
        if once or not console.is_terminal:
            _print_once(organiser, console if console.is_terminal else Console(width=UNBOUNDED), url)
        else:
            _keep_drawing(organiser, console, url, every)


def _print_once(organiser: "Organiser", console: "Console", url: str) -> None:
    from openoutcry.cli.admin.teams.table import HEADING_ROWS, team_table

    teams = organiser.all_teams().teams
    height = len(teams) + HEADING_ROWS
    console.print(team_table(teams, {}, organiser.answered_at, url=url, width=console.width, height=height))


def _keep_drawing(organiser: "Organiser", console: "Console", url: str, every: float) -> None:
    """Until Ctrl-C. Orders a second are those between two looks. After the first look, lost answers end nothing."""
    import time
    from contextlib import suppress

    from rich.live import Live

    from openoutcry.cli.admin.teams.table import team_table
    from openoutcry.cli.admin.trouble import RefusedByExchange
    from openoutcry.client.errors import TransportError

    teams, now = organiser.all_teams().teams, organiser.answered_at
    rates: dict[str, float] = {}
    trouble: str | None = None
    with suppress(KeyboardInterrupt), Live(console=console, auto_refresh=False, screen=True) as live:
        while True:
            width, height = console.size
            table = team_table(teams, rates, now, url=url, trouble=trouble, width=width, height=height)
            live.update(table, refresh=True)
            time.sleep(every)
            orders, before = {team.team_id: team.orders for team in teams}, now
            try:
                teams, now, trouble = organiser.all_teams().teams, organiser.answered_at, None
            except (TransportError, RefusedByExchange) as error:
                rates, trouble = {}, str(error)
                continue
            seconds = (now - before).total_seconds()
            rates = {
                team.team_id: (team.orders - orders[team.team_id]) / seconds
                for team in teams
                if team.team_id in orders and seconds > 0
            }


UNBOUNDED: Final = 1_000
"""Columns of a table that goes to a file."""
