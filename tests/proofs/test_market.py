"""Matches in the simulated market: a seed plays alike, fast hands rob nobody who is protected, claims are judged."""

import math

import pytest
from day_stage import DayStage
from market_stage import CALL_SECONDS, half_hour

from openoutcry.scenarios.loader import load_scenario
from openoutcry.venue.bands import band_of
from openoutcry.venue.duties.coverage import counted_options
from proofs.market.matches import HOUSE, play_explained, play_friends, play_race, play_roles
from proofs.market.participants.sniper import Sniper
from proofs.market.proof import Claim, MarketReport, holds, measure
from proofs.market.reach import measure_reach
from proofs.market.stage import last_seconds, play
from proofs.market.widths import Widths

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


def test_friends_pass_on_more_than_the_houses_spread_and_lose_some_on_the_way():
    figures = play_friends(SCENARIO, 1)
    assert figures["contracts passed"] > 300
    gets, pays = (figures[f"a contract passed: the {who}"] for who in ("friend gets", "giver pays"))
    spread = figures["the house's spread with fees"]
    assert spread < gets < figures["the widest spread that a maker's duty allows"]
    assert pays > gets + spread / 2


def test_little_of_a_hedged_books_profit_is_left_unexplained():
    figures = play_explained(last_seconds(WHOLE, 1_800), 1)
    assert figures["but for today's last minutes: rest"] < figures["but for today's last minutes: 2 % of gross"]
    assert figures["today's last minutes: 2 % of gross"] > 0


def test_the_band_reaches_further_than_the_houses_spread_and_out_of_the_money_than_a_makers():
    figures = measure_reach(WHOLE, 1)
    edge, widest, spread = (
        {group: figures[f"{group}: {figure}"] for group in ("all", "out of the money", "in the money")}
        for figure in (
            "from the value to the band's edge",
            "the widest spread of a maker's duty",
            "the house's spread",
        )
    )
    assert all(edge[group] > spread[group] for group in edge)
    assert edge["out of the money"] > widest["out of the money"]
    assert edge["in the money"] < widest["in the money"]
    assert figures["all: of 100, whose ask by the house after news may be beyond the edge"] == 0


def test_bands_and_duties_are_measured_as_the_venue_has_them(tmp_path):
    stage = DayStage(half_hour(tmp_path), seed=1)
    stage.driver.start_session()
    stage.pass_seconds(CALL_SECONDS + 60)
    state, shown = stage.exchange.sequencer._venue._state, stage.queries.shown()
    widths = Widths(stage.exchange.scenario)
    counted = dict(counted_options(state, widths.duty))
    assert len(counted) > 50
    for instrument_id, widest in counted.items():
        market = state.markets[instrument_id]
        asked = market.instrument, market.mark, shown.underlyings
        assert widths.upper_edge(*asked) == band_of(state, market)[1]
        assert widths.widest_spread(*asked) // market.instrument.tick_size == widest


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


def test_a_claim_tells_what_it_says():
    assert str(Claim("gain", "not above 0")) == "not above 0"
    assert str(Claim("gain", "above 0", less="bound")) == "above “bound”"


def test_a_report_fails_by_what_does_not_hold():
    friends = {
        "contracts passed": 10.0,
        "a contract passed: the friend gets": 9.0,
        "the house's spread with fees": 4.0,
        "the widest spread that a maker's duty allows": 8.0,
    }
    report = MarketReport(None, {"friends": [friends, friends]})
    assert [claim.figure for claim in report.failed] == ["the widest spread that a maker's duty allows"]
    assert not report.holds
