"""The recorded commands are given once more to an exchange in memory that does nothing by itself, and all that it tells
is kept: the same messages that participants got, made by the same code.
"""

from typing import Final

from openoutcry.bootstrap.in_memory import open_in_memory
from openoutcry.domain.events import TeamRegistered
from openoutcry.domain.identifiers import format_team_id
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import TeamId, TimestampUs
from openoutcry.lab.recorded.feed import check_same
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.playback.answers import answers_now
from openoutcry.playback.archive import Archive
from openoutcry.playback.audience import LIMITS, Audience
from openoutcry.playback.chronicle import Chronicle, TeamShown
from openoutcry.playback.lines import line_of
from openoutcry.playback.marking import Marking
from openoutcry.playback.moments import BEGINNING, Moment
from openoutcry.playback.stretches import Keyframe, Lines, Stretches
from openoutcry.scenarios.model import Scenario

KEYFRAME_SECONDS: Final = 60
COMMANDS_A_STRETCH: Final = 5_000
"""A stretch ends after so many market seconds or commands."""


class Playback(Chronicle):
    """An exchange at any moment up to the last command that it was given."""

    def __init__(
        self,
        scenario: Scenario,
        *,
        keyframe_seconds: int = KEYFRAME_SECONDS,
        commands_a_stretch: int = COMMANDS_A_STRETCH,
    ) -> None:
        self._archive = Archive()
        super().__init__(scenario.name, scenario.title, keyframe_seconds, Stretches(self._archive))
        self.scenario: Final = scenario
        self._commands_a_stretch = commands_a_stretch
        self._time = VirtualTime(TimestampUs(0))
        self.exchange: Final = open_in_memory(
            scenario, loop=self._time, clock=self._time, stream_limits=LIMITS, runs_itself=False
        )
        self._queries = self.exchange.sequencer.queries
        self._marking = Marking(self.timeline, self._queries, self.exchange.translator.trade)
        self._registered: dict[TeamId, Moment] = {}
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

    @property
    def teams(self) -> list[TeamShown]:
        return [
            TeamShown(
                format_team_id(team.team_id),
                team.team_name,
                team.role,
                self._registered[team.team_id],
                self.has_stream(team.team_id),
            )
            for team in self._queries.teams()
        ]

    @property
    def is_running(self) -> bool:
        return self._queries.day().is_running

    def has_stream(self, team_id: TeamId) -> bool:
        return team_id in self._audience.teams

    # ---- what is recorded

    def take(self, record: Sequenced) -> None:
        """Give it the next command. Raises `FedOtherwise` if it is not judged as it was."""
        self._time.pass_until(record.time)
        fed, events = self.exchange.sequencer.perform(record.command)
        check_same(record, fed)
        moment = self.moments.note(fed, self._queries)
        self._marking.note(moment, fed.time, events)
        self._time.run()
        for team_id, messages in self._heard:
            for message in messages:
                line = line_of(moment, message)
                self.stretches.tell(team_id, line)
                self.history.note(team_id, message, line)
        self._heard.clear()
        for event in events:
            if type(event) is TeamRegistered:
                self._registered[event.new_team_id] = moment
                for team_id in self._audience.seat_new_teams():
                    self.stretches.join(team_id, line_of(moment, self._audience.welcome(team_id)))
        if self._is_due(moment):
            self._begin_stretch(moment)

    def _is_due(self, moment: Moment) -> bool:
        newest = self.stretches.newest
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
        self.stretches.begin(Keyframe(moment, beginning, answers))
