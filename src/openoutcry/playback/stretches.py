"""What was told, in stretches of market time. Each begins with a keyframe: what somebody would be told who connects
there, and what the exchange would answer. So any moment is a keyframe and the messages since.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from openoutcry.domain.types import TeamId
from openoutcry.playback.archive import Archive, Place
from openoutcry.playback.lines import sequence_of
from openoutcry.playback.moments import Moment

_END_OF_LINE: Final = b"\n"

Lines = Sequence[bytes]
"""Messages with their moments, in order."""


class Keyframe(Struct, frozen=True):
    """`beginning`, `answers`: by team; None for what everybody gets. Answers by route."""

    moment: Moment
    beginning: Mapping[TeamId | None, Lines]
    answers: Mapping[TeamId | None, Mapping[str, bytes]]


class _Stretch(Struct):
    """All is in the archive, except, of the newest stretch, what is told in it."""

    moment: Moment
    beginning: dict[TeamId | None, Place]
    answers: dict[TeamId | None, dict[str, Place]]
    told: dict[TeamId | None, Place]


class Stretches:
    """From the first command on."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._stretches: list[_Stretch] = []
        self._told: defaultdict[TeamId | None, list[bytes]] = defaultdict(list)

    @property
    def newest(self) -> Moment:
        """Where the newest begins."""
        return self._stretches[-1].moment

    def begin(self, keyframe: Keyframe) -> None:
        """The newest ends, and the next begins here."""
        archive = self._archive
        if self._stretches:
            self._stretches[-1].told = {
                team_id: archive.put(_END_OF_LINE.join(lines)) for team_id, lines in self._told.items()
            }
            self._told.clear()
        beginning = {team_id: archive.put(_END_OF_LINE.join(lines)) for team_id, lines in keyframe.beginning.items()}
        answers = {
            team_id: {route: archive.put_if_changed(f"{route} {team_id}", data) for route, data in answers.items()}
            for team_id, answers in keyframe.answers.items()
        }
        self._stretches.append(_Stretch(keyframe.moment, beginning, answers, {}))

    def join(self, team_id: TeamId, line: bytes) -> None:
        """The team is there from now on: the newest stretch begins with this for it."""
        self._stretches[-1].beginning[team_id] = self._archive.put(line)

    def tell(self, team_id: TeamId | None, line: bytes) -> None:
        self._told[team_id].append(line)

    def place_of(self, sequence: int) -> int:
        """Which stretch begins last before this command, or with it."""
        return max(bisect_right(self._stretches, sequence, key=lambda each: each.moment.sequence) - 1, 0)

    def __len__(self) -> int:
        return len(self._stretches)

    def moment(self, place: int) -> Moment:
        """Where this stretch begins."""
        return self._stretches[place].moment

    def beginning(self, place: int, team_id: TeamId | None) -> Lines:
        """What a newcomer is told there, who is of this team, or of none: what only the team is told comes first."""
        return [line for whose in _readers(team_id) for line in self.beginning_of(place, whose)]

    def beginning_of(self, place: int, whose: TeamId | None) -> Lines:
        """Of that, what this team alone is told; None: what everybody is."""
        kept = self._stretches[place].beginning.get(whose)
        return [] if kept is None else self._lines(kept)

    def answers(self, place: int, team_id: TeamId | None) -> dict[str, bytes]:
        """By route."""
        return {route: data for whose in _readers(team_id) for route, data in self.answers_to(place, whose).items()}

    def answers_to(self, place: int, whose: TeamId | None) -> dict[str, bytes]:
        """Of these, those to this team alone; None: those to everybody."""
        places = self._stretches[place].answers.get(whose, {})
        return {route: self._archive.get(where) for route, where in places.items()}

    def told(self, place: int, team_id: TeamId | None) -> Lines:
        """All messages of the stretch, to this team and to everybody: of each command those to the team come first."""
        lines = [line for whose in _readers(team_id) for line in self.told_to(place, whose)]
        if team_id is not None:
            lines.sort(key=sequence_of)
        return lines

    def told_to(self, place: int, team_id: TeamId | None) -> Lines:
        """Of these, those to this team alone; None: those to everybody."""
        if place == len(self._stretches) - 1:
            return self._told.get(team_id, [])
        kept = self._stretches[place].told.get(team_id)
        return [] if kept is None else self._lines(kept)

    def _lines(self, place: Place) -> Lines:
        data = self._archive.get(place)
        return data.split(_END_OF_LINE) if data else []


def _readers(team_id: TeamId | None) -> tuple[TeamId | None, ...]:
    return (None,) if team_id is None else (team_id, None)
