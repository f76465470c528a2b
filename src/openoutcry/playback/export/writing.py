"""Writes what one team could know: what everybody was told, and what the team was. No other team's part is in it, and
nothing that only organisers are told.
"""

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
from msgspec import Raw

from openoutcry.domain.identifiers import parse_team_id
from openoutcry.domain.types import TeamId
from openoutcry.playback.answers import OF_ORGANISER
from openoutcry.playback.chronicle import Chronicle, TeamShown
from openoutcry.playback.export.format import (
    CONTENTS,
    FORMAT,
    Contents,
    ShownOfSession,
    StretchKept,
    Told,
    stretch_name,
)
from openoutcry.playback.timeline import Mark

_ABOUT_ONE_TEAM = frozenset({"sanction", "suspension"})
"""Marks of these kinds are told to that team alone."""


def write_export(chronicle: Chronicle, team: TeamShown, file: Path) -> None:
    """Write the team's part of the chronicle, as far as it goes, to a file that is not there yet.

    Raises `FileExistsError`, `OSError`.
    """
    team_id = parse_team_id(team.team_id)
    with file.open("xb") as stream:
        try:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(CONTENTS, msgspec.json.encode(_contents(chronicle, team)))
                for place in range(len(chronicle.stretches)):
                    archive.writestr(stretch_name(place), msgspec.json.encode(_stretch(chronicle, place, team_id)))
        except BaseException:
            file.unlink()  # a part of an export would look like one
            raise


def _contents(chronicle: Chronicle, team: TeamShown) -> Contents:
    timeline = chronicle.timeline
    sessions = chronicle.moments.saved()
    return Contents(
        format=FORMAT,
        scenario=chronicle.scenario_name,
        title=chronicle.title,
        keyframe_seconds=chronicle.keyframe_seconds,
        team=team,
        is_running=chronicle.is_running,
        moments=sessions,
        marks=[mark for mark in timeline.marks if _may_know(team, mark)],
        prices_count=timeline.prices_count,
        timeline=[
            ShownOfSession(each.number, timeline.prices(each.number, 0), timeline.largest_trades(each.number))
            for each in sessions
        ],
        stretches=len(chronicle.stretches),
    )


def _may_know(team: TeamShown, mark: Mark) -> bool:
    return mark.kind not in _ABOUT_ONE_TEAM or mark.team_id == team.team_id


def _stretch(chronicle: Chronicle, place: int, team_id: TeamId) -> StretchKept:
    stretches = chronicle.stretches
    to_team = stretches.answers_to(place, team_id)
    return StretchKept(
        moment=stretches.moment(place),
        beginning=Told(_raw(stretches.beginning_of(place, None)), _raw(stretches.beginning_of(place, team_id))),
        answers_to_everybody=_raw_answers(
            {route: data for route, data in stretches.answers_to(place, None).items() if route not in OF_ORGANISER}
        ),
        answers_to_team=_raw_answers(to_team) if to_team else None,
        told=Told(_raw(stretches.told_to(place, None)), _raw(stretches.told_to(place, team_id))),
    )


def _raw(lines: Iterable[bytes]) -> list[Raw]:
    return [Raw(line) for line in lines]


def _raw_answers(answers: Mapping[str, bytes]) -> dict[str, Raw]:
    return {route: Raw(data) for route, data in answers.items()}
