"""The day's part of the venue's state."""

from collections import deque

from openoutcry.domain.commands import PhaseAt
from openoutcry.domain.day.phases import PHASE_RULES, Phase
from openoutcry.domain.day.tasks import Task
from openoutcry.domain.simulation.headlines import NewsEffect
from openoutcry.domain.types import MarketTime, TimestampUs
from openoutcry.venue.state.day.timers import Timers

DEFAULT_SPEED: int = 1_000
"""Of market time, in thousandths of wall time."""


class Day:
    """The session under way, or the last one. `market_time` None: there was none yet, and market time is wall time."""

    __slots__ = (
        "begun",
        "breaker_halts",
        "effects",
        "is_running",
        "last_news",
        "market_time",
        "phases_begun",
        "planned_start",
        "random_word",
        "session_date",
        "speed",
        "tasks",
        "timers",
        "timetable",
        "underlyings",
        "utc_offset",
        "watched",
    )

    def __init__(self) -> None:
        self.is_running = False
        """Whether ticks move market time: from a session's start to its end."""
        self.planned_start: TimestampUs | None = None
        """When the next session is to start, in wall time."""
        self.session_date: str | None = None
        self.market_time: MarketTime | None = None
        self.utc_offset = 0
        """Seconds, of the session's time zone on its date."""
        self.timetable: tuple[PhaseAt, ...] = ()
        self.speed = DEFAULT_SPEED
        self.random_word = 0
        self.underlyings: dict[str, int] = {}
        """Prices of underlyings by the newest marks, in 1e-4."""
        self.last_news: MarketTime | None = None
        """When news was last published."""
        self.effects: list[tuple[MarketTime, NewsEffect]] = []
        """What the organiser's news of this session do to the simulated market, with the market time of each."""
        self.watched: deque[tuple[MarketTime, int]] = deque()
        """Prices of the circuit breaker's underlying: the last one that its window has passed, and those since."""
        self.breaker_halts = 0
        """How often the breaker has halted this session."""
        self.phases_begun = 0
        """Phases of sessions, ever; the number of the present one."""
        self.timers = Timers()
        self.tasks: deque[Task] = deque()
        self.begun: list[Task] = []
        """Tasks that the command under way has begun and that are not among `tasks` yet."""

    def batch_instant(self, number: int, interval_seconds: int) -> MarketTime:
        """When the session's batch auction of this number is due."""
        return MarketTime(self.timetable[0].at + number * interval_seconds)

    @property
    def planned_phase(self) -> Phase | None:
        """The phase in which the timetable would have the session now, auctions passed; None without a session."""
        now = self.market_time
        if not self.is_running or now is None:
            return None
        phase = next(line.phase for line in reversed(self.timetable) if line.at <= now)
        return "continuous" if PHASE_RULES[phase].uncrosses else phase

    def begin(self, task: Task) -> None:
        """Queue a task before those that wait already, behind those begun by the same step or command."""
        self.begun.append(task)

    def begin_last(self, task: Task) -> None:
        """Queue a task behind all those that wait already."""
        self.tasks.append(task)
