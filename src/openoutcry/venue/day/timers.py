"""One heap of timers on market time."""

from heapq import heapify, heappop, heappush

from openoutcry.domain.timers import MarketTimer
from openoutcry.domain.types import MarketTime

Entry = tuple[MarketTime, int, MarketTimer]
"""When a timer is due, its place in the order of setting, and the timer."""


class Timers:
    """Timers by when they are due; those due at one instant in the order in which they were set.

    A timer that is no longer wanted stays until it is due: what it does then is nothing, for the state has moved on.
    """

    __slots__ = ("heap", "next_place")

    def __init__(self) -> None:
        self.heap: list[Entry] = []
        self.next_place = 0

    def set(self, due: MarketTime, timer: MarketTimer) -> None:
        heappush(self.heap, (due, self.next_place, timer))
        self.next_place += 1

    def pop_due(self, now: MarketTime) -> MarketTimer | None:
        """The first timer that is due at `now`, taken out; None if none is."""
        if not self.heap or self.heap[0][0] > now:
            return None
        return heappop(self.heap)[2]

    def clear(self) -> None:
        self.heap.clear()

    def entries(self) -> list[Entry]:
        """All of them, in the order in which they come due."""
        return sorted(self.heap, key=_due_then_place)

    def take(self, entries: list[Entry], next_place: int) -> None:
        """Go on with these timers."""
        self.heap = list(entries)
        heapify(self.heap)
        self.next_place = next_place


def _due_then_place(entry: Entry) -> tuple[int, int]:
    return entry[0], entry[1]
