"""Ctrl-C and SIGTERM while a journal is replayed: it ends at once, changes nothing, and no check passes by it."""

import signal
import subprocess
import sys

import pytest
from command_line import assert_told, openoutcry, register, request
from fair_stage import short_scenario
from served_exchange import PATIENCE_SECONDS, ServedExchange

from openoutcry.cli.process.interrupts import Interrupts

INTERRUPTED = """
import os, signal
from contextlib import contextmanager
from openoutcry.cli import main, progress

@contextmanager
def interrupt_at_the_first_progress():
    yield lambda progress: os.kill(os.getpid(), signal.NUMBER)

progress.replay_bar = interrupt_at_the_first_progress
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell ignores SIGINT for tests in the background
main()
"""
TOLD = "openoutcry: interrupted before it was done\n"


def interrupted(number, *words):
    return subprocess.run(
        [sys.executable, "-c", INTERRUPTED.replace("NUMBER", number), *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    data = tmp_path_factory.mktemp("interrupts") / "data"
    with ServedExchange(data) as exchange:
        register(exchange, "one")
    return data


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM"])
def test_ctrl_c_and_sigterm_end_a_recovery_at_once_and_change_nothing(data, number):
    journal = {path: path.read_bytes() for path in (data / "journal").iterdir()}
    result = interrupted(number, *f"serve --scenario seed --port 0 --data {data}".split())
    assert_told(result, 0, TOLD)
    assert {path: path.read_bytes() for path in (data / "journal").iterdir()} == journal
    with ServedExchange(data) as exchange:
        assert request(exchange, "GET", "/health")["data"]["epoch"] == 1


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("command", ["replay", "verify"])
def test_a_replay_or_a_check_that_is_interrupted_is_no_success(data, command, number):
    assert_told(interrupted(number, command, data), 1, TOLD)


def test_a_check_of_fair_play_that_is_interrupted_is_no_success(tmp_path):
    short_scenario(tmp_path)
    terms = "--scenario", tmp_path / "short.toml", "--out", tmp_path / "data", "--seed", 3, "--date", "2024-03-14"
    assert openoutcry("simulate", *terms).returncode == 0
    assert_told(interrupted("SIGINT", "fairness", "verify", tmp_path / "data"), 1, TOLD)


def test_a_signal_that_was_only_counted_is_not_lost_when_signals_interrupt_again():
    interrupts = Interrupts()
    interrupts.only_count()
    interrupts.raise_again(known=0)
    interrupts.only_count()
    interrupts.come(signal.SIGINT, None)
    with pytest.raises(KeyboardInterrupt):
        interrupts.raise_again(known=0)
    interrupts.raise_again(known=1)
    with pytest.raises(KeyboardInterrupt):
        interrupts.come(signal.SIGINT, None)


def test_an_interrupt_while_the_command_is_still_imported_ends_it_without_a_traceback():
    script = """
import sys
import openoutcry.cli

class Interrupting:
    def find_spec(self, name, *_):
        if name == "openoutcry.cli.application":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting())
openoutcry.cli.main()
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
