"""`openoutcry admin teams`."""

import typer

from openoutcry.cli.admin.options import HERE, KeyFile, Url


def watch(context: typer.Context, url: Url = HERE, key_file: KeyFile = None) -> None:
    """Show all teams."""
    if context.invoked_subcommand is not None:
        return
    from openoutcry.cli.admin.asking import asking
    from openoutcry.protocol.responses import TeamsData

    with asking(url, key_file) as organiser:
        for team in organiser.get("/admin/teams", TeamsData).teams:
            key = "" if team.has_key else "  (the exchange's own)"
            typer.echo(f"{team.team_id:10} {team.team_name:24} {team.role:16} {team.owner or ''}{key}")
