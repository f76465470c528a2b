"""When each command was written to the journal, by the clock that cannot be set; stamps do not tell that."""

from pathlib import Path
from typing import Final

import msgspec

from openoutcry.domain.sequenced import Sequenced
from openoutcry.journal.framing import whole_frames
from openoutcry.journal.records import JournalEntry
from proofs.chaos.machine.clock import SimulatedClock

_decode: Final = msgspec.msgpack.Decoder[JournalEntry](JournalEntry).decode


class Moments:
    """All in microseconds of `SimulatedClock.elapsed`."""

    def __init__(self, clock: SimulatedClock) -> None:
        self.of: dict[int, int] = {}
        """By sequence: when the command that has it now was written."""
        self.refusals: list[int] = []
        """When the disk did not take something that was to be written."""
        self.starts: list[int] = []
        """When the operator tried to start the exchange."""
        self._clock = clock

    def started(self) -> None:
        self.starts.append(self._clock.elapsed())

    def refused(self) -> None:
        self.refusals.append(self._clock.elapsed())

    def written(self, path: Path, data: bytes) -> None:
        """The disk took this, at the end of the file."""
        if path.suffix not in (".segment", ".provisional"):
            return
        for _, payload in whole_frames(memoryview(data), 0):
            entry = _decode(payload)
            if isinstance(entry, Sequenced):
                self.of[entry.sequence] = self._clock.elapsed()
