"""`openoutcry practice` as a process: sessions one after another, a directory a day, and only its own are removed."""

import datetime as dt
import signal
import sys

import pytest
from command_line import assert_told, openoutcry
from served_exchange import ServedExchange

from openoutcry.cli.practice.conduct import at_speed
from openoutcry.cli.practice.days import MARKER, Days
from openoutcry.client import Client
from openoutcry.journal.lock import DirectoryLock
from openoutcry.scenarios.loader import load_scenario

TODAY = dt.date(2024, 3, 14)

SHORT = """\
name = "short"
title = "Sessions of two minutes"
[registration]
open = true
[schedule]
call = 09:59:00
opening = 10:00:00
close = 10:01:00
[[instruments]]
symbol = "SPY"
"""

PRACTISE = """\
import datetime as dt, pathlib, sys
from openoutcry.cli.failures import failures_told
from openoutcry.cli.process.interrupts import interrupts_end_cleanly
from openoutcry.cli.process.logs import log_to_stderr
from openoutcry.cli.practice.conduct import Practice, at_speed, practise
from openoutcry.scenarios.loader import load_scenario

scenario, today, keep = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
folder = pathlib.Path(sys.argv[sys.argv.index("--data") + 1])
log_to_stderr()
with failures_told(), interrupts_end_cleanly() as interrupts:
    chosen = Practice(
        scenario=at_speed(load_scenario(scenario), 1_000),
        folder=folder,
        host="127.0.0.1",
        port=0,
        keep=keep,
        with_bots=False,
        pause_seconds=0.1,
    )
    practise(chosen, interrupts, lambda: dt.date.fromisoformat(today.read_text()))
"""
"""Practice whose date is that in a file, with short pauses."""


@pytest.fixture
def today(tmp_path):
    path = tmp_path / "today"
    path.write_text(TODAY.isoformat(), encoding="utf-8")
    return path


@pytest.fixture
def practice(tmp_path, today):
    scenario, script = tmp_path / "short.toml", tmp_path / "practise.py"
    scenario.write_text(SHORT, encoding="utf-8")
    script.write_text(PRACTISE, encoding="utf-8")
    command = (sys.executable, str(script), str(scenario), str(today), "2")
    with ServedExchange(tmp_path / "days", scenario=None, command=command, subcommand="practice") as practice:
        yield practice


def await_session(url, number):
    """Wait on the stream until the session with this number has begun."""
    with Client(url) as api, api.events() as events:
        api.subscribe("market")
        if api.get_market().data["trading_session"] >= number:
            return
        next(event for event in events if event.type == "session_status" and event.trading_session >= number)


def test_one_session_follows_another_on_the_same_directory(practice):
    await_session(practice.url, 3)
    assert [path.name for path in practice.data.iterdir() if path.is_dir()] == [TODAY.isoformat()]


def test_a_new_day_begins_with_a_new_directory_at_the_same_address_after_the_session(practice, today):
    await_session(practice.url, 1)
    with Client.register(practice.url, "early") as early:
        for days in (1, 2):
            today.write_text((TODAY + dt.timedelta(days)).isoformat(), encoding="utf-8")
            assert practice.process.stdout.readline() == f"listening on {practice.url}\n"
            await_session(practice.url, 1)
        assert early.get_account().error.code == "UNAUTHENTICATED", "teams register anew each day"
    kept = sorted(path.name for path in practice.data.iterdir() if path.is_dir())
    assert kept == ["2024-03-15", "2024-03-16"]
    assert practice.end(signal.SIGINT) == 0
    assert f"removed {practice.data / TODAY.isoformat()}" in practice.stderr


def test_a_restart_goes_on_with_the_directory_of_today(tmp_path):
    arguments = {"scenario": "intern_fast", "subcommand": "practice"}
    with ServedExchange(tmp_path / "days", **arguments) as first:
        with Client.register(first.url, "steady") as api:
            key = api.api_key
        assert first.end(signal.SIGINT) == 0
    with ServedExchange(tmp_path / "days", **arguments) as second, Client(second.url, key) as api:
        assert api.get_account().data["account"]["team_name"] == "steady"
    (day,) = (path for path in (tmp_path / "days").iterdir() if path.is_dir())
    assert (day / MARKER).exists()


