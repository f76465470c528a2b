"""Four bots in a short session, live over sockets with a kill -9, and in the lab: what happened live, the lab judges,
fills and scores alike, and comes to the same state.
"""

import datetime as dt

from market_stage import half_hour

from proofs.killed_day.play import Kill
from proofs.live_lab.proof import prove_live_lab

KILLS = (Kill(dt.time(9, 32), amid_orders=True),)


def test_live_and_in_the_lab_there_is_one_exchange_and_one_score(tmp_path):
    half_hour(tmp_path, speed=60, minutes=5)
    report = prove_live_lab(str(tmp_path / "half_hour.toml"), tmp_path / "days", seed=7, kills=KILLS)
    assert {check.claim: check.examples for check in report.checks if not check.holds} == {}
    assert "1 kill -9" in report.title
    assert report.facts["killed at"]
