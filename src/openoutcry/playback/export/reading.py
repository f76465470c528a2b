"""Reads a team's export into a chronicle."""

import zipfile
import zlib
from pathlib import Path
from typing import Final

import msgspec

from openoutcry.domain.identifiers import parse_team_id
from openoutcry.domain.types import Sequence, TeamId
from openoutcry.playback.archive import Archive
from openoutcry.playback.chronicle import Chronicle, TeamShown
from openoutcry.playback.export.format import CONTENTS, FORMAT, Contents, StretchKept, Told, stretch_name
from openoutcry.playback.lines import message_of
from openoutcry.playback.moments import Moment
from openoutcry.playback.source import State
from openoutcry.playback.stretches import Keyframe, Stretches


class NoExport(Exception):  # noqa: N818 - named for what it means
    """The file is no team's export, or none that this version reads; the text says which."""


class TeamChronicle(Chronicle):
    """Of one team."""

    def __init__(self, contents: Contents, stretches: Stretches) -> None:
        super().__init__(contents.scenario, contents.title, contents.keyframe_seconds, stretches)
        self._contents: Final = contents
        self._team_id: Final = parse_team_id(contents.team.team_id)
        self.moments.restore(contents.moments)
        timeline = self.timeline
        timeline.marks.extend(contents.marks)
        timeline.prices_count = contents.prices_count
        for each in contents.timeline:
            for symbol, points in each.prices.items():
                for ms, price, sequence in zip(points.ms, points.price, points.sequence, strict=True):
                    timeline.note_price(symbol, Moment(each.session, ms, Sequence(sequence)), price)
            for rank, trade in enumerate(each.largest_trades):
                timeline.note_large_trade(-rank, trade)

    @property
    def teams(self) -> list[TeamShown]:
        return [self._contents.team]

    @property
    def is_running(self) -> bool:
        return self._contents.is_running

    def has_stream(self, team_id: TeamId) -> bool:
        return team_id == self._team_id

    def take(self, kept: StretchKept) -> None:
        """The next stretch."""
        team_id = self._team_id
        answers: dict[TeamId | None, dict[str, bytes]] = {None: _bytes(kept.answers_to_everybody)}
        if kept.answers_to_team is not None:
            answers[team_id] = _bytes(kept.answers_to_team)
        beginning = {whose: lines for whose, lines in _by_reader(kept.beginning, team_id) if lines or whose is None}
        self.stretches.begin(Keyframe(kept.moment, beginning, answers))
        for whose, lines in _by_reader(kept.told, team_id):
            for line in lines:
                self.stretches.tell(whose, line)
                self.history.note(whose, message_of(line), line)


class ExportReading:
    """An export that was read."""

    state: State = "complete"
    problem: str | None = None
    note: str | None = None

    def __init__(self, file: Path) -> None:
        """Raises `NoExport`, `OSError`."""
        self.name: Final = file.name
        self._archive = Archive()
        try:
            self.chronicle: Final = _read(file, Stretches(self._archive))
        except BaseException:
            self._archive.close()
            raise
        size = file.stat().st_size
        self.progress: Final = {
            "commands": self.chronicle.moments.last.sequence,
            "bytes": size,
            "of_bytes": size,
        }

    async def run(self) -> None:
        """Nothing more comes."""

    async def read(self) -> None:
        """All of it is."""

    def close(self) -> None:
        self._archive.close()


def _read(file: Path, stretches: Stretches) -> TeamChronicle:
    try:
        with zipfile.ZipFile(file) as archive:
            contents = msgspec.json.decode(archive.read(CONTENTS), type=Contents)
            if contents.format != FORMAT:
                raise NoExport(
                    f"{file} is an export of format {contents.format}, and this version reads format {FORMAT}: read it"
                    " with the version that wrote it"
                )
            chronicle = TeamChronicle(contents, stretches)
            for place in range(contents.stretches):
                chronicle.take(msgspec.json.decode(archive.read(stretch_name(place)), type=StretchKept))
            return chronicle
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, msgspec.MsgspecError, ValueError) as error:
        raise NoExport(
            f"{file} is no export of a team, or is damaged ({error}): name a data directory, or a file that"
            " `openoutcry view DIRECTORY --export FOLDER` has written"
        ) from error


def _bytes(answers: "dict[str, msgspec.Raw]") -> dict[str, bytes]:
    return {route: bytes(data) for route, data in answers.items()}


def _by_reader(told: Told, team_id: TeamId) -> "list[tuple[TeamId | None, list[bytes]]]":
    return [(None, [bytes(line) for line in told.everybody]), (team_id, [bytes(line) for line in told.team])]
