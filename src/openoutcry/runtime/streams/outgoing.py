"""Each connection with new messages is written to once in a turn of the loop, with all messages of that turn."""

from collections.abc import Callable
from typing import Protocol


class Speaker(Protocol):
    def write_out(self) -> None:
        """Write the waiting messages, as far as they may be written now."""


class Outgoing:
    """Collects speakers during a turn of the loop, and has them write at its end, in the order in which they came."""

    def __init__(self, call_soon: Callable[[Callable[[], None]], object]) -> None:
        self._call_soon = call_soon
        self._speakers: list[Speaker] = []

    def add(self, speaker: Speaker) -> None:
        """Have `speaker` write at the end of this turn. To be added once until then."""
        if not self._speakers:
            self._call_soon(self.write)
        self._speakers.append(speaker)

    def write(self) -> None:
        """Have all write now: at the end of the turn, or earlier if no more messages are expected."""
        speakers, self._speakers = self._speakers, []
        for speaker in speakers:
            speaker.write_out()
