"""Which timer is next, in elapsed time. The cost of a timer hardly depends on the number of timers."""

from heapq import heapify, heappop, heappush
from typing import Final

from openoutcry.domain.types import ConnectionId, TeamId

Timer = tuple[TeamId, ConnectionId | None]
"""A team's dead-man timer (None), or that of a connection that it has lost."""

MOST_STALE: Final = 64
"""Stale places in the queue, beyond the number of timers, after which the queue is made again."""


class TimerSchedule:
    """Timers by their deadline, in microseconds of `Clock.elapsed`; equal ones in the order in which they were set.

    A renewal leaves the timer's old place in the queue: when that comes up, the timer is queued again.
    """

    def __init__(self) -> None:
        self._deadlines: dict[Timer, int] = {}
        # By timer, its first place in the queue.
        self._queued: dict[Timer, int] = {}
        self._queue: list[tuple[int, int, Timer]] = []
        self._count = 0

    def __len__(self) -> int:
        return len(self._deadlines)

    def set(self, timer: Timer, deadline: int) -> None:
        """Set or renew the timer."""
        self._deadlines[timer] = deadline
        queued = self._queued.get(timer)
        if queued is None or deadline < queued:
            self._put(timer, deadline)

    def cancel(self, timer: Timer) -> None:
        """Forget the timer, if there is one."""
        self._deadlines.pop(timer, None)

    def next(self) -> tuple[Timer, int] | None:
        """The timer that is due first, and its deadline; None if none is set."""
        while self._queue:
            queued, _, timer = self._queue[0]
            deadline = self._deadlines.get(timer)
            if queued == deadline:
                return timer, deadline
            heappop(self._queue)
            if self._queued.get(timer) == queued:
                del self._queued[timer]
                if deadline is not None:
                    self._put(timer, deadline)
        return None

    def _put(self, timer: Timer, deadline: int) -> None:
        self._queued[timer] = deadline
        self._count += 1
        heappush(self._queue, (deadline, self._count, timer))
        if len(self._queue) > 2 * len(self._deadlines) + MOST_STALE:
            self._make_anew()

    def _make_anew(self) -> None:
        in_order = sorted(self._queue)
        self._queue.clear()
        self._queued.clear()
        for _, count, timer in in_order:
            deadline = self._deadlines.get(timer)
            if deadline is not None and timer not in self._queued:
                self._queued[timer] = deadline
                self._queue.append((deadline, count, timer))
        heapify(self._queue)
