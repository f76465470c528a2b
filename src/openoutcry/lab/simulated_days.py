"""Days of a scenario without participants, in virtual time, on a data directory like any other.

The exchange, its driver and its market are those of `serve`. So a live session with the same seed and no participants
has the same commands.
"""

import datetime as dt
import itertools
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from openoutcry.bootstrap.projections import projections_of
from openoutcry.bootstrap.server import open_server
from openoutcry.domain.reasons import Reject
from openoutcry.domain.types import Sequence, TimestampUs
from openoutcry.journal.segment import DEFAULT_SEGMENT_BYTES
from openoutcry.lab.virtual_time import VirtualTime
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.exchange import Server
from openoutcry.runtime.recovery.snapshots.builder import build_next
from openoutcry.scenarios.calendar import calendar_of, trading_day_on_or_after, trading_day_on_or_before
from openoutcry.scenarios.model import Scenario, SessionPlan
from openoutcry.scenarios.timetable import Timetable, timetable

LEAPS_BETWEEN_REPORTS = 2_000

SETTLED_SECONDS = 60
"""After its close a session is over, with all that follows it, for certain."""

_SECOND_US = 1_000_000
_ONE_DAY = dt.timedelta(days=1)


class SimulationFailed(Exception):  # noqa: N818 - named for what it means
    """A day cannot go on; the text says why."""


class Progress(Struct, frozen=True):
    day: int
    """From 1."""
    date: str
    seconds: int
    """Market seconds of this session that have passed, from its call on."""
    of_seconds: int
    sequence: Sequence


class SimulatedDays(Struct, frozen=True):
    """What came of it."""

    dates: tuple[str, ...]
    """ISO dates of the sessions that ended."""
    is_interrupted: bool
    sequence: Sequence
    state_hash: str


def first_date(scenario: Scenario, days: int, now: dt.datetime) -> dt.date:
    """The scenario's date, else the latest with which so many sessions are over by `now`, an aware time: what they
    leave is then no exchange whose time is ahead of the clock.
    """
    if scenario.session_date is not None:
        return dt.date.fromisoformat(scenario.session_date)
    calendar = calendar_of(scenario.calendar)
    date = now.astimezone(ZoneInfo(scenario.time_zone)).date()
    if now.timestamp() < _hours(scenario, date).close_at + SETTLED_SECONDS:
        date -= _ONE_DAY
    date = trading_day_on_or_before(calendar, date)
    for _ in range(days - 1):
        date = trading_day_on_or_before(calendar, date - _ONE_DAY)
    return date


def simulate_days(
    scenario: Scenario,
    folder: Path,
    *,
    seed: int,
    admin_key_hash: bytes,
    date: dt.date,
    days: int = 1,
    segment_bytes: int = DEFAULT_SEGMENT_BYTES,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
    must_end: Callable[[], bool] = lambda: False,
) -> SimulatedDays:
    """So many sessions of `scenario`, one after the other, the first on `date` or the next trading day.

    Wall time begins at the call of the first session, so that the same arguments give the same journal. If `must_end`,
    it ends cleanly before the sessions have. Otherwise it leaves a snapshot of the journal's sealed segments, so that a
    start has little more than `segment_bytes` to replay. Raises `SimulationFailed`, `ValueError` for a scenario without
    a schedule, and as `open_server`.
    """
    plan = scenario.session
    if plan is None:
        raise ValueError(f"scenario {scenario.name} has no schedule")
    if plan.start == "schedule":
        scenario = structs.replace(scenario, session=structs.replace(plan, start="hand"))
    date = trading_day_on_or_after(calendar_of(scenario.calendar), date)
    scenario = structs.replace(scenario, session_date=date.isoformat())
    time = VirtualTime(TimestampUs(_hours(scenario, date).call_at * _SECOND_US))
    server = open_server(
        scenario,
        folder,
        admin_key_hash=admin_key_hash,
        loop=time,
        clock=time,
        seed=seed,
        segment_bytes=segment_bytes,
    )
    try:
        dates: list[str] = []
        while len(dates) < days and not must_end():
            _start(server)
            if not _has_passed(server, time, len(dates) + 1, on_progress, must_end):
                break
            dates.append(str(server.sequencer.queries.day().session_date))
        sequencer = server.sequencer
        ended = SimulatedDays(tuple(dates), len(dates) < days, sequencer.last_sequence, sequencer.state_hash())
    finally:
        server.close()
    if not ended.is_interrupted:
        build_next(DataDirectory(folder), projections_of)
    return ended


def _start(server: Server) -> None:
    verdict = server.driver.start_session().verdict
    if isinstance(verdict, Reject):
        raise SimulationFailed(f"the session could not start: {verdict.message}")


def _has_passed(
    server: Server,
    time: VirtualTime,
    number: int,
    on_progress: Callable[[Progress], None],
    must_end: Callable[[], bool],
) -> bool:
    """Let the session under way pass; False if it was to end before."""
    queries = server.sequencer.queries
    hours = _hours(server.scenario, dt.date.fromisoformat(str(queries.day().session_date)))
    for leaps in itertools.count():
        if queries.running_market_time() is None:
            break
        if leaps % LEAPS_BETWEEN_REPORTS == 0:
            if must_end():
                return False
            day = queries.day()
            passed, whole = (day.market_time or hours.call_at) - hours.call_at, hours.close_at - hours.call_at
            on_progress(Progress(number, str(day.session_date), passed, whole, server.sequencer.last_sequence))
        time.leap()
        trouble = server.sequencer.stopped_reason or server.driver.trouble
        if trouble is not None:
            raise SimulationFailed(f"the simulation ends here: {trouble}")
    time.pass_seconds(1)  # what is left to be done after the close is done at once
    return True


def _hours(scenario: Scenario, date: dt.date) -> Timetable:
    plan = scenario.session or SessionPlan()
    return timetable(date, plan.hours, scenario.time_zone, calendar_of(scenario.calendar))
