"""Simulated sessions agree with their replay and with what their seeds give, and the proof finds one that does not."""

import pytest
from market_stage import half_hour

from openoutcry.lab.simulated_days import simulate_days
from proofs.simulated_days import proof


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return half_hour(tmp_path_factory.mktemp("scenario"), minutes=5)


def test_short_sessions_agree(scenario, tmp_path):
    report = proof.prove_simulated_days(scenario, 1, 7, tmp_path / "data", lambda _: None)
    assert report.holds, [check.examples for check in report.checks]
    assert len(report.checks) == 3


def test_a_session_with_another_state_is_found(scenario, tmp_path, monkeypatch):
    def other(*arguments, **terms):
        return simulate_days(*arguments, **terms | {"seed": 8})

    real = simulate_days(scenario, tmp_path / "real", seed=7, admin_key_hash=bytes(32), date=proof.DATE)
    monkeypatch.setattr(proof, "simulate_days", lambda *arguments, **terms: other(*arguments, **terms) and real)
    report = proof.prove_simulated_days(scenario, 1, 7, tmp_path / "data", lambda _: None)
    assert [check.claim for check in report.checks if not check.holds] == [
        "state hash: a replay in a process without random numbers = the simulation's"
    ]


def test_memory_that_grows_is_found():
    report = proof.Report("memory")
    proof._check_memory(report, {1: 50, 2: 90, 3: 100, 4: 105})
    assert report.holds
    proof._check_memory(report, {1: 50, 2: 90, 3: 100, 4: 120})
    assert not report.holds