def test_two_do_not_practise_in_one_folder(practice):
    with pytest.raises(AssertionError, match="is in use by another server"):
        ServedExchange(practice.data, scenario="intern_fast", subcommand="practice").__enter__()


def test_a_port_in_use_leaves_nothing_behind(practice, tmp_path):
    port = practice.url.rpartition(":")[2]
    other = tmp_path / "other"
    told = openoutcry("practice", "--data", other, "--port", port)
    assert_told(told, 5, f"port {port}: Address already in use")
    assert not other.exists()


def test_a_scenario_without_sessions_is_refused_in_a_sentence(tmp_path):
    told = openoutcry("practice", "--scenario", "seed", "--data", tmp_path)
    assert_told(told, 3, "seed has no [schedule], so it has no sessions to practise in")


def test_a_directory_of_somebody_else_s_is_refused_and_kept(tmp_path, practice):
    assert practice.end() == 0
    mine = tmp_path / "mine" / TODAY.isoformat()
    mine.mkdir(parents=True)
    (mine / "notes.txt").write_text("mine", encoding="utf-8")
    command = practice.process.args[:5]
    with pytest.raises(AssertionError, match="is there already and is no day of practice"):
        ServedExchange(tmp_path / "mine", scenario=None, command=command, subcommand="practice").__enter__()
    assert [path.name for path in mine.iterdir()] == ["notes.txt"]


@pytest.fixture
def days(tmp_path):
    """Five days of practice up to today, each with files, folders and a link to a folder elsewhere."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").touch()
    folder = tmp_path / "days"
    folder.mkdir()
    days = Days(folder)
    for back in range(5):
        path = days.open(TODAY - dt.timedelta(back))
        (path / "journal").mkdir()
        (path / "journal" / "00000001.segment").touch()
        (path / "link").symlink_to(elsewhere)
    return days


def test_the_newest_days_are_kept_and_what_they_link_to(days, tmp_path):
    removed = list(days.remove_older(TODAY, keep=2))
    assert [path.name for path in removed] == ["2024-03-12", "2024-03-11", "2024-03-10"]
    assert sorted(path.name for path in (tmp_path / "days").iterdir()) == ["2024-03-13", "2024-03-14"]
    assert (tmp_path / "elsewhere" / "precious").exists()


def test_nothing_is_removed_that_is_not_practice_s_own(days, tmp_path):
    folder = tmp_path / "days"
    for name in ("2024-03-01", "1999", "notes"):
        (folder / name).mkdir()
    (folder / "2024-03-02").touch()
    marked = tmp_path / "marked"
    marked.mkdir()
    (marked / MARKER).touch()
    (folder / "2024-03-03").symlink_to(marked)
    (folder / "old").mkdir()
    (folder / "old" / MARKER).touch()
    list(days.remove_older(TODAY, keep=5))
    assert len(list(folder.iterdir())) == 5 + 6
    assert (marked / MARKER).exists()


def test_a_day_that_a_server_works_on_and_days_to_come_stay(days, tmp_path):
    days.open(TODAY + dt.timedelta(1))
    lock = DirectoryLock(tmp_path / "days" / "2024-03-11" / "lock")
    removed = [path.name for path in days.remove_older(TODAY, keep=1)]
    lock.release()
    assert removed == ["2024-03-13", "2024-03-12", "2024-03-10"]
    assert (tmp_path / "days" / "2024-03-15").is_dir()


def test_a_removal_that_was_cut_short_is_finished_the_next_time(days, tmp_path):
    half = tmp_path / "days" / "2024-03-10"
    (half / "link").unlink()
    assert half in list(days.remove_older(TODAY, keep=4))
    assert not half.exists()


def test_another_speed_changes_how_long_a_session_takes_and_nothing_that_a_journal_depends_on():
    fast = load_scenario("intern_fast")
    slow = at_speed(fast, 10)
    assert (slow.session.speed, slow.pricing.greeks_interval_seconds) == (10, 10)
    assert (slow.hash, at_speed(slow, 30)) == (fast.hash, fast)
