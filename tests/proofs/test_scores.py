"""The proof of scores finds what it must: a figure that differs, and a team or a figure that is missing."""

import pytest

from proofs.report import Report
from proofs.scores.proof import compare

EXPECTED = {"Maker": {"pnl": 1.0, "total": 35.0}, "Retail": {"pnl": -1.0, "total": 20.0}}


@pytest.mark.parametrize(
    ("found", "differences"),
    [
        (EXPECTED, 0),
        ({**EXPECTED, "Maker": {"pnl": 1.0001, "total": 35.0}}, 1),
        ({**EXPECTED, "Maker": {"pnl": 1.0}}, 1),
        ({"Maker": EXPECTED["Maker"]}, 3),
        ({**EXPECTED, "Desk": {}}, 1),
    ],
)
def test_each_figure_of_each_team_is_compared(found, differences):
    report = Report("")
    compare(report, "the same digits", EXPECTED, found)
    assert report.checks[0].differences == differences
