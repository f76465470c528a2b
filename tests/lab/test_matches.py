"""Many matches by an executor: the same results as one after the other, and nothing is left of those that are over."""

import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest
from lab_bots import Taker

from openoutcry.client.bot.files.loading import BotFileError
from openoutcry.lab import Entrant, Match, constant, run_match, run_matches

SECONDS = 300
BOT = """
from openoutcry import Bot

class Buyer(Bot):
    role = "hedge_fund"

    def on_start(self):
        self.every(30)

    def on_timer(self):
        self.buy("SPY", 1, time_in_force="ioc")
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "buyer.py"
    path.write_text(BOT)
    return path


def test_other_processes_play_the_same_matches(path, tmp_path):
    matches = [
        Match(bots=(path,), seed=1, seconds=SECONDS),
        Match(bots=(Entrant(str(path), name="Far", latency=constant(80)),), seed=2, seconds=SECONDS),
    ]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        results = list(run_matches(matches, executor))
    assert [(result.seed, result.bots[0].name) for result in results] == [(1, "Buyer"), (2, "Far")]
    assert results[0] == run_match(path, seed=1, seconds=SECONDS)


def test_threads_play_matches_that_know_nothing_of_each_other(path):
    matches = [Match(bots=(path, Taker), seed=seed, seconds=SECONDS) for seed in (1, 1)]
    with ThreadPoolExecutor(2) as executor:
        first, second = run_matches(matches, executor)
    assert first == second


def test_what_a_match_raises_comes_at_its_turn(path, tmp_path):
    matches = [Match(bots=(path,), seconds=SECONDS), Match(bots=(tmp_path / "none.py",), seconds=SECONDS)]
    with ThreadPoolExecutor(1) as executor:
        results = run_matches(matches, executor)
        assert next(results).bots[0].name == "Buyer"
        with pytest.raises(BotFileError, match="there is no file"):
            next(results)


MANY = f"""
import gc, logging, sys
from lab_bots import Rester, Taker
from openoutcry.lab import run_match

logging.getLogger("openoutcry.bot").setLevel(logging.ERROR)
for _ in range(5):
    run_match([Taker, Rester], seconds={SECONDS})
    gc.collect()
    print(sys.getallocatedblocks())
"""


def test_nothing_is_left_of_matches_that_are_over():
    # In a process of its own: tests look at every venue after it has ended.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run([sys.executable, "-c", MANY], env=environment, check=True, capture_output=True, text=True)
    blocks = [int(line) for line in told.stdout.split()]
    assert blocks[-1] - blocks[1] < 2_000, blocks
