"""Short sessions of the default game are scored to the same digits live, after restarts, and from the journal."""

import datetime as dt

from market_stage import half_hour

from openoutcry.bots.fleet import GAME_FLEET
from openoutcry.scenarios.loader import load_scenario
from openoutcry.scenarios.model import hashed
from proofs.killed_day.play import Kill
from proofs.market.stage import last_seconds
from proofs.scores.in_process import prove_scores_in_process
from proofs.scores.proof import prove_live_scores

BOTS = tuple(member for member in GAME_FLEET if member.name in {"Maker", "Retail"})


def failed(report):
    return {check.claim: check.examples for check in report.checks if not check.holds}


def test_a_live_session_that_is_killed_is_scored_alike_live_after_starts_and_from_its_journal(tmp_path):
    half_hour(tmp_path, speed=60, minutes=5)
    kills = (Kill(dt.time(9, 32), amid_orders=True),)
    scenario = str(tmp_path / "half_hour.toml")
    report = prove_live_scores(scenario, tmp_path / "data", seed=7, speed=60, kills=kills, fleet=BOTS)
    assert failed(report) == {}


def test_a_session_in_process_is_scored_alike_after_captures_and_from_its_journal(tmp_path):
    scenario = hashed(last_seconds(load_scenario("intern"), 300))
    assert failed(prove_scores_in_process(scenario, tmp_path / "data", 3)) == {}
