"""Tables of scores and of the leaderboard: what they become, and what contradicts itself."""

import pytest
from msgspec.structs import replace

from openoutcry.domain.scoring.rules import GAME_ROLES, BoardRules, RoleScoring, ScoringRules
from openoutcry.domain.scoring.surveillance_rules import SurveillanceRules
from openoutcry.scenarios.differences import told_differences
from openoutcry.scenarios.loader import ScenarioError, load_scenario
from openoutcry.scenarios.schema.scoring import LeaderboardTable, ScoringTable
from openoutcry.scenarios.units import key_of, rules_of

DAY = """\
name = "day"
title = "A day"
[registration]
open = true
[session]
date = 2024-03-14
[schedule]
[underlyings]
SPX = 4500
[chain]
[pricing]
"""
SCORED = "[scoring]\n"
NESTED = {"roles", "board", "surveillance"}


@pytest.fixture
def load(tmp_path):
    """Loads the day with lines appended."""

    def load(append="", day=DAY):
        path = tmp_path / "day.toml"
        path.write_text(day + append, encoding="utf-8")
        return load_scenario(path)

    return load


@pytest.fixture
def problems(load):
    """What is told of the day with lines appended: key and text of each problem."""

    def problems(append="", day=DAY):
        with pytest.raises(ScenarioError) as refusal:
            load(append, day)
        return [tuple(line.split(": ", 2)[1:]) for line in str(refusal.value).splitlines()]

    return problems


def test_without_the_table_matches_are_not_scored(load):
    assert load().scoring is None
    assert load_scenario("seed").scoring is None


def test_the_default_game_in_a_hurry_shows_the_board_at_once():
    board = BoardRules(delay_seconds=0, frozen_seconds=0)
    assert load_scenario("intern_fast").scoring == replace(load_scenario("intern").scoring, board=board)


def test_the_default_game_is_scored_by_its_numbers_and_shows_a_board():
    assert load_scenario("intern").scoring == ScoringRules(
        roles={
            "market_maker": RoleScoring(formula="market_maker", contracts_per_hour=100),
            "hedge_fund": RoleScoring(formula="hedge_fund", contracts_per_hour=25),
            "arbitrage_desk": RoleScoring(formula="arbitrage_desk", contracts_per_hour=25),
            "retail": RoleScoring(formula="profit", contracts_per_hour=3),
        },
        horizon_seconds=60,
        shift_seconds=600,
        response_seconds=60,
        response_lots=500,
        inventory_delta=50,
        inventory_vega=500,
        coverage_ppm=800_000,
        active_ppm=800_000,
        tail_ppm=50_000,
        board=BoardRules(shown=True, interval_seconds=60, delay_seconds=300, frozen_seconds=900),
    )


def test_a_scenario_without_a_leaderboard_is_scored_all_the_same(load):
    assert load(SCORED).scoring == ScoringRules(board=BoardRules(shown=False))
    assert load(SCORED + "[leaderboard]\nshown = false\ndelay_seconds = 0\n").scoring == ScoringRules(
        board=BoardRules(shown=False, delay_seconds=0)
    )


def test_a_table_without_keys_gives_the_default_game_s_numbers_and_every_number_is_a_key():
    known = {name: getattr(ScoringRules(), name) for name in NESTED}
    assert rules_of(ScoringRules, ScoringTable(), **known) == ScoringRules()
    assert rules_of(BoardRules, LeaderboardTable()) == BoardRules()
    fields = {key_of(field).name for field in set(ScoringRules.__struct_fields__) - NESTED}
    assert fields == set(ScoringTable.__struct_fields__) - {"roles"}


