"""A bound on how often something is told: in between, only the newest waits."""

from collections.abc import Callable
from typing import Final

from openoutcry.runtime.sequencing.timers import CallLater

SECOND_US: Final = 1_000_000


class Pace:
    """For each name at most `per_second` calls a second, evenly apart. One that comes too early waits for its turn;
    another of that name takes its place.
    """

    def __init__(self, per_second: int, elapsed: Callable[[], int], call_later: CallLater) -> None:
        """`elapsed`: microseconds of a clock that is never set."""
        self._interval = SECOND_US // per_second
        self._elapsed = elapsed
        self._call_later = call_later
        self._may_speak_from: dict[str, int] = {}
        self._waiting: dict[str, Callable[[], None]] = {}

    def tell(self, name: str, say: Callable[[], None]) -> None:
        """Call `say` now if it is this name's turn, else when it is."""
        if name in self._waiting:
            self._waiting[name] = say
            return
        early = self._may_speak_from.get(name, 0) - self._elapsed()
        if early <= 0:
            self._say(name, say)
        else:
            self._waiting[name] = say
            self._call_later(early / SECOND_US, lambda: self._say(name, self._waiting.pop(name)))

    def _say(self, name: str, say: Callable[[], None]) -> None:
        self._may_speak_from[name] = self._elapsed() + self._interval
        say()
