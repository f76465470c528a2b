"""`openoutcry admin teams create`."""

import csv
import io
from pathlib import Path
from typing import Annotated

import typer

from openoutcry.cli.admin.options import HERE, By, KeyFile, Reason, Url


def create(
    source: Annotated[
        Path,
        typer.Option(
            "--from",
            help="A CSV file with the columns team_name, role, owner, and perhaps nonce; the last two may be empty.",
        ),
    ],
    keys: Annotated[Path, typer.Option(help="A new CSV file for the teams' keys, which only you can read.")] = Path(
        "team-keys.csv"
    ),
    url: Url = HERE,
    key_file: KeyFile = None,
    by: By = None,
    reason: Reason = None,
) -> None:
    """Create the teams of a file that the exchange does not have yet.

    The whole file is checked before the first team is created. The exchange makes the keys; each is in the file --keys
    before the next team is created, and none is shown. Running it again creates the teams that are missing.
    """
    from openoutcry.cli.admin.asking import asking
    from openoutcry.cli.admin.key_files import new_key_file
    from openoutcry.cli.admin.teams.files import missing_teams, read_teams

    with asking(url, key_file, by) as organiser:
        entries = read_teams(source)
        missing = missing_teams(source, entries, organiser.all_teams())
        if not missing:
            typer.echo(f"created 0 of {len(entries)} teams, because all are there")
            return
        with new_key_file(keys) as file:
            for entry in missing:
                made = organiser.post(
                    "/admin/teams",
                    reason,
                    team_name=entry.team_name,
                    role=entry.role,
                    owner=entry.owner,
                    nonce=entry.nonce,
                )
                if file.is_empty:
                    file.write_line("team_id,team_name,role,api_key")
                file.write_line(_line(made["team_id"], made["team_name"], made["role"], made["api_key"]))
    typer.echo(f"created {len(missing)} of {len(entries)} teams; the keys are in {keys}")


def _line(*values: str) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(values)
    return text.getvalue()
