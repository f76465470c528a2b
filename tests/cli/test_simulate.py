"""`openoutcry simulate` as a process: a data directory comes of it, and what cannot be is said in a sentence."""

import re
import signal
import subprocess
import sys

import pytest
from market_stage import half_hour
from served_exchange import OPENOUTCRY, PATIENCE_SECONDS

from openoutcry.cli.progress import simulation_bar
from openoutcry.lab.session import Progress


def simulate(*arguments):
    return subprocess.run(
        [*OPENOUTCRY, "simulate", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS * 4,
    )


@pytest.fixture
def scenario(tmp_path):
    half_hour(tmp_path, minutes=5)
    return tmp_path / "half_hour.toml"


def test_a_day_is_simulated_and_replays_to_the_hash_that_it_tells(scenario, tmp_path):
    out = tmp_path / "out"
    result = simulate("--scenario", scenario, "--seed", 7, "--out", out)
    assert result.returncode == 0, result.stderr
    assert "sessions    1 (2024-03-14)" in result.stdout
    replayed = subprocess.run(
        [*OPENOUTCRY, "replay", str(out)], capture_output=True, text=True, check=True, timeout=PATIENCE_SECONDS
    )
    line = re.search(r"state hash +\w+", result.stdout).group()
    assert line in replayed.stdout
    assert {path.name for path in out.iterdir()} >= {"journal", "scenario.json", "admin.key", "seeds", "worlds"}


class HandStopwatch:
    seconds = 0.0

    def __call__(self):
        return self.seconds


def test_where_no_bar_can_be_drawn_a_line_tells_now_and_then_how_far_it_has_come(capsys):
    stopwatch = HandStopwatch()
    with simulation_bar(2, stopwatch) as show:
        for stopwatch.seconds, passed in ((0, 0), (4.9, 10), (5, 20), (9.9, 30), (10, 40)):
            show(Progress(2, "2024-03-15", passed, 100, passed * 1_000))
    assert capsys.readouterr().err.splitlines() == [
        "simulating 2024-03-15: 60 %, 20,000 commands",
        "simulating 2024-03-15: 70 %, 40,000 commands",
    ]


def test_a_directory_that_is_in_use_is_refused(scenario, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    result = simulate("--scenario", scenario, "--seed", 7, "--out", tmp_path / "out")
    assert result.returncode == 4
    assert "is in use already: name a directory that does not exist" in result.stderr


def test_a_scenario_without_a_day_is_refused(tmp_path):
    result = simulate("--scenario", "seed", "--seed", 7, "--out", tmp_path / "out")
    assert result.returncode == 3
    assert "scenario seed has no [schedule]" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_date_that_is_none_is_refused(scenario, tmp_path):
    result = simulate("--scenario", scenario, "--seed", 7, "--out", tmp_path / "out", "--date", "tomorrow")
    assert result.returncode == 2
    assert "2024-03-14" in result.stderr


def test_ctrl_c_ends_it_cleanly(tmp_path):
    out = tmp_path / "out"
    command = [*OPENOUTCRY, "simulate", "--seed", "7", "--out", str(out), "--date", "2024-03-14"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        while not any((out / "worlds").glob("*.world")) and process.poll() is None:
            pass
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 1, stderr
    assert "no snapshot was made" not in stderr
    assert "interrupted in session 1 of 1" in stderr
    assert "state hash" in stdout
    verified = subprocess.run(
        [*OPENOUTCRY, "verify", str(out)], capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
    )
    assert verified.returncode == 0, verified.stderr + verified.stdout
    assert sys.platform == "win32" or (out / "admin.key").stat().st_mode & 0o077 == 0
