"""Compares the teams' event logs with the journal: each line must be the event that a replay gives, byte for byte."""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from openoutcry.domain.events import Event
from openoutcry.domain.identifiers import format_team_id
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.shapes import shape_of
from openoutcry.domain.types import TeamId
from openoutcry.protocol.translation import Translator
from openoutcry.runtime.streams.event_logs.folder import list_logs, log_path
from openoutcry.runtime.streams.event_logs.seal import sealed

CHUNK_BYTES: Final = 64 * 1024
"""Bytes of each log in memory at once; no file stays open, so any number of teams is possible."""


class _State(Struct):
    """By team, the last event that the journal gives, and the last one that agrees; `damaged`: the first one that does
    not.
    """

    events: int = 0
    damaged: dict[TeamId, int] = {}
    expected: dict[TeamId, int] = {}
    found: dict[TeamId, int] = {}


_SHAPE: Final = shape_of(_State)


class EventAudit:
    """A projection that finds the logs that differ from the journal."""

    name: Final = "event audit"
    shape: Final = _SHAPE

    def __init__(self, directory: Path, translator: Translator, has_key: Callable[[TeamId], bool]) -> None:
        """`has_key`: whether a team has a log at all."""
        self._directory = directory
        self._translator = translator
        self._has_key = has_key
        self._encode = msgspec.json.Encoder().encode
        self._lines: dict[TeamId, Iterator[bytes]] = {}
        self._state = _State()

    @property
    def events(self) -> int:
        """The number of events that agree."""
        return self._state.events

    @property
    def damaged(self) -> dict[TeamId, int]:
        """By team, the first event that differs in its log."""
        return self._state.damaged

    def apply(self, sequenced: Sequenced, events: list[Event]) -> None:
        """Compare the command's private events with the next lines of their logs. Raises `OSError`."""
        state = self._state
        for event in events:
            translate = self._translator.private_messages.get(type(event))
            if translate is None:
                return  # public ones come after all private ones
            team_id: TeamId = event.team_id  # type: ignore[union-attr]
            if not self._has_key(team_id):
                continue
            state.expected[team_id] = event.seq  # type: ignore[union-attr]
            line = next(self._lines_of(team_id), None)
            if line is None or team_id in state.damaged:
                continue
            if line == sealed(self._encode(translate(event, sequenced.time, sequenced.sequence))):
                state.events += 1
                state.found[team_id] = event.seq  # type: ignore[union-attr]
            else:
                state.damaged[team_id] = event.seq  # type: ignore[union-attr]

    def capture(self) -> bytes:
        return msgspec.json.encode(self._state)

    def restore(self, state: memoryview) -> None:
        self._state = msgspec.json.decode(state, type=_State)
        for team_id, expected in self._state.expected.items():
            # One line has been read for each event.
            self._lines[team_id] = islice(self._lines_of(team_id), expected, None)

    def missing(self) -> dict[TeamId, int]:
        """By team, how many events are missing at the end of its log."""
        state = self._state
        return {
            team_id: expected - state.found.get(team_id, 0)
            for team_id, expected in state.expected.items()
            if team_id not in state.damaged and state.found.get(team_id, 0) < expected
        }

    def surplus(self) -> dict[str, int]:
        """By file, how many lines it has beyond the journal. To be called once, at the end."""
        surplus = {}
        for path in list_logs(self._directory):
            team_id = next((known for known in self._lines if format_team_id(known) == path.stem), None)
            lines = _whole_lines(path) if team_id is None else self._lines[team_id]
            if team_id not in self.damaged and (count := sum(1 for _ in lines)):
                surplus[path.name] = count
        return surplus

    def _lines_of(self, team_id: TeamId) -> Iterator[bytes]:
        lines = self._lines.get(team_id)
        if lines is None:
            lines = self._lines[team_id] = _whole_lines(log_path(self._directory, team_id))
        return lines


def _whole_lines(path: Path) -> Iterator[bytes]:
    """The number of whole lines; 0 for a missing file."""
    if not path.exists():
        return
    offset = 0
    while True:
        with path.open("rb") as file:
            file.seek(offset)
            chunk = file.read(CHUNK_BYTES)
            while chunk and b"\n" not in chunk and (more := file.read(CHUNK_BYTES)):
                chunk += more
        end = chunk.rfind(b"\n") + 1
        if not end:
            return
        yield from chunk[:end].splitlines(keepends=True)
        offset += end
