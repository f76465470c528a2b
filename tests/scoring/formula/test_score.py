"""Scores against a reference that counts worse and equal ones pair by pair, and what must hold of any of them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from openoutcry.domain.scoring.rules import GAME_ROLES, RoleScoring, ScoringRules
from openoutcry.domain.types import Money, TeamId
from openoutcry.scoring.entry import Entry
from openoutcry.scoring.formula.component import UNITS
from openoutcry.scoring.formula.score import ranking, score

RULES = ScoringRules()
RANKED = {
    "pnl": (20, lambda e: e.pnl),
    "edge": (10, lambda e: e.maker_edge),
    "inventory": (
        5,
        lambda e: (
            -Fraction(e.delta_sum_milli, 50_000 * e.inventory_seconds)
            - Fraction(e.vega_sum, 5_000_000 * e.inventory_seconds)
            if e.inventory_seconds
            else 0
        ),
    ),
    "shift": (14, lambda e: e.shift),
    "convergence": (14, lambda e: e.convergence + e.edge),
    "drawdown": (Fraction(15, 2), lambda e: -e.drawdown),
    "worst_minutes": (Fraction(15, 2), lambda e: e.tail),
}
OF_ROLE = {
    "market_maker": ("pnl", "edge", "coverage", "inventory"),
    "hedge_fund": ("pnl", "shift", "hedging"),
    "arbitrage_desk": ("pnl", "convergence", "response"),
    "retail": ("pnl",),
    "visitor": ("pnl",),
}

money = st.integers(-4, 4) | st.integers(-(10**14), 10**14)
size = st.integers(0, 4) | st.integers(0, 10**14)


@st.composite
def an_entry(draw, role=None):
    judged, samples, signalled, gross = (draw(st.integers(0, 5)) for _ in range(4))
    return Entry(
        team_id=TeamId(draw(st.integers(1, 10**6))),
        team_name=draw(st.sampled_from("ABCDEF")),
        role=role or draw(st.sampled_from(sorted(OF_ROLE))),
        owner="",
        is_active=draw(st.integers(0, 4)) > 0,
        pnl=draw(money),
        maker_edge=draw(money),
        edge=draw(money),
        coverage_sum_ppm=draw(st.integers(0, samples * 1_000_000)),
        coverage_samples=samples,
        delta_sum_milli=draw(size),
        vega_sum=draw(size),
        inventory_seconds=draw(st.integers(0, 3)),
        shift=draw(money),
        net_delta_squares=draw(st.integers(0, 8)),
        gross_delta_squares=gross,
        convergence=draw(money),
        response_ppb_ppm=draw(st.integers(0, signalled * 1_000_000)),
        signalled_ppb=signalled,
        judged_seconds=judged,
        outside_seconds=draw(st.integers(0, judged)),
        levels_reached=draw(st.integers(0, 3)),
        drawdown=draw(size),
        tail=draw(money),
    )


entries = st.lists(an_entry(), min_size=1, max_size=12)


def reference(entry, everybody):
    """The points of each component, as GAME's formulas read."""
    if not entry.is_active:
        return {}
    peers = [each for each in everybody if each.role == entry.role and each.is_active]

    def ranked(name, of=None):
        points, value = RANKED[name]
        worse = sum(value(each) < value(entry) for each in peers)
        equal = sum(value(each) == value(entry) for each in peers)
        return (of or points) * (worse + Fraction(equal, 2)) / len(peers)

    def ratio(part, whole):
        return Fraction(part, whole) if whole else Fraction(0)

    points = {}
    for name in OF_ROLE[entry.role]:
        if name == "coverage":
            covered = ratio(entry.coverage_sum_ppm, entry.coverage_samples * 10**6)
            points[name] = 5 * min(Fraction(1), covered / Fraction(8, 10))
        elif name == "hedging":
            open_share = ratio(entry.net_delta_squares, entry.gross_delta_squares)
            points[name] = 6 * max(Fraction(0), 1 - open_share) if entry.gross_delta_squares else Fraction(0)
        elif name == "response":
            points[name] = 6 * ratio(entry.response_ppb_ppm, entry.signalled_ppb * 10**6)
        else:
            points[name] = ranked(name, 40 if len(OF_ROLE[entry.role]) == 1 else None)
    outside = ratio(entry.outside_seconds, entry.judged_seconds)
    points["compliance"] = 15 * max(Fraction(0), 1 - 5 * outside - Fraction(entry.levels_reached, 5))
    points["risk"] = ranked("drawdown") + ranked("worst_minutes")
    return points


@given(entries)
def test_scores_are_those_of_the_reference(everybody):
    for entry, found in zip(everybody, score(everybody, RULES), strict=True):
        expected = reference(entry, everybody)
        of_role = {each.name: each.points for each in found.components if each.section == "role"}
        assert of_role == {name: float(expected.get(name, 0)) for name in OF_ROLE[entry.role]}
        assert found.role_points == float(sum(expected.get(name, 0) for name in OF_ROLE[entry.role]))
        assert found.compliance == float(expected.get("compliance", 0))
        assert found.risk == float(expected.get("risk", 0))
        assert found.total == float(sum(expected.values()))


@given(entries)
def test_points_add_up_and_stay_within_their_bounds(everybody):
    for found in score(everybody, RULES):
        assert 0 <= found.role_points <= 40
        assert 0 <= found.compliance <= 15
        assert 0 <= found.risk <= 15
        assert 0 <= found.total <= 70
        assert sum(each.points for each in found.components) == pytest.approx(found.total)
        assert sum(each.of for each in found.components) == 70
        assert all(each.name in UNITS for each in found.components)


