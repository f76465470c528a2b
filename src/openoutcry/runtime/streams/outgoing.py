"""Who has something to say is written to once a turn of the loop, with all that the turn brought it."""

from collections.abc import Callable
from typing import Protocol


class Speaker(Protocol):
    def write_out(self) -> None:
        """Write what there is to say, as far as it may be written now."""


class Outgoing:
    """Collects speakers while a turn of the loop runs, and has them write at its end, in the order they came."""

    def __init__(self, call_soon: Callable[[Callable[[], None]], object]) -> None:
        self._call_soon = call_soon
        self._speakers: list[Speaker] = []

    def add(self, speaker: Speaker) -> None:
        """Have `speaker` write when all has run that is to run now. To be added once until then."""
        if not self._speakers:
            self._call_soon(self.write)
        self._speakers.append(speaker)

    def write(self) -> None:
        """Have all write now: the end of the turn, or a moment before it at which nothing more is expected."""
        speakers, self._speakers = self._speakers, []
        for speaker in speakers:
            speaker.write_out()
