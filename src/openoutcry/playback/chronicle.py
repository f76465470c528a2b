"""What there is to see of an exchange: everything that was told, with the moments at which it was."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from typing import Final

from msgspec import Struct

from openoutcry.domain.types import TeamId
from openoutcry.playback.answers import no_answers
from openoutcry.playback.lines import History, after, condensed, of_books, sequence_of, up_to
from openoutcry.playback.moments import Moment, Moments
from openoutcry.playback.stretches import Lines, Stretches
from openoutcry.playback.timeline import Timeline

STRETCHES_AT_ONCE: Final = 3
"""How many a slice to play on reaches into."""


class TeamShown(Struct, frozen=True):
    """`has_stream` False: it is one of the exchange's own, which is told nothing."""

    team_id: str
    team_name: str
    role: str
    registered: Moment
    has_stream: bool


class Frame(Struct, frozen=True):
    """All that is known at a moment: `answers` as of `keyframe`, and `lines` for whoever begins with nothing."""

    moment: Moment
    keyframe: Moment
    answers: dict[str, bytes]
    lines: Lines


class Slice(Struct, frozen=True):
    """What is told after one moment, up to another. `answers`: of the newest keyframe in between, if there is one."""

    begins: Moment
    ends: Moment
    answers: dict[str, bytes] | None
    lines: Lines


class Chronicle(ABC):
    """To be read. Who derives from it fills it, in order."""

    def __init__(self, scenario: str, title: str, keyframe_seconds: int, stretches: Stretches) -> None:
        """`scenario`: its name."""
        self.scenario_name: Final = scenario
        self.title: Final = title
        self.keyframe_seconds: Final = keyframe_seconds
        self.stretches: Final = stretches
        self.moments: Final = Moments()
        self.timeline: Final = Timeline()
        self.history: Final = History()

    @property
    @abstractmethod
    def teams(self) -> Sequence[TeamShown]:
        """Whose part can be chosen, and who else is known."""

    @property
    @abstractmethod
    def is_running(self) -> bool:
        """Whether the newest session is under way at its last moment."""

    @abstractmethod
    def has_stream(self, team_id: TeamId) -> bool:
        """Whether the team could be told anything: the exchange's own cannot."""

    def frame(self, moment: Moment, team_id: TeamId | None = None, books: Collection[str] | None = None) -> Frame:
        """`books`: the instruments whose books are wanted; None: all."""
        place = self.stretches.place_of(moment.sequence)
        beginning, told = self.stretches.beginning(place, team_id), self.stretches.told(place, team_id)
        lines = [line for line in (*beginning, *told) if sequence_of(line) <= moment.sequence]
        return Frame(
            moment=moment,
            keyframe=self.stretches.moment(place),
            answers=self._answers(place, team_id),
            lines=condensed(of_books(lines, books)),
        )

    def slice(
        self, begins: Moment, ends: Moment, team_id: TeamId | None = None, books: Collection[str] | None = None
    ) -> Slice:
        """Of a long one only the beginning: its `ends` says how far it goes."""
        stretches = self.stretches
        first = stretches.place_of(begins.sequence)
        past_last = min(first + STRETCHES_AT_ONCE, len(stretches))
        if past_last < len(stretches) and stretches.moment(past_last).sequence < ends.sequence:
            ends = stretches.moment(past_last)
        newest = stretches.place_of(ends.sequence)
        lines: list[bytes] = []
        for place in range(first, min(newest + 1, past_last)):
            lines += up_to(after(stretches.told(place, team_id), begins.sequence), ends.sequence)
        return Slice(
            begins=begins,
            ends=max(begins, ends, key=lambda moment: moment.sequence),
            answers=self._answers(newest, team_id) if stretches.moment(newest).sequence > begins.sequence else None,
            lines=list(of_books(lines, books)),
        )

    def _answers(self, place: int, team_id: TeamId | None) -> dict[str, bytes]:
        return {**no_answers(team_id), **self.stretches.answers(place, team_id)}
