"""Short matches with a cheat: it is found, nobody else is named, and what it passed on is in nobody's score."""

import pytest

from openoutcry.scenarios.loader import load_scenario
from proofs.market.stage import last_seconds
from proofs.surveillance.matches import CHEATS, watch
from proofs.surveillance.proof import plan_of, report_of

SECONDS = 240


@pytest.fixture(scope="module")
def scenario():
    return last_seconds(load_scenario("intern_fast"), SECONDS)


@pytest.mark.parametrize("cheat", ["gifts, fast", "wash trades", "layers", "stuffed quotes"])
def test_a_cheat_is_found_and_nobody_else_is_named(scenario, cheat):
    match = watch(scenario, 7, cheat)
    assert match.is_found, match.findings
    assert match.wrong == []
    (finding,) = [each for each in match.findings if each.kind == CHEATS[cheat].kind]
    assert finding.measure >= finding.threshold
    assert finding.commands
    if not finding.excludes:
        assert match.exclusions == []
        return
    (exclusion,) = match.exclusions
    assert exclusion.trades >= finding.trade_count
    values = {name: match.entries[name].excluded_value for name in match.cheats}
    assert sorted(values.values()) == sorted((exclusion.value, -exclusion.value))
    assert {match.entries[name].excluded_trades for name in match.cheats} == {exclusion.trades}
    honest = [entry for name, entry in match.entries.items() if name not in match.cheats]
    assert {(entry.excluded_value, entry.excluded_trades) for entry in honest} == {(0, 0)}


def test_the_report_counts_matches_and_fails_by_an_honest_team_that_is_named(scenario):
    match = watch(scenario, 7)
    report = report_of(iter([match]), SECONDS)
    assert report.holds
    assert report.facts["matches"] == "1, of which 1 of honest teams alone"
    cheated = watch(scenario, 8, "stuffed quotes")
    wrongly = cheated._replace(cheats=frozenset({"fund"}))
    assert not report_of(iter([wrongly]), SECONDS).holds


def test_every_other_match_is_honest_and_each_cheat_has_its_turn():
    plan = plan_of(2 * len(CHEATS), first_seed=5)
    assert [seed for seed, _ in plan] == list(range(5, 5 + len(plan)))
    assert {cheat for _, cheat in plan[::2]} == {None}
    assert [cheat for _, cheat in plan[1::2]] == list(CHEATS)
