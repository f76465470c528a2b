"""`openoutcry admin sanction | pardon`."""

from typing import Annotated, Any

import typer

from openoutcry.cli.admin.options import HERE, By, KeyFile, Reason, Url

TeamId = Annotated[str, typer.Argument(metavar="TEAM", help="Its id, such as TEAM_7.")]


def sanction(
    team_id: TeamId,
    level: Annotated[int, typer.Argument(help="1 warned, 2 points off, 3 reduce-only.")],
    url: Url = HERE,
    key_file: KeyFile = None,
    by: By = None,
    reason: Reason = None,
) -> None:
    """Put a team on the ladder of sanctions, for the time that the scenario says."""
    from openoutcry.cli.admin.asking import asking, part

    with asking(url, key_file, by) as organiser:
        standing = organiser.post(f"/admin/teams/{part(team_id)}/sanction", reason, level=level)
    typer.echo(_said(standing))


def pardon(team_id: TeamId, url: Url = HERE, key_file: KeyFile = None, by: By = None, reason: Reason = None) -> None:
    """Take a team off the ladder of sanctions."""
    from openoutcry.cli.admin.asking import asking, part

    with asking(url, key_file, by) as organiser:
        standing = organiser.post(f"/admin/teams/{part(team_id)}/pardon", reason)
    typer.echo(_said(standing))


def _said(standing: dict[str, Any]) -> str:
    reduce_only = ", reduce-only" if standing["reduce_only"] else ""
    return f"{standing['team_id']} is at level {standing['sanctions']['level']}{reduce_only}"
