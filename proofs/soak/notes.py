"""What a team was told, on disk as it comes: its private events line by line, and the verdict on each of its orders.

A soak has more events than a generator should hold in memory. The generator's own memory must stay steady.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from openoutcry.protocol.stream import PrivateMessage

REFUSED: Final = 0
UNKNOWN: Final = -1
"""The bot was killed before it was told, or its client gave up."""

_VERDICT: Final = struct.Struct("<QIq")
_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(PrivateMessage).decode


class VerdictNote(NamedTuple):
    """`asked_at_ms`: on the machine's monotonic clock. `order_id`: its number, or `REFUSED`, or `UNKNOWN`."""

    asked_at_ms: int
    latency_us: int
    order_id: int


class TeamNotes:
    """One team's two files in `directory`, new."""

    def __init__(self, directory: Path, name: str) -> None:
        self._events = events_path(directory, name).open("xb")
        self._verdicts = verdicts_path(directory, name).open("xb")
        self.last_seq = 0
        self.events = 0
        self.orders = 0

    def hear(self, message: PrivateMessage) -> None:
        self._events.write(_encode(message) + b"\n")
        self.last_seq = message.seq
        self.events += 1

    def settle(self, note: VerdictNote) -> None:
        """The verdict on the team's next order: they are numbered from 1 on, in the order in which they are sent."""
        self._verdicts.write(_VERDICT.pack(*note))
        self.orders += 1

    def close(self) -> None:
        self._events.close()
        self._verdicts.close()


def events_path(directory: Path, name: str) -> Path:
    return directory / f"{name}.events.jsonl"


def verdicts_path(directory: Path, name: str) -> Path:
    return directory / f"{name}.verdicts"


def noted_teams(directory: Path) -> list[str]:
    """The names of all teams with notes, in a fixed order."""
    return sorted(path.name.removesuffix(".verdicts") for path in directory.glob("*.verdicts"))


def read_events(directory: Path, name: str) -> Iterator[PrivateMessage]:
    with events_path(directory, name).open("rb") as lines:
        for line in lines:
            yield _decode(line)


def read_verdicts(directory: Path, name: str) -> Iterator[VerdictNote]:
    for fields in _VERDICT.iter_unpack(verdicts_path(directory, name).read_bytes()):
        yield VerdictNote(*fields)
