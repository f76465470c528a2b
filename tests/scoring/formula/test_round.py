"""Several matches: pooled entries, means by team, who is ranked with whom, and how sure that is."""

import random
import sys
from fractions import Fraction
from itertools import permutations
from subprocess import run

import pytest

from openoutcry.domain.scoring.rules import ScoringRules
from openoutcry.domain.types import Money, TeamId
from openoutcry.scoring.entry import Entry
from openoutcry.scoring.formula.confidence import p_value
from openoutcry.scoring.formula.round import TeamKey, round_of
from openoutcry.scoring.formula.score import score

RULES = ScoringRules()


def entry(name, pnl, role="retail", owner="", **inputs):
    return Entry(team_id=TeamId(1), team_name=name, role=role, owner=owner, pnl=Money(pnl * 10_000), **inputs)


def names(ranking):
    return [each.team.team_name for each in ranking.teams]


def test_entries_of_all_matches_are_pooled():
    matches = [[entry("A", 4), entry("B", 3)], [entry("A", 1), entry("B", 2)]]
    found = round_of(matches, RULES)
    (ranking,) = found.rankings
    # Among four: 4 beats three (3.5 / 4 of 40 = 35), 3 two (25), 2 one (15), 1 none (5). Compliance 15, risk 7.5 each.
    assert [each.role_points for match in found.scores for each in match] == [35, 25, 5, 15]
    assert [each.role_points for each in ranking.teams] == [20, 20]
    assert [each.total.mean for each in ranking.teams] == [42.5, 42.5]
    assert [each.rank for each in ranking.teams] == [1, 1]
    assert [*found.scores[0], *found.scores[1]] == score([*matches[0], *matches[1]], RULES)


def test_one_match_is_ranked_and_claims_no_confidence():
    found = round_of([[entry("A", 1), entry("B", 2), entry("Fund", 3, "hedge_fund")]], RULES)
    fund, retail = found.rankings
    assert (fund.role, retail.role) == ("hedge_fund", "retail")
    assert names(retail) == ["B", "A"]
    assert {each.total.standard_error for each in retail.teams} == {None}
    (pair,) = retail.neighbours
    assert (pair.lead.mean, pair.p_value) == (20, None)
    assert pair.sentence == "B and A have one match in common: nothing tells how sure their order is."
    assert found.basis == (
        "The ranking rests on one match, which says nothing about how sure it is; 20 with roles rotated are advised. "
        "Teams are ranked within their roles: not every team has played every role equally often."
    )


def test_neighbours_are_compared_match_by_match():
    # In six matches 'Steady' is ahead of 'Close' by the same order, though their P&L goes up and down together.
    market = [0, 50, -40, 30, 10, -20]
    matches = [[entry("Steady", 2 * move + 1), entry("Close", 2 * move)] for move in market]
    found = round_of(matches, RULES)
    (pair,) = found.rankings[0].neighbours
    # Each lead is one place of twelve: 40 / 12 points, six times.
    assert (pair.ahead.team_name, pair.behind.team_name, pair.matches) == ("Steady", "Close", 6)
    assert pair.lead.mean == float(Fraction(40, 12))
    assert pair.lead.standard_error == 0
    assert pair.p_value is None
    assert pair.sentence == (
        "Steady scored 3.3 points more than Close in the 6 matches that both played, each time the same: "
        "nothing tells how much chance there is in it."
    )


def test_a_lead_that_varies_has_the_chance_of_the_paired_test():
    # P&L 1 to 8; leads of 3, 1, 1 and 1 places of eight, 5 points each: 15, 5, 5, 5.
    matches = [
        [entry("A", 4), entry("B", 1)],
        [entry("A", 3), entry("B", 2)],
        [entry("A", 6), entry("B", 5)],
        [entry("A", 8), entry("B", 7)],
    ]
    (pair,) = round_of(matches, RULES).rankings[0].neighbours
    # Mean 7.5, squares 56.25 + 3 x 6.25 = 75, error (75 / 12)^1/2 = 2.5: t = 3 with 3 degrees of freedom.
    assert (pair.lead.mean, pair.lead.standard_error) == (7.5, 2.5)
    assert pair.p_value == pytest.approx(0.0577, abs=0.0001)
    assert pair.sentence == (
        "A scored 7.5 points more than B in the 4 matches that both played. "
        "If both were equally good, chance would make a difference at least so large in 58 of 1,000 rounds."
    )


def test_roles_that_every_team_played_equally_often_make_one_ranking():
    roles = ("market_maker", "hedge_fund", "retail")
    matches = [
        [entry(name, number, role) for number, (name, role) in enumerate(zip("ABC", order, strict=True))]
        for order in permutations(roles)
    ]
    found = round_of(matches, RULES)
    assert found.is_rotated
    (ranking,) = found.rankings
    assert ranking.role is None
    assert [(each.team.team_name, each.matches) for each in ranking.teams] == [("C", 6), ("B", 6), ("A", 6)]
    assert "every team has played every role equally often" in found.basis


