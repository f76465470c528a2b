"""`openoutcry admin suspend | reinstate | rotate-key`."""

from pathlib import Path
from typing import Annotated

import typer

from openoutcry.cli.admin.options import HERE, By, KeyFile, Reason, Url

TeamId = Annotated[str, typer.Argument(metavar="TEAM", help="Its id, such as TEAM_7.")]


def suspend(team_id: TeamId, url: Url = HERE, key_file: KeyFile = None, by: By = None, reason: Reason = None) -> None:
    """Cancel all of a team's orders and refuse its commands until it is reinstated."""
    from openoutcry.cli.admin.asking import asking, part

    with asking(url, key_file, by) as organiser:
        team = organiser.post(f"/admin/teams/{part(team_id)}/suspend", reason)["team"]
    typer.echo(f"{team['team_id']} ({team['team_name']}) suspended")


def reinstate(team_id: TeamId, url: Url = HERE, key_file: KeyFile = None, by: By = None, reason: Reason = None) -> None:
    """Let a suspended team trade again."""
    from openoutcry.cli.admin.asking import asking, part

    with asking(url, key_file, by) as organiser:
        team = organiser.post(f"/admin/teams/{part(team_id)}/reinstate", reason)["team"]
    typer.echo(f"{team['team_id']} ({team['team_name']}) reinstated")


def rotate_key(
    team_id: TeamId,
    to: Annotated[Path, typer.Option(help="A new file for the key, which only you can read.")],
    url: Url = HERE,
    key_file: KeyFile = None,
    by: By = None,
    reason: Reason = None,
) -> None:
    """Give a team a new key, in a file. The old one stops working at once."""
    from openoutcry.cli.admin.asking import asking, part
    from openoutcry.cli.admin.key_files import new_key_file

    with asking(url, key_file, by) as organiser, new_key_file(to) as file:
        file.write_line(organiser.post(f"/admin/teams/{part(team_id)}/rotate-key", reason)["api_key"])
    typer.echo(f"{team_id} has a new key, in {to}")