def test_numbers_reach_the_rules_in_their_units(load):
    scoring = load(
        "[scoring]\ncoverage_percent = 72.5\ntail_percent = 10\nresponse_lots = 100\n"
        "[scoring.roles.retail]\ncontracts_per_hour = 0\n[scoring.roles.hedge_fund]\nformula = 'profit'\n"
        "[leaderboard]\ninterval_seconds = 30\n"
    ).scoring
    assert (scoring.coverage_ppm, scoring.tail_ppm, scoring.response_lots) == (725_000, 100_000, 100)
    assert scoring.roles == GAME_ROLES | {
        "retail": RoleScoring(formula="profit", contracts_per_hour=0),
        "hedge_fund": RoleScoring(formula="profit", contracts_per_hour=25),
    }
    assert scoring.board == BoardRules(interval_seconds=30)


def test_scores_count_in_the_hash_where_they_are_set(load):
    texts = ("", SCORED, SCORED + "[leaderboard]\n", "[scoring]\ntail_percent = 6\n")
    assert len({load(text).hash for text in texts}) == len(texts)


CONTRADICTIONS = [
    (SCORED + "[scoring.roles.maker]\n", "scoring.roles.maker", "there is no such role"),
    (
        SCORED + "[scoring.roles.retail]\nformula = 'market_maker'\n",
        "scoring.roles.retail.formula",
        "add [roles.retail.quote_coverage]",
    ),
    (SCORED + "[scoring.roles.retail]\nformula = 'hedge_fund'\n", "scoring.roles.retail.formula", "add [world]"),
    (
        SCORED + "[scoring.roles.retail]\nformula = 'arbitrage_desk'\n[world]\n[signals.tracking_error]\n",
        "scoring.roles.retail.formula",
        'add [signals.tracking_error] with role = "retail"',
    ),
    (SCORED + "[scoring.roles.retail]\nformula = 'profits'\n", "scoring.roles.retail.formula", "mean 'profit'?"),
    (SCORED + "[leaderboard]\ndelay_seconds = 3601\n", "leaderboard.delay_seconds", "3600 or less would do"),
    ("[leaderboard]\n", "leaderboard", "needs [scoring]"),
]


@pytest.mark.parametrize(("append", "key", "text"), CONTRADICTIONS)
def test_a_contradiction_is_told_by_its_key_with_what_would_do(problems, append, key, text):
    ((told, why),) = problems(append)
    assert told == key
    assert text in why


@pytest.mark.parametrize("needed", ["schedule", "pricing"])
def test_scores_need_market_time_and_values(problems, needed):
    told = problems(SCORED, day=DAY.replace(f"[{needed}]\n", ""))
    assert [text for key, text in told if key == "scoring" and f"needs [{needed}]" in text]


@pytest.mark.parametrize(
    ("append", "told"),
    [
        ("[scoring]\ntail_percent = 6\n", "scoring.tail_percent was 5 and is 6 now"),
        (
            "[scoring]\n[scoring.roles.retail]\ncontracts_per_hour = 5\n",
            "scoring.roles.retail.contracts_per_hour was 3 and is 5 now",
        ),
        ("[scoring]\n[leaderboard]\n", "leaderboard.shown was false and is true now"),
        ("", "[scoring] is gone"),
    ],
)
def test_a_difference_is_told_by_its_key(load, append, told):
    assert told in told_differences(load(SCORED), load(append))


# ---- surveillance -------------------------------------------------------------------------------------------------


def test_what_is_scored_is_watched_by_the_games_numbers(load):
    assert load(SCORED).scoring.surveillance == SurveillanceRules()
    assert load(SCORED + "[surveillance]\n").scoring == load(SCORED).scoring


def test_thresholds_are_those_of_the_table(load):
    rules = load(SCORED + "[surveillance]\ntransfer_currency = 9_000\npair_share_percent = 75\n").scoring.surveillance
    assert rules == SurveillanceRules(transfer_currency=9_000, pair_share_ppm=750_000)
    before = load(SCORED)
    now = load(SCORED + "[surveillance]\nbursts = 7\n")
    assert told_differences(before, now) == "surveillance.bursts was 5 and is 7 now"


def test_nothing_is_watched_that_is_not_scored(problems):
    (problem,) = problems("[surveillance]\n")
    assert problem == (
        "surveillance",
        "needs [scoring]: matches are followed only by it; add [scoring], or leave [surveillance] out",
    )
