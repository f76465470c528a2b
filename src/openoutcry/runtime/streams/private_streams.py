"""Every team's private stream: its events encoded once, for all readers, and kept for later ones.

A team without a key has none, because no client could read it.
"""

from collections.abc import Callable, Mapping
from typing import Final

import structlog

from openoutcry.domain.events import Event
from openoutcry.domain.identifiers import format_team_id
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import TeamId
from openoutcry.protocol.translation import Translator
from openoutcry.runtime.sequencing.unavailable import Unavailable
from openoutcry.runtime.streams.event_logs.folder import EventLogs
from openoutcry.runtime.streams.exact_json import exact_encoder
from openoutcry.runtime.streams.limits import DEFAULT_LIMITS, StreamLimits
from openoutcry.runtime.streams.team_stream import TeamStream

_log: Final = structlog.get_logger()


class EventLogDamaged(Exception):  # noqa: N818 - what is wrong, named
    """A team's event log does not fit the journal; the text says what to do."""

    def __init__(self, team_id: TeamId, found: int, expected: int) -> None:
        super().__init__(
            f"the event log of {format_team_id(team_id)} ends with event {found} where the journal has {expected}:"
            " move the folder of event logs (events) out of the data directory and start again, which makes them anew"
        )


class PrivateStreams:
    """The streams of all teams that have a key, each over its event log."""

    def __init__(
        self,
        translator: Translator,
        event_logs: EventLogs | None,
        has_key: Callable[[TeamId], bool],
        limits: StreamLimits = DEFAULT_LIMITS,
    ) -> None:
        """`event_logs`: None if nothing is on disk. `has_key` is called once for each team, at its first event."""
        self._messages = translator.private_messages
        self._event_logs = event_logs
        self._limits = limits
        self._max_unwritten_bytes = limits.max_unwritten_bytes
        self._encode = exact_encoder()
        self._has_key = has_key
        self._streams: dict[TeamId, TeamStream] = {}
        self._without_key: set[TeamId] = set()
        # During a recovery: the last event of each stream that it met.
        self._caught_up: dict[TeamId, int] = {}

    def of_team(self, team_id: TeamId) -> TeamStream:
        """The team's stream, opened at first use. Raises `OSError`."""
        stream = self._streams.get(team_id)
        if stream is None:
            log = None if self._event_logs is None else self._event_logs.of_team(team_id)
            stream = self._streams[team_id] = TeamStream(log, self._limits)
        return stream

    def add(self, sequenced: Sequenced, events: list[Event]) -> int:
        """Add a command's private events, which come first among `events`, to their teams' streams; their number.

        Raises `AssertionError` on a gap in a stream.
        """
        time, sequence = sequenced.time, sequenced.sequence
        messages, streams, encode, without_key = self._messages, self._streams, self._encode, self._without_key
        added = 0
        for event in events:
            message_of = messages.get(type(event))
            if message_of is None:
                break
            team_id: TeamId = event.team_id  # type: ignore[union-attr]
            added += 1
            stream = streams.get(team_id)
            if stream is None:
                if team_id in without_key:
                    continue
                stream = self._first_of(team_id)
                if stream is None:
                    continue
            stream.append(event.seq, encode(message_of(event, time, sequence)))  # type: ignore[union-attr]
        return added

    def _first_of(self, team_id: TeamId) -> TeamStream | None:
        """The stream of a team without events so far; None for a team without a key."""
        if team_id in self._without_key:
            return None
        if self._has_key(team_id):
            return self.of_team(team_id)
        self._without_key.add(team_id)
        return None

    # ---- recovery --------------------------------------------------------------------------------------------

    def catch_up(self, sequenced: Sequenced, events: list[Event]) -> None:
        """In place of `add` during a replay: add the missing events to the streams. There are no readers yet.

        Raises `OSError`, `EventLogDamaged`.
        """
        if self._event_logs is not None and self._event_logs.unwritten_bytes >= self._max_unwritten_bytes:
            self._event_logs.flush()
        for event in events:
            message_of = self._messages.get(type(event))
            if message_of is None:
                return  # public ones come after all private ones
            team_id, seq = event.team_id, event.seq  # type: ignore[union-attr]
            last_seq = self._caught_up.get(team_id)
            if last_seq is None:
                stream = self._first_of(team_id)
                if stream is None:
                    continue
                last_seq = self._caught_up[team_id] = stream.last_seq
            if seq > last_seq:
                if seq != last_seq + 1:
                    raise EventLogDamaged(team_id, last_seq, seq - 1)
                message = message_of(event, sequenced.time, sequenced.sequence)
                self._streams[team_id].append(seq, self._encode(message))
                self._caught_up[team_id] = seq

    def finish_recovery(self, last_seqs: Mapping[TeamId, int]) -> None:
        """Make the streams agree with the recovered venue. `last_seqs`: the last event of every team that has a stream.

        After a loss of power the event logs may hold events that the journal lost. They are cut off here, before any
        new event can take their place. Raises `OSError`, `EventLogDamaged`.
        """
        self._caught_up.clear()
        if self._event_logs is not None:
            self._event_logs.remove_strangers(set(last_seqs))
        for team_id, last_seq in last_seqs.items():
            stream = self.of_team(team_id)
            stream.truncate(last_seq)
            if stream.last_seq != last_seq:
                raise EventLogDamaged(team_id, stream.last_seq, last_seq)

    # ---- the disk --------------------------------------------------------------------------------------------

    def check_room(self) -> None:
        """Raises `Unavailable` while no more events can be kept: the disk refuses them, and too many wait in memory."""
        if self._event_logs is not None and self._event_logs.unwritten_bytes >= self._max_unwritten_bytes:
            raise Unavailable(
                f"{self.trouble}, and no more may; the exchange goes on by itself when the disk takes them"
            )

    @property
    def trouble(self) -> str | None:
        """Why events that should be on disk are not. None of them is lost."""
        logs = self._event_logs
        refusal = None if logs is None else logs.refusal
        if logs is None or refusal is None:
            return None
        return (
            f"the disk does not take the teams' events ({refusal.strerror or refusal}):"
            f" {logs.unwritten_bytes} bytes of them wait in memory"
        )

    @property
    def log_bytes(self) -> int:
        """The size of all event logs on the disk."""
        return 0 if self._event_logs is None else self._event_logs.size_bytes

    @property
    def unwritten_bytes(self) -> int:
        """The size of events that wait in memory for their log."""
        return 0 if self._event_logs is None else self._event_logs.unwritten_bytes

    def close(self) -> None:
        """Write the event logs out, as far as the disk takes them; the next start makes the rest from the journal."""
        try:
            if self._event_logs is not None:
                self._event_logs.flush()
        except OSError as error:
            _log.warning("not all events could be written; the next start makes them again", reason=str(error))
