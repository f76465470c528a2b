"""Days of a scenario without participants, in virtual time, on a data directory like any other.

The exchange, its driver and its market are those of `serve`. So a live session with the same seed and no participants
has the same commands.
"""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct

from openoutcry.bootstrap.projections import projections_of
from openoutcry.bootstrap.server import open_server
from openoutcry.domain.types import Sequence, TimestampUs
from openoutcry.journal.segment import DEFAULT_SEGMENT_BYTES
from openoutcry.lab.session import Progress, begun_by_hand, hours_of, pass_session, start_session
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.snapshots.builder import build_next
from openoutcry.scenarios.calendar import calendar_of, trading_day_on_or_before
from openoutcry.scenarios.model import Scenario

SETTLED_SECONDS = 60
"""After its close a session is over, with all that follows it, for certain."""

_SECOND_US = 1_000_000
_ONE_DAY = dt.timedelta(days=1)


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
    if now.timestamp() < hours_of(scenario, date).close_at + SETTLED_SECONDS:
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
    start has little more than `segment_bytes` to replay. Raises `SimulationFailed`, `ScenarioError` for a scenario
    without a schedule, and as `open_server`.
    """
    scenario, date = begun_by_hand(scenario, date)
    time = VirtualTime(TimestampUs(hours_of(scenario, date).call_at * _SECOND_US))
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
            start_session(server)
            if not pass_session(server, time, len(dates) + 1, on_progress, must_end):
                break
            dates.append(str(server.sequencer.queries.day().session_date))
        sequencer = server.sequencer
        ended = SimulatedDays(tuple(dates), len(dates) < days, sequencer.last_sequence, sequencer.state_hash())
    finally:
        server.close()
    if not ended.is_interrupted:
        build_next(DataDirectory(folder), projections_of)
    return ended
