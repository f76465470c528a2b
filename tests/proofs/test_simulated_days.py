"""Simulated sessions agree with their replay and with what their seeds give, and the proof finds one that does not."""

import pytest
from market_stage import half_hour

from openoutcry.bootstrap.server import open_server
from openoutcry.lab.simulated_days import simulate_days
from openoutcry.lab.virtual.time import VirtualTime
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


@pytest.mark.parametrize(("beyond", "holds"), [(0, True), (1, False)])
def test_memory_may_grow_by_days_and_listed_instruments_and_no_more(scenario, tmp_path, beyond, holds):
    data = tmp_path / "data"
    exchange = open_server(scenario, data, admin_key_hash=bytes(32), loop=(time := VirtualTime()), clock=time)
    exchange.driver.start_session()
    listed = len(exchange.sequencer.queries.instruments()) - len(scenario.instruments)
    exchange.close()
    assert listed > 0
    most = 10**8 + 2 * proof.MOST_A_DAY + listed * proof.MOST_AN_INSTRUMENT
    memory = [1, 10**8 // 2, 10**8, 10**9, most + beyond]
    report = proof.Report("memory")
    proof._check_memory(
        report, data, [*(proof.Morning(0, each) for each in memory[:-1]), proof.Morning(10**6, memory[-1])]
    )
    assert report.holds == holds
