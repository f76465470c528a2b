"""Timers on market time, in one list."""

from bisect import insort

from openoutcry.domain.day.timers import MarketTimer
from openoutcry.domain.types import MarketTime

Entry = tuple[MarketTime, int, MarketTimer]
"""When a timer is due, its place in the order of setting, and the timer."""


class Timers:
    """Timers by when they are due; those due at one instant in the order in which they were set.

    A timer that is no longer wanted stays until it is due: what it does then is nothing, for the state has moved on.
    """

    __slots__ = ("entries", "next_place")

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        """In the order in which they come due."""
        self.next_place = 0

    def set(self, due: MarketTime, timer: MarketTimer) -> None:
        insort(self.entries, (due, self.next_place, timer))
        self.next_place += 1

    def pop_due(self, now: MarketTime) -> MarketTimer | None:
        """The first timer that is due at `now`, taken out; None if none is."""
        if not self.entries or self.entries[0][0] > now:
            return None
        return self.entries.pop(0)[2]

    def clear(self) -> None:
        self.entries.clear()

    def take(self, entries: list[Entry], next_place: int) -> None:
        """Go on with these timers, which are in order."""
        self.entries = list(entries)
        self.next_place = next_place
