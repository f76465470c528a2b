"""Writes teams' parts of a session, each to a file."""

import asyncio
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import typer

from openoutcry.cli.failures import Failure
from openoutcry.cli.progress import replay_bar
from openoutcry.playback.chronicle import TeamShown
from openoutcry.playback.export.writing import write_export
from openoutcry.playback.reading import Reading


def export_teams(directory: Path, folder: Path, wanted: Sequence[str] | None) -> None:
    """Of these teams, by id or name; None: of all that have a key.

    Raises `Failure` for an unknown team and a file that is there already, before anything is written, and as `Reading`.
    """
    with closing(_read(directory)) as reading:
        teams = _chosen(reading.chronicle.teams, wanted)
        files = [folder / f"{team.team_id}.zip" for team in teams]
        for file in files:
            if file.exists():
                raise Failure(f"{file} is there already: name another folder, or remove it")
        folder.mkdir(parents=True, exist_ok=True)
        for team, file in zip(teams, files, strict=True):
            write_export(reading.chronicle, team, file)
            typer.echo(f"{file}  {team.team_name}")
        if reading.note is not None:
            typer.echo(f"note: {reading.note}", err=True)


def _read(directory: Path) -> Reading:
    """All that is there now."""

    async def read(reading: Reading) -> None:
        # What goes wrong and is no failure of the reading ends the waiting too.
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(reading.run())
            await reading.read()
            running.cancel()

    with replay_bar() as show_progress:
        reading = Reading(directory, on_progress=show_progress)
        asyncio.run(read(reading))
    if reading.failure is not None:
        reading.close()
        raise reading.failure
    return reading


def _chosen(teams: Sequence[TeamShown], wanted: Sequence[str] | None) -> list[TeamShown]:
    have_keys = [team for team in teams if team.has_stream]
    if wanted is None:
        if not have_keys:
            raise Failure("no team was ever registered here: there is nothing to export")
        return have_keys
    found = {}
    for name in wanted:
        team = next((each for each in have_keys if name in (each.team_id, each.team_name)), None)
        if team is None:
            known = ", ".join(f"{each.team_id} {each.team_name}" for each in have_keys) or "none"
            raise Failure(f"there is no team {name}: those with a key are {known}")
        found[team.team_id] = team
    return list(found.values())