@given(entries)
def test_p_is_never_nearer_to_0_or_1_than_half_an_entry(everybody):
    for found in score(everybody, RULES):
        n = sum(each.is_active and each.role == found.entry.role for each in everybody)
        for each in found.components:
            if each.name in RANKED and found.entry.is_active:
                assert 1 / (2 * n) <= each.share <= 1 - 1 / (2 * n)


@given(entries, st.randoms(use_true_random=False))
def test_the_order_of_entries_changes_nothing(everybody, random):
    order = list(range(len(everybody)))
    random.shuffle(order)
    found, shuffled = score(everybody, RULES), score([everybody[number] for number in order], RULES)
    assert shuffled == [found[number] for number in order]


BETTER = {
    "pnl": 1,
    "maker_edge": 1,
    "coverage_sum_ppm": 1,
    "delta_sum_milli": -1,
    "vega_sum": -1,
    "shift": 1,
    "net_delta_squares": -1,
    "convergence": 1,
    "edge": 1,
    "response_ppb_ppm": 1,
    "outside_seconds": -1,
    "levels_reached": -1,
    "drawdown": -1,
    "tail": 1,
}


@given(entries, st.data())
def test_a_better_input_never_gives_fewer_points(everybody, data):
    number = data.draw(st.integers(0, len(everybody) - 1))
    name = data.draw(st.sampled_from(sorted(BETTER)))
    by = data.draw(st.integers(1, 5))
    before = score(everybody, RULES)[number]
    entry = everybody[number]
    bounded = {"coverage_sum_ppm": entry.coverage_samples * 10**6, "response_ppb_ppm": entry.signalled_ppb * 10**6}
    value = getattr(entry, name) + BETTER[name] * by
    if BETTER[name] < 0:
        value = max(0, value)
    if name in bounded:
        value = min(bounded[name], value)
    better = [*everybody]
    better[number] = structs.replace(entry, **{name: value})
    after = score(better, RULES)[number]
    for earlier, later in zip(before.components, after.components, strict=True):
        # What the duties give may be taken by levels that cost nothing before: only their sum counts.
        if earlier.section != "compliance":
            assert later.points >= earlier.points
    assert after.compliance >= before.compliance
    assert after.total >= before.total
    assert after.rank <= before.rank


@given(st.lists(an_entry("hedge_fund"), min_size=2, max_size=8), st.integers(0, 7))
def test_equal_entries_share_rank_and_points(everybody, number):
    twin = structs.replace(everybody[number % len(everybody)], team_id=TeamId(0), team_name="Twin")
    *others, of_twin = score([*everybody, twin], RULES)
    original = others[number % len(everybody)]
    assert (of_twin.total, of_twin.rank, of_twin.components) == (original.total, original.rank, original.components)


@given(entries)
def test_ranks_are_by_total_within_a_role(everybody):
    found = score(everybody, RULES)
    for each in found:
        better = [other for other in found if other.entry.role == each.entry.role and other.total > each.total]
        assert each.rank == 1 + len(better)


@given(entries)
def test_one_who_is_not_active_changes_nobodys_points(everybody):
    active = [each for each in everybody if each.is_active]
    points = [found.total for found in score(everybody, RULES) if found.entry.is_active]
    assert points == [found.total for found in score(active, RULES)]


def entry(name="A", role="retail", **inputs):
    return Entry(team_id=TeamId(1), team_name=name, role=role, owner="", **inputs)


def test_one_who_is_not_active_is_listed_with_the_reason_and_without_points():
    idle = entry("Idle", is_active=False, pnl=Money(90_000_000), active_seconds=3_600, session_seconds=19_800)
    loser = entry("Loser", pnl=Money(-10_000))
    of_idle, of_loser = score([idle, loser], RULES)
    assert (of_idle.total, of_idle.role_points, of_idle.compliance, of_idle.risk) == (0, 0, 0, 0)
    assert of_idle.components[0].value == 9_000
    assert {each.points for each in of_idle.components} == {0}
    assert of_idle.inactive == (
        "traded less than 3 contracts in an hour too often: "
        "it reached them in hours that make 3,600 of 19,800 seconds, not 80 %"
    )
    assert (of_loser.inactive, of_loser.total, of_loser.rank, of_idle.rank) == (None, 20 + 15 + 7.5, 1, 2)


def test_a_role_that_the_rules_do_not_name_is_scored_by_its_pnl():
    rich, poor = score([entry("Rich", "visitor", pnl=Money(2)), entry("Poor", "visitor", pnl=Money(1))], RULES)
    assert (rich.role_points, poor.role_points) == (30, 10)


def test_a_role_goes_by_the_formula_that_the_rules_give_it():
    rules = ScoringRules(roles={**GAME_ROLES, "retail": RoleScoring(formula="hedge_fund")})
    (found,) = score([entry()], rules)
    assert [each.name for each in found.components if each.section == "role"] == ["pnl", "shift", "hedging"]


def test_a_coverage_that_needs_nothing_is_full():
    (found,) = score([entry("A", "market_maker")], ScoringRules(coverage_ppm=0))
    assert found.components[2].points == 5


def test_no_entries_have_no_scores():
    assert score([], RULES) == []


def test_tables_show_roles_in_the_order_of_the_rules_and_the_best_first():
    everybody = [
        entry("Visitor", "visitor"),
        entry("Poor", "retail", pnl=Money(1)),
        entry("Rich", "retail", pnl=Money(2)),
        entry("Fund", "hedge_fund"),
    ]
    shown = ranking(score(everybody, RULES), RULES)
    assert [each.entry.team_name for each in shown] == ["Fund", "Rich", "Poor", "Visitor"]
