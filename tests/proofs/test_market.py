"""Matches in the simulated market: a seed plays alike, fast hands rob nobody who is protected, claims are judged."""

import math

import pytest

from openoutcry.scenarios.loader import load_scenario
from proofs.market.matches import HOUSE, play_friends, play_race, play_roles
from proofs.market.participants.sniper import Sniper
from proofs.market.proof import Claim, MarketReport, holds, measure
from proofs.market.stage import last_seconds, play

WHOLE = load_scenario("intern_fast")
SCENARIO = last_seconds(WHOLE, 900)


@pytest.fixture(scope="module")
def roles():
    return play_roles(SCENARIO, 2)


def test_roles_trade_without_a_refusal_and_a_seed_plays_alike(roles):
    assert roles == play_roles(SCENARIO, 2)
    for role in ("desk", "retail trader"):
        assert roles[f"{role}: contracts and lots"] > 0
        assert roles[f"{role}: orders refused"] == 0
    assert roles["retail trader: edge at its fills, less fees"] > 0
    assert roles["house: edge against the retail flow"] > 0


def test_whoever_is_fastest_finds_nothing_of_the_houses_that_is_worth_taking(roles):
    assert roles["contracts a sniper gets from the house"] == 0


def test_gains_of_all_teams_and_fees_add_up_to_nothing():
    played = play(SCENARIO, 1, {"sniper": Sniper(), "idle": Sniper("nobody")})
    contracts, _, _ = played.dealt("sniper")
    assert contracts > 0
    fees = sum(played.dealt(name)[2] for name in played.teams)
    assert sum(played.gains.values()) == pytest.approx(-fees)
    assert sum(played.dealt(name)[1] for name in played.teams) == pytest.approx(0, abs=0.01)
    assert played.dealt("sniper", HOUSE)[0] == played.dealt(HOUSE, "sniper")[0]


def test_protection_saves_a_maker_from_whoever_is_faster():
    figures = play_race(last_seconds(WHOLE, 300), 1)
    assert figures["contracts sniped, with protection"] == 0
    assert figures["maker without protection"] < -50_000


def test_what_friends_pass_on_is_less_than_a_maker_may_ask_for_and_costs_them_more():
    figures = play_friends(SCENARIO, 1)
    assert figures["contracts passed"] > 300
    gets, pays = (figures[f"a contract passed: the {who}"] for who in ("friend gets", "giver pays"))
    assert 0 < gets < figures["the widest spread that a maker's duty allows"]
    assert pays > gets + figures["the house's spread with fees"] / 2


# ---- judging -----------------------------------------------------------------------------------------------------


def test_a_figure_has_a_mean_a_deviation_and_a_standard_error():
    found = measure([1.0, 3.0])
    assert (found.seeds, found.mean, found.deviation) == (2, 2.0, pytest.approx(math.sqrt(2)))
    assert found.error == pytest.approx(1.0)
    assert measure([5.0]).error == math.inf


@pytest.mark.parametrize(
    ("says", "values", "is_held"),
    [
        ("above 0", [1.0, 1.1, 0.9], True),
        ("above 0", [1.0, -1.0, 0.5], False),
        ("not above 0", [1.0, -1.0, 0.5], True),
        ("not above 0", [1.0, 1.1, 0.9], False),
        ("not above 0", [-1.0, -1.1], True),
        ("0", [0.0, 0.0], True),
        ("0", [0.0, 1.0, -1.0], False),
    ],
)
def test_two_standard_errors_decide(says, values, is_held):
    assert holds(Claim("gain", says), [{"gain": value} for value in values]) == is_held


def test_a_figure_may_be_judged_beside_another():
    played = [{"gain": 5.0, "bound": 6.0}, {"gain": 7.0, "bound": 8.0}]
    assert holds(Claim("gain", "not above 0", less="bound"), played)
    assert not holds(Claim("gain", "not above 0"), played)


def test_a_report_fails_by_what_does_not_hold():
    friends = {
        "contracts passed": 10.0,
        "a contract passed: the friend gets": 9.0,
        "the widest spread that a maker's duty allows": 8.0,
    }
    report = MarketReport(None, {"friends": [friends, friends]})
    assert [claim.figure for claim in report.failed] == ["a contract passed: the friend gets"]
    assert not report.holds
