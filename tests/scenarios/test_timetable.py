"""The instants of a session in New York, on the days around both clock changes, on a machine anywhere."""

import datetime as dt
import os
import subprocess
import sys

import pytest

from openoutcry.scenarios.calendar import calendar_of
from openoutcry.scenarios.timetable import Hours, close_of, timetable

NEW_YORK = calendar_of("XNYS")
HOURS = Hours()

# The clocks of New York went forward on Sunday, 10 March 2024, and back on Sunday, 3 November.
SESSIONS = {
    "2024-03-08": ("14:00", "14:30", "20:00", -5),
    "2024-03-09": ("14:00", "14:30", "20:00", -5),
    "2024-03-10": ("13:00", "13:30", "19:00", -4),
    "2024-03-11": ("13:00", "13:30", "19:00", -4),
    "2024-11-01": ("13:00", "13:30", "19:00", -4),
    "2024-11-03": ("14:00", "14:30", "20:00", -5),
    "2024-11-04": ("14:00", "14:30", "20:00", -5),
}

PRINT_TIMETABLES = """
import datetime as dt, sys
from openoutcry.scenarios.calendar import calendar_of
from openoutcry.scenarios.timetable import Hours, timetable
for date in sys.argv[1:]:
    table = timetable(dt.date.fromisoformat(date), Hours(), "America/New_York", calendar_of("XNYS"))
    print(date, table.call_at, table.opening_at, table.close_at, table.utc_offset)
"""


def instant(date, time):
    return int(dt.datetime.fromisoformat(f"{date}T{time}:00+00:00").timestamp())


def session(date, zone="America/New_York", calendar=NEW_YORK, hours=HOURS):
    return timetable(dt.date.fromisoformat(date), hours, zone, calendar)


@pytest.mark.parametrize("zone_of_the_machine", ["Pacific/Auckland", "America/New_York", "UTC"])
def test_sessions_around_the_clock_changes_have_the_same_instants_on_every_machine(zone_of_the_machine):
    printed = subprocess.run(
        [sys.executable, "-c", PRINT_TIMETABLES, *SESSIONS],
        env=os.environ | {"TZ": zone_of_the_machine},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout
    assert printed.splitlines() == [
        f"{date} {instant(date, call)} {instant(date, opening)} {instant(date, close)} {hours * 3600}"
        for date, (call, opening, close, hours) in SESSIONS.items()
    ]


def test_a_session_is_five_and_a_half_hours_of_trading_on_every_side_of_the_clock_changes():
    for date in SESSIONS:
        table = session(date)
        assert table.close_at - table.opening_at == 19_800
        assert table.opening_at - table.call_at == 1_800


def test_a_half_day_closes_early():
    table = session("2024-11-29")
    assert table.is_half_day
    assert table.close_at == instant("2024-11-29", "18:00")
    assert close_of(dt.date(2024, 11, 29), HOURS, "America/New_York", NEW_YORK) == table.close_at


def test_a_half_day_closes_no_later_than_other_days():
    table = session("2024-11-29", hours=Hours(close=dt.time(12, 0)))
    assert table.close_at == instant("2024-11-29", "17:00")


def test_without_a_calendar_no_day_closes_early():
    table = session("2024-11-29", zone="UTC", calendar=calendar_of("none"))
    assert not table.is_half_day
    assert table.close_at == instant("2024-11-29", "15:00")
    assert table.utc_offset == 0


def test_a_zone_ahead_of_utc_begins_the_day_before():
    table = session("2024-01-15", zone="Pacific/Auckland")
    assert table.utc_offset == 13 * 3600
    assert table.call_at == instant("2024-01-14", "20:00")
