"""The proof of the world's distributions: it holds for a few seeds, and finds a world of other rules."""

import math

import pytest
from msgspec import structs
from world_stage import OPENING, RATIO, SECONDS, seed_of

from openoutcry.domain.simulation.world_rules import ForecastRules
from openoutcry.scenarios.loader import load_scenario
from openoutcry.simulation.world.drawing import draw
from proofs.world.estimate import Estimate, ratio, through
from proofs.world.measures import measure
from proofs.world.proof import judge, prove_world

RULES = load_scenario("intern").market
SEEDS = range(1, 13)


def failed_claims(rules):
    """Of worlds drawn by these rules and judged by those of `intern`."""
    measured = [measure(draw(rules, seed_of(seed), SECONDS, OPENING, RATIO), rules) for seed in SEEDS]
    return {one.claim.figure for one in judge(RULES, measured).judged if not one.holds}


def test_figures_of_a_few_seeds_are_what_the_rules_say():
    advanced = []
    report = prove_world(30, lambda: advanced.append(1))
    assert [one.claim.says for one in report.judged if not one.holds] == []
    assert len(report.judged) > 60
    assert (report.seeds, len(advanced)) == (30, 30)


@pytest.mark.parametrize(
    ("rules", "figure"),
    [
        (structs.replace(RULES, world=structs.replace(RULES.world, tracker_half_life_seconds=120)), "tracker kept"),
        (structs.replace(RULES, world=structs.replace(RULES.world, year_seconds=4_500_000)), "variance medium"),
        (structs.replace(RULES, world=structs.replace(RULES.world, news_gap_beyond_seconds=600)), "gap beyond"),
        (structs.replace(RULES, forecast=ForecastRules(confidence_most_ppm=500_000)), "changes told ahead"),
    ],
    ids=["tracker", "volatility", "news", "forecasts"],
)
def test_worlds_of_other_rules_are_found_out(rules, figure):
    assert figure in failed_claims(rules)


def test_a_ratio_has_the_error_of_its_seeds():
    assert ratio([(1, 2), (3, 2)]) == Estimate(1.0, pytest.approx(math.sqrt(2 * (1 + 1)) / 4), 4)
    assert ratio([(1, 2), (1, 2)]) == Estimate(0.5, 0.0, 4)
    assert math.isnan(ratio([(0, 0)]).value)


def test_a_function_of_an_estimate_has_its_error_by_the_slope():
    assert through(lambda value: 100 * value**2, Estimate(3.0, 0.01)) == Estimate(900.0, pytest.approx(6.0))


def test_tables_go_into_the_marked_place_of_a_page(tmp_path):
    page = tmp_path / "market.md"
    page.write_text(
        "before\n<!-- what follows is written by python -m proofs world -->\nlast year\n<!-- up to here -->\nafter\n"
    )
    prove_world(2, lambda: None).write_markdown(page)
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("<!-- up to here -->\nafter\n")
    assert "| time in low | " in text
    assert "last year" not in text
    unmarked = tmp_path / "unmarked.md"
    unmarked.write_text("nothing")
    with pytest.raises(ValueError, match="no marks"):
        prove_world(2, lambda: None).write_markdown(unmarked)
