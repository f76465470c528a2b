"""`openoutcry simulate BOT...` as a process: a match of bots, told at its end, and a data directory like any other."""

import signal
import subprocess
import threading

import pytest
from served_exchange import OPENOUTCRY, PATIENCE_SECONDS

from openoutcry.cli.exit_codes import ExitCode

TAKER = """
from openoutcry import Bot

class Taker(Bot):
    role = "hedge_fund"

    def on_start(self):
        self.every(5)

    def on_timer(self):
        if self.phase == "continuous":
            self.buy("SPY", self.rng.randrange(1, 3), time_in_force="ioc")
"""
FAILING = TAKER.replace("self.buy(", "self.bye(")
HANGING = """
import sys
from openoutcry import Bot

class Hanging(Bot):
    def on_underlying_price(self, price):
        print("it hangs", file=sys.stderr, flush=True)
        while True:
            pass
"""
SHORT = ("--seconds", "300")


def simulate(*arguments):
    return subprocess.run(
        [*OPENOUTCRY, "simulate", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS * 4,
    )


@pytest.fixture
def taker(tmp_path):
    path = tmp_path / "taker.py"
    path.write_text(TAKER)
    return path


def test_isolated_bots_play_the_same_match_and_one_that_dies_is_named(taker, tmp_path):
    here, isolated = simulate(taker, *SHORT), simulate(taker, *SHORT, "--isolated")
    assert (isolated.returncode, isolated.stdout) == (0, here.stdout)
    dying = tmp_path / "dying.py"
    dying.write_text(TAKER.replace("Taker", "Dying").replace("self.buy(", "import os; os._exit(3); self.buy("))
    result = simulate(taker, dying, *SHORT, "--isolated")
    assert result.returncode == 9
    assert "Dying has failed: it ended its process" in result.stderr


def test_a_check_names_the_bot_that_does_not_do_the_same_twice(taker, tmp_path):
    sound = simulate(taker, *SHORT, "--check")
    assert (sound.returncode, sound.stderr.count("Traceback")) == (0, 0)
    assert "all bots did the same with another clock and hash seed" in sound.stdout
    drawing = tmp_path / "drawing.py"
    drawing.write_text("import random\n" + TAKER.replace("self.rng.randrange(1, 3)", "random.randrange(1, 99)"))
    result = simulate(drawing, *SHORT, "--check")
    assert result.returncode == 7
    assert "Taker does something else when the same match is played" in result.stdout
    assert "drawing.py:13: self.buy(" in result.stdout
    assert "--check with --out" in simulate(taker, "--check", "--out", tmp_path / "out").stderr


def test_a_match_is_told_and_its_directory_can_be_scored_replayed_and_verified(taker, tmp_path):
    out = tmp_path / "out"
    result = simulate(taker, taker, *SHORT, "--out", out, "--latency", "lognormal:5,0.5", "--speed", "5000")
    assert result.returncode == 0, result.stderr
    assert "Taker 2" in result.stdout
    assert "match     seed 7, 2024-03-14" in result.stdout
    told = {}
    for command in ("score", "replay", "verify", "fairness verify"):
        run = subprocess.run(
            [*OPENOUTCRY, *command.split(), str(out)],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS * 2,
        )
        assert run.returncode == 0, (command, run.stderr)
        told[command] = run.stdout
    assert "Taker 2" in told["score"]
    for line in result.stdout.splitlines()[1:3]:
        points = line.split()[-1]
        assert points in told["score"]


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (["{taker}", "--scenario", "seed"], 3, "scenario seed has no [schedule]"),
        (["{taker}", "--scenario", "nowhere"], 3, "nowhere: no scenario of this name"),
        (["{folder}/nothing.py"], 9, "there is no file"),
        (["{taker}", "--seconds", "3"], 2, "it has 300 to 19,800"),
        (["{taker}", "--speed", "fast"], 2, "neither max nor a number"),
        (["{taker}", "--latency", "{taker}"], 2, "is no latency"),
        (["{taker}", "--out", "{folder}"], 4, "is in use already"),
        (["--speed", "30", "--out", "{folder}/new"], 2, "no bot is named"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(taker, tmp_path, arguments, code, text):
    result = simulate(*(argument.format(taker=taker, folder=tmp_path) for argument in arguments))
    assert result.returncode == code, result.stderr
    assert text in " ".join(result.stderr.replace("│", " ").split())


def test_a_bot_that_fails_is_told_with_its_traceback_after_the_summary(tmp_path):
    path = tmp_path / "failing.py"
    path.write_text(FAILING)
    result = simulate(path, *SHORT)
    assert result.returncode == 9
    assert "failures" in result.stdout
    assert f'File "{path}", line 12, in on_timer' in result.stderr
    assert "Failing" not in result.stderr.splitlines()[-1]
    assert "Taker has failed: on_timer raised AttributeError" in result.stderr.splitlines()[-1]


def test_a_second_ctrl_c_ends_a_bot_that_hangs_and_says_where(tmp_path):
    path = tmp_path / "hanging.py"
    path.write_text(HANGING)
    command = [*OPENOUTCRY, "simulate", str(path), *SHORT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        for line in process.stderr:
            if "it hangs" in line:
                break
        process.send_signal(signal.SIGINT)
        for line in process.stderr:
            if "once more ends it at once" in line:
                break
        process.send_signal(signal.SIGINT)
        told = process.stderr.read()
    assert process.returncode == 9
    assert any(f"a bot was at work ({path}, line {line}, in on_underlying_price)" in told for line in (7, 8))


def test_a_watched_match_begins_again_when_the_file_changes(taker):
    command = [*OPENOUTCRY, "simulate", str(taker), *SHORT, "--watch"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        told = []
        drained = threading.Thread(target=process.stdout.read)
        drained.start()
        for line in process.stderr:
            told.append(line)
            if "waiting for a change" not in line:
                continue
            if any("begins again" in earlier for earlier in told):
                break
            taker.write_text(FAILING)
        process.send_signal(signal.SIGINT)
        process.stderr.read()
        drained.join(PATIENCE_SECONDS)
    assert process.returncode == 1
    assert "taker.py changed: begins again" in "".join(told)
    assert "Taker has failed: on_timer raised AttributeError" in "".join(told)


def test_a_match_against_a_recording_says_what_came_otherwise_and_what_it_cannot_tell(taker, tmp_path):
    recorded, out = tmp_path / "recorded", tmp_path / "out"
    assert simulate(taker, *SHORT, "--out", recorded).returncode == 0
    result = simulate(taker, "--against", recorded, "--out", out)
    assert result.returncode == 0, result.stderr
    assert "Taker 2" in result.stdout, "the recorded team has the name"
    assert f"against   {recorded}" in result.stdout
    assert "recorded commands were given again" in result.stdout
    assert "do not react" in result.stdout
    assert subprocess.run([*OPENOUTCRY, "verify", str(out)], capture_output=True, check=False).returncode == 0
    checked = simulate(taker, "--against", recorded, "--check")
    assert "all bots did the same with another clock and hash seed" in checked.stdout, checked.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("--against", "nowhere"), ExitCode.DATA_DIRECTORY, "holds no exchange"),
        (("--against", "nowhere", "--seconds", "300"), ExitCode.USAGE, "recording is played"),
        (("--against", "nowhere", "--speed", "30"), ExitCode.USAGE, "recording is played"),
    ],
)
def test_what_cannot_be_played_against_is_refused_with_a_sentence(taker, arguments, code, sentence):
    result = simulate(taker, *arguments)
    assert result.returncode == code
    assert sentence in " ".join(result.stderr.split())


def test_a_recording_of_other_rules_is_refused(taker, tmp_path):
    recorded = tmp_path / "recorded"
    assert simulate(taker, *SHORT, "--out", recorded).returncode == 0
    result = simulate(taker, "--against", recorded, "--scenario", "intern_fast")
    assert result.returncode == ExitCode.SCENARIO
    assert "another scenario" in result.stderr