@pytest.mark.parametrize("left_out", [0, 2, 5])
def test_one_entry_that_is_missing_keeps_roles_apart(left_out):
    matches = [
        [entry("A", 1, "retail"), entry("B", 2, "hedge_fund")],
        [entry("A", 1, "hedge_fund"), entry("B", 2, "retail")],
        [entry("C", 1, "hedge_fund"), entry("D", 2, "retail")],
        [entry("C", 1, "retail"), entry("D", 2, "hedge_fund")],
    ]
    assert round_of(matches, RULES).is_rotated
    del matches[left_out // 2][left_out % 2]
    found = round_of(matches, RULES)
    assert not found.is_rotated
    assert [each.role for each in found.rankings] == ["hedge_fund", "retail"]


def test_a_team_is_known_by_its_name_and_its_owner():
    matches = [[entry("A", 1, owner="team A"), entry("B", 2)], [entry("A", 1, owner="owner Ann"), entry("B", 2)]]
    (ranking,) = round_of(matches, RULES).rankings
    assert [(each.team, each.matches) for each in ranking.teams] == [
        (TeamKey("B", ""), 2),
        (TeamKey("A", "owner Ann"), 1),
        (TeamKey("A", "team A"), 1),
    ]
    assert ranking.neighbours[1].sentence == ("A and A have no match in common: nothing tells how sure their order is.")
    assert ranking.neighbours[1].lead is None


def test_a_match_in_which_a_team_was_not_active_counts_with_0_points():
    matches = [[entry("A", 1), entry("B", 2)], [entry("A", 3), entry("B", 4, is_active=False)]]
    (ranking,) = round_of(matches, RULES).rankings
    b = next(each for each in ranking.teams if each.team.team_name == "B")
    assert (b.matches, b.active_matches) == (2, 1)
    assert b.total.mean == (20 + 15 + 7.5) / 2


def test_who_is_ahead_by_other_matches_is_told():
    # A beats B whenever they meet, and B has won a match without A.
    matches = [
        [entry("A", 2), entry("B", 1), entry("C", 10)],
        [entry("A", 4), entry("B", 3), entry("C", 10)],
        [entry("B", 100)],
    ]
    (ranking,) = round_of(matches, RULES).rankings
    assert names(ranking) == ["C", "B", "A"]
    assert ranking.neighbours[1].lead.mean < 0
    assert ranking.neighbours[1].sentence.startswith("A scored 5.7 points more than B in the 2 matches that both")


def test_matches_of_one_seed_are_told():
    matches = [[entry("A", 1), entry("B", 2)]] * 3
    assert round_of(matches, RULES, ["x", "x", "x"]).seeds == 1
    assert "Their markets were drawn all from one seed: the order is less sure" in (
        round_of(matches, RULES, ["x", "x", "x"]).basis
    )
    assert "from 2 seeds" in round_of(matches, RULES, ["x", "y", "x"]).basis
    assert "drawn" not in round_of(matches, RULES, ["x", "y", "z"]).basis


def test_a_ranking_says_on_how_many_matches_it_rests():
    def basis(matches, *roles):
        return round_of([[entry("A", 1, roles[number % len(roles)])] for number in range(matches)], RULES).basis

    alike = "All teams played the same role."
    assert basis(8, "retail") == f"The ranking rests on 8 matches; 20 with roles rotated are advised. {alike}"
    assert basis(20, "retail") == f"The ranking rests on 20 matches; to rotate roles is advised. {alike}"
    assert basis(20, "retail", "hedge_fund") == (
        "The ranking rests on 20 matches with roles rotated. "
        "Teams are ranked across roles: every team has played every role equally often."
    )


def test_the_order_of_matches_and_of_entries_changes_no_ranking():
    chance = random.Random(5)
    roles = {"A": "retail", "B": "retail", "C": "hedge_fund", "D": "hedge_fund", "E": "retail"}
    matches = [
        [entry(name, chance.randrange(20), role, drawdown=chance.randrange(9)) for name, role in roles.items()]
        for _ in range(5)
    ]
    found = round_of(matches, RULES)
    for match in matches:
        chance.shuffle(match)
    chance.shuffle(matches)
    shuffled = round_of(matches, RULES)
    assert shuffled.rankings == found.rankings
    assert shuffled.basis == found.basis


def test_intervals_and_the_paired_test_claim_no_more_than_they_should():
    # Teams alike, in markets that move all of them, with P&L far from normal: 42.5 points are what each is worth.
    chance = random.Random(12)
    rounds, held, told = 200, 0, 0
    for _ in range(rounds):
        matches = []
        for _ in range(8):
            market = chance.gauss(0, 20)
            matches.append([entry(name, round(market + chance.gauss(0, 9) ** 3)) for name in "ABCDE"])
        found = round_of(matches, RULES)
        held += sum(each.total.low <= 42.5 <= each.total.high for each in found.rankings[0].teams)
        a_less_b = [Fraction(match[0].total) - Fraction(match[1].total) for match in found.scores]
        told += p_value(a_less_b) < 0.05
    assert 0.93 <= held / (5 * rounds) <= 0.99
    assert told / rounds <= 0.08


def test_one_match_is_scored_without_numpy_and_scipy():
    script = (
        "import sys\n"
        "from openoutcry.domain.scoring.rules import ScoringRules\n"
        "from openoutcry.scoring.entry import Entry\n"
        "from openoutcry.scoring.formula.round import round_of\n"
        "entry = Entry(team_id=1, team_name='A', role='retail', owner='')\n"
        "assert round_of([[entry]], ScoringRules()).matches == 1\n"
        "assert not {'numpy', 'scipy'} & set(sys.modules)\n"
    )
    run([sys.executable, "-c", script], check=True)
