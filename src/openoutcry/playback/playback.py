"""The recorded commands are given once more to an exchange in memory that does nothing by itself, and all that it tells
is kept: the same messages that participants got, made by the same code.
"""

from collections.abc import Collection
from typing import Final

from msgspec import Struct

from openoutcry.bootstrap.in_memory import open_in_memory
from openoutcry.domain.events import TeamRegistered
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import TeamId, TimestampUs
from openoutcry.lab.recorded.feed import check_same
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.playback.answers import answers_now, no_answers
from openoutcry.playback.archive import Archive
from openoutcry.playback.audience import LIMITS, Audience
from openoutcry.playback.lines import History, after, condensed, line_of, of_books, sequence_of, up_to
from openoutcry.playback.moments import BEGINNING, Moment, Moments
from openoutcry.playback.stretches import Keyframe, Lines, Stretches
from openoutcry.playback.timeline import Timeline
from openoutcry.scenarios.model import Scenario

KEYFRAME_SECONDS: Final = 60
COMMANDS_A_STRETCH: Final = 5_000
"""A stretch ends after so many market seconds or commands."""
STRETCHES_AT_ONCE: Final = 3
"""How many a slice to play on reaches into."""


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


class Playback:
    """An exchange at any moment up to the last command that it was given."""

    def __init__(
        self,
        scenario: Scenario,
        *,
        keyframe_seconds: int = KEYFRAME_SECONDS,
        commands_a_stretch: int = COMMANDS_A_STRETCH,
    ) -> None:
        self.scenario: Final = scenario
        self.keyframe_seconds: Final = keyframe_seconds
        self._commands_a_stretch = commands_a_stretch
        self._time = VirtualTime(TimestampUs(0))
        self.exchange: Final = open_in_memory(
            scenario, loop=self._time, clock=self._time, stream_limits=LIMITS, runs_itself=False
        )
        self.moments: Final = Moments()
        self.timeline: Final = Timeline(self.exchange.sequencer.queries)
        self.history: Final = History()
        self.registered: Final[dict[TeamId, Moment]] = {}
        """When each team was registered."""
        self._archive = Archive()
        self._stretches = Stretches(self._archive)
        self._heard: list[tuple[TeamId | None, list[bytes]]] = []
        self._audience = Audience(self.exchange, lambda team_id, messages: self._heard.append((team_id, messages)))
        self._time.run()
        self._heard.clear()  # the keyframe says it too
        self._begin_stretch(BEGINNING)

    def close(self) -> None:
        self.exchange.close()
        self._archive.close()

    @property
    def kept_bytes(self) -> int:
        """On the disk of temporary files."""
        return self._archive.size_bytes

    def has_stream(self, team_id: TeamId) -> bool:
        """Whether the team could be told anything: the exchange's own cannot."""
        return team_id in self._audience.teams

    # ---- what is recorded

    def take(self, record: Sequenced) -> None:
        """Give it the next command. Raises `FedOtherwise` if it is not judged as it was."""
        self._time.pass_until(record.time)
        fed, events = self.exchange.sequencer.perform(record.command)
        check_same(record, fed)
        moment = self.moments.note(fed, self.exchange.sequencer.queries)
        self.timeline.note(moment, fed.time, events)
        self._time.run()
        for team_id, messages in self._heard:
            for message in messages:
                line = line_of(moment, message)
                self._stretches.tell(team_id, line)
                self.history.note(team_id, message, line)
        self._heard.clear()
        for event in events:
            if type(event) is TeamRegistered:
                self.registered[event.new_team_id] = moment
                for team_id in self._audience.seat_new_teams():
                    self._stretches.join(team_id, line_of(moment, self._audience.welcome(team_id)))
        if self._is_due(moment):
            self._begin_stretch(moment)

    def _is_due(self, moment: Moment) -> bool:
        newest = self._stretches.newest
        return (
            moment.session != newest.session
            or moment.ms - newest.ms >= self.keyframe_seconds * 1_000
            or moment.sequence - newest.sequence >= self._commands_a_stretch
        )

    def _begin_stretch(self, moment: Moment) -> None:
        audience, exchange = self._audience, self.exchange
        beginning: dict[TeamId | None, Lines] = {None: [line_of(moment, each) for each in audience.beginning()]}
        answers: dict[TeamId | None, dict[str, bytes]] = {None: answers_now(exchange, None)}
        for team_id in audience.teams:
            beginning[team_id] = [line_of(moment, audience.welcome(team_id))]
            answers[team_id] = answers_now(exchange, team_id)
        self._stretches.begin(Keyframe(moment, beginning, answers))

    # ---- what is asked

    def frame(self, moment: Moment, team_id: TeamId | None = None, books: Collection[str] | None = None) -> Frame:
        """`books`: the instruments whose books are wanted; None: all."""
        place = self._stretches.place_of(moment.sequence)
        beginning, told = self._stretches.beginning(place, team_id), self._stretches.told(place, team_id)
        lines = [line for line in (*beginning, *told) if sequence_of(line) <= moment.sequence]
        return Frame(
            moment=moment,
            keyframe=self._stretches.moment(place),
            answers=self._answers(place, team_id),
            lines=condensed(of_books(lines, books)),
        )

    def slice(
        self, begins: Moment, ends: Moment, team_id: TeamId | None = None, books: Collection[str] | None = None
    ) -> Slice:
        """Of a long one only the beginning: its `ends` says how far it goes."""
        stretches = self._stretches
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
        return {**no_answers(team_id), **self._stretches.answers(place, team_id)}
