"""The examples of docs/scoring.md, worked out by hand, are what the formula gives: the page's tables are read."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

from openoutcry.domain.scoring.rules import GAME_ROLES, ScoringRules
from openoutcry.domain.types import TeamId
from openoutcry.scoring.entry import Entry
from openoutcry.scoring.formula.round import round_of
from openoutcry.scoring.formula.score import score

PAGE = Path(__file__).resolve().parents[3] / "docs" / "scoring.md"
RULES = ScoringRules()
SAMPLES = 100
SECONDS = 10_000

INPUTS = {
    "P&L": lambda number: {"pnl": number * 10_000},
    "edge": lambda number: {"maker_edge": number * 10_000},
    "coverage": lambda number: {"coverage_sum_ppm": number * SAMPLES * 10**6, "coverage_samples": SAMPLES},
    "mean delta": lambda number: {"delta_sum_milli": number * 1_000 * SECONDS, "inventory_seconds": SECONDS},
    "mean vega": lambda number: {"vega_sum": number * 10_000 * SECONDS, "inventory_seconds": SECONDS},
    "shift": lambda number: {"shift": number * 10_000},
    "net squares": lambda number: {"net_delta_squares": number * 10**6},
    "gross squares": lambda number: {"gross_delta_squares": number * 10**6},
    "from the position": lambda number: {"convergence": number * 10_000},
    "edge of all fills": lambda number: {"edge": number * 10_000},
    "responded %": lambda number: {"response_ppb_ppm": number * 10**7 * 10**6},
    "signalled %": lambda number: {"signalled_ppb": number * 10**7},
    "seconds outside": lambda number: {"outside_seconds": number},
    "seconds judged": lambda number: {"judged_seconds": number},
    "levels 2 and 3": lambda number: {"levels_reached": number},
    "drawdown": lambda number: {"drawdown": number * 10_000},
    "worst minutes": lambda number: {"tail": number * 10_000},
}
"""Fields of an entry by the heading of a column. What has none here is worked out, and must be a component's value."""

NAMES = {"P&L": "pnl", "worst minutes": "worst_minutes"}
"""Of components, where they are not the heading."""


def tables(page):
    """The page's tables that have a name, as rows by heading."""
    found = {}
    for name, text in re.findall(r"<!-- (\w+: \w+) -->\n\n((?:\|.*\n)+)", page):
        header, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]
        found[name] = [dict(zip(header, row, strict=True)) for row in rows]
    return found


TABLES = tables(PAGE.read_text(encoding="utf-8"))
ROLES = [name.removeprefix("example: ") for name in TABLES if name.removeprefix("example: ") in GAME_ROLES]


def number(cell):
    return Fraction(cell.replace(",", ""))


def entries(role, *names):
    """Of the teams that these tables name, with all that these say of them."""
    fields = {}
    for name in names:
        for row in TABLES[f"example: {name}"]:
            mine = fields.setdefault(row["team"], {})
            for heading, cell in row.items():
                if heading in INPUTS:
                    mine.update(INPUTS[heading](number(cell)))
    assert all(value.denominator == 1 for mine in fields.values() for value in mine.values() if value)
    return [
        Entry(
            team_id=TeamId(team_id),
            team_name=team,
            role=role,
            owner="",
            **{name: int(value) for name, value in mine.items()},
        )
        for team_id, (team, mine) in enumerate(fields.items())
    ]


def check_points(found, table, total):
    """Each component of the table has the share and the points that stand there, and their sum is `total`'s."""
    for score_found, row in zip(found, TABLES[f"points: {table}"], strict=True):
        assert score_found.entry.team_name == row["team"]
        components = {each.name: each for each in score_found.components}
        for heading, cell in row.items():
            if "→" in cell:
                name, of = re.fullmatch(r"(.*?)(?: \((.*)\))?", heading).groups()
                component = components[NAMES.get(name, name)]
                share, points = cell.split("→")
                assert (component.share, component.points) == (float(share), pytest.approx(float(points))), heading
                assert component.of == float(of or 0)
        assert getattr(score_found, total) == pytest.approx(float(row[total.removesuffix("_points")]))


def test_every_role_of_the_game_has_an_example():
    assert sorted(ROLES) == sorted(GAME_ROLES)


@pytest.mark.parametrize("role", ROLES)
def test_points_of_a_role_are_those_worked_out_by_hand(role):
    found = score(entries(role, role), RULES)
    check_points(found, role, "role_points")
    shown = {heading for heading in TABLES[f"points: {role}"][0] if "(" in heading}
    assert len(shown) == sum(each.section == "role" for each in found[0].components)


@pytest.mark.parametrize("role", ROLES)
def test_values_that_the_page_works_out_are_those_of_the_components(role):
    for found, row in zip(score(entries(role, role), RULES), TABLES[f"example: {role}"], strict=True):
        for component in found.components:
            for heading, cell in row.items():
                if NAMES.get(heading, heading) == component.name:
                    assert component.value == float(number(cell)), (row["team"], heading)


@pytest.mark.parametrize("section", ["compliance", "risk"])
def test_points_of_compliance_and_risk_are_those_worked_out_by_hand(section):
    check_points(score(entries("market_maker", section), RULES), section, section)


def test_totals_and_ranks_are_those_worked_out_by_hand():
    found = score(entries("market_maker", "market_maker", "compliance", "risk"), RULES)
    for each, row in zip(found, TABLES["points: total"], strict=True):
        assert each.entry.team_name == row["team"]
        shown = [float(row[heading]) for heading in ("role", "compliance", "risk", "total", "rank")]
        assert [each.role_points, each.compliance, each.risk, each.total, each.rank] == shown


def test_the_round_and_how_sure_it_is_are_those_worked_out_by_hand():
    rows = TABLES["round: leads"]

    def entry(row, team):
        pnl = int(row[f"P&L of {team}"]) * 10_000
        return Entry(team_id=TeamId(1), team_name=team, role="retail", owner="", pnl=pnl)

    found = round_of([[entry(row, team) for team in "AB"] for row in rows], RULES)
    for row, (a, b) in zip(rows, found.scores, strict=True):
        assert (a.total, b.total, a.total - b.total) == (float(row["A"]), float(row["B"]), float(row["lead"]))
    (ranking,) = found.rankings
    (pair,) = ranking.neighbours
    estimates = {**{each.team.team_name: each.total for each in ranking.teams}, "lead": pair.lead}
    for row in TABLES["round: means"]:
        estimate = estimates[row[""]]
        for heading, value in {
            "mean": estimate.mean,
            "standard error": estimate.standard_error,
            "low": estimate.low,
            "high": estimate.high,
        }.items():
            decimals = len(row[heading].partition(".")[2])
            assert round(value, decimals) == float(row[heading]), (row[""], heading)
    assert round(pair.p_value, 3) == float(TABLES["round: means"][-1]["p-value"])
