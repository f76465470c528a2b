"""The table of teams, drawn into a terminal of a size."""

from datetime import UTC, datetime

import msgspec
import pytest
from rich.console import Console

from openoutcry.cli.admin.teams.table import team_table
from openoutcry.protocol.responses import DutyInfo, LimitInfo, SanctionsInfo, TeamOverviewInfo

BREACHED = DutyInfo(duty="quote_coverage", state="breached", measured=0.5, required=0.8, since=None)
NOW = datetime(2024, 1, 15, 10, 30, tzinfo=UTC)


def team(number=1, **changes):
    usual = TeamOverviewInfo(
        team_id=f"TEAM_{number}",
        team_name=f"Team {number}",
        role="market_maker",
        owner=None,
        suspended=False,
        has_key=True,
        connections=1,
        last_seen="2024-01-15T10:29:57.000000Z",
        orders=1_234,
        refusals={"RATE_LIMIT_EXCEEDED": 9, "INVALID_PRICE": 3, "CANCEL_FAILED": 1},
        positions={"SPY": -40, "SPX_CALL_4500_20240315": 5},
        equity=20_001_234.5,
        pnl=1_234.5,
        limits={"open_orders": LimitInfo(used=20, limit=400), "position": LimitInfo(used=95, limit=100)},
        duties=[],
        sanctions=SanctionsInfo(level=0, since=None),
        reduce_only=False,
    )
    return msgspec.structs.replace(usual, **changes)


def drawn(*teams, rates=None, width=200, height=20, trouble=None):
    console = Console(width=width, height=height, record=True, color_system=None)
    with console.capture() as capture:
        console.print(
            team_table(teams, rates or {}, NOW, url="http://here", width=width, height=height, trouble=trouble)
        )
    return [line.rstrip() for line in capture.get().splitlines()]


def test_a_row_tells_what_an_organiser_watches():
    lines = drawn(team(), rates={"TEAM_1": 12.34})
    assert lines[0] == "http://here   1 teams, 1 connected, 12 orders/s"
    assert lines[2].split("  ")[0] == "team"
    for told in (
        "Team 1  TEAM_1  market_maker",
        " 3 s ",
        " 1234 ",
        " 12.3 ",
        " 13 ",
        "-35 in 2",
        "20,001,234.50",
        "95% position",
        "RATE_LIMIT_EXCEEDED 9, INVALID_PRICE 3",
    ):
        assert told in lines[3]
    assert "CANCEL_FAILED" not in lines[3]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"last_seen": None}, "never"),
        ({"last_seen": "2024-01-15T10:00:00.000000Z"}, "30 min"),
        ({"last_seen": "2024-01-15T06:30:00.000000Z"}, "4 h"),
        ({"suspended": True}, "suspended"),
        ({"sanctions": SanctionsInfo(level=2, since=None)}, "points off"),
        ({"sanctions": SanctionsInfo(level=3, since=None), "reduce_only": True}, " reduce-only "),
        ({"reduce_only": True}, "reduce-only"),
        ({"duties": [BREACHED]}, "  quote_coverage  "),
        ({"limits": {"requirement": LimitInfo(used=5, limit=-1)}}, "100% requirement"),
        ({"has_key": False, "last_seen": None}, "Team 1 (the exchange's)"),
    ],
)
def test_what_is_unusual_is_said(changes, told):
    assert told in drawn(team(**changes))[3]


def test_a_team_of_the_exchange_s_own_is_neither_connected_nor_missed():
    row = drawn(team(has_key=False, last_seen=None, connections=0, refusals={}, limits={}, positions={}))[3]
    assert "never" not in row
    assert " 0 " not in row


def test_teams_that_do_not_fit_are_counted():
    lines = drawn(*(team(number) for number in range(30)), height=14)
    assert len(lines) <= 14
    assert lines[-1] == "and 21 more"
    assert "Team 8" in lines[-2]


def test_a_narrow_terminal_leaves_columns_out_and_cuts_no_number():
    lines = drawn(team(), width=60)
    assert max(map(len, lines)) <= 60
    assert "20,001,234.50" in lines[3]
    assert "TEAM_1" not in lines[3]


def test_an_old_table_says_why():
    assert drawn(team(), trouble="nobody answers")[1] == "nobody answers"
