"""The day's part of the venue's state."""

from collections import deque

from openoutcry.domain.commands import PhaseAt
from openoutcry.domain.tasks import Task
from openoutcry.domain.types import MarketTime
from openoutcry.venue.day.timers import Timers

DEFAULT_SPEED: int = 1_000
"""Of market time, in thousandths of wall time."""


class Day:
    """The session under way, or the last one. `market_time` None: there was none yet, and market time is wall time."""

    __slots__ = (
        "begun",
        "is_running",
        "market_time",
        "random_word",
        "session_date",
        "speed",
        "tasks",
        "timers",
        "timetable",
        "underlyings",
        "utc_offset",
    )

    def __init__(self) -> None:
        self.is_running = False
        """Whether ticks move market time: from a session's start to its end."""
        self.session_date: str | None = None
        self.market_time: MarketTime | None = None
        self.utc_offset = 0
        """Seconds, of the session's time zone on its date."""
        self.timetable: tuple[PhaseAt, ...] = ()
        self.speed = DEFAULT_SPEED
        self.random_word = 0
        self.underlyings: dict[str, int] = {}
        """Prices of underlyings by the newest marks, in 1e-4."""
        self.timers = Timers()
        self.tasks: deque[Task] = deque()
        self.begun: list[Task] = []
        """Tasks that the command under way has begun and that are not among `tasks` yet."""

    def batch_instant(self, number: int, interval_seconds: int) -> MarketTime:
        """When the session's batch auction of this number is due."""
        return MarketTime(self.timetable[0].at + number * interval_seconds)

    def begin(self, task: Task) -> None:
        """Queue a task before those that wait already, behind those begun by the same step or command."""
        self.begun.append(task)
