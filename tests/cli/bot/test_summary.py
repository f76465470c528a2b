"""The table at the end of a bot."""

import io

from rich.console import Console

from openoutcry.cli.bot.summary import show_summaries
from openoutcry.client.bot.summary import BotSummary
from openoutcry.protocol.responses import DutyInfo, PnlInfo, TeamScoreInfo

PNL = PnlInfo(
    pnl=1234.5, delta=1000.0, gamma=0.0, theta=0.0, vega=200.0, edge=50.0, fees=-15.5, settlement=0.0, rest=0.0
)


def summary(**terms: object) -> BotSummary:
    return BotSummary(
        **{
            "team": "Mine",
            "role": "market_maker",
            "ended": "Ctrl-C",
            "pnl": 1234.5,
            "explained": None,
            "fills": 12,
            "contracts": 1300,
            "refusals": {},
            "failures": 0,
            "duties": [],
            "sanctions": 0,
            "open_orders": 0,
            "positions": {},
            "score": None,
            "is_final": False,
            **terms,
        }
    )


def shown(*summaries: BotSummary, width: int = 200) -> list[str]:
    text = io.StringIO()
    show_summaries(Console(file=text, width=width, highlight=False, markup=False), summaries)
    return [line.rstrip() for line in text.getvalue().splitlines()]


def test_a_bot_of_a_scenario_without_scoring():
    assert shown(summary()) == [
        "team  role               P&L  fills  contracts  refused",
        "Mine  market_maker  1,234.50     12      1,300        0",
        "",
        "ended     Ctrl-C",
    ]


def test_a_scored_bot_with_duties_and_refusals():
    score = TeamScoreInfo(
        rank=2,
        team_id="TEAM_1",
        team_name="Mine",
        role="market_maker",
        score=41.25,
        pnl=1234.5,
        role_points=None,
        compliance=None,
        risk=None,
        components=[],
        inactive=None,
        excluded_trades=0,
        excluded_value=0.0,
    )
    duty = DutyInfo(duty="quote_coverage", state="met", measured=0.92, required=0.8, since=None)
    lines = shown(
        summary(
            explained=PNL,
            refusals={"INVALID_PRICE": 3, "REDUCE_ONLY": 1},
            failures=1,
            duties=[duty],
            sanctions=1,
            open_orders=2,
            positions={"SPY": -300},
            score=score,
        )
    )
    assert lines[0].split()[2:] == [
        "P&L",
        "delta",
        "gamma",
        "theta",
        "vega",
        "edge",
        "fees",
        "settlement",
        "rest",
        "fills",
        "contracts",
        "refused",
        "failures",
        "score/70",
    ]
    assert lines[1].split()[-6:] == ["0.00", "12", "1,300", "4", "1", "41.25"]
    assert lines[3:] == [
        "ended     Ctrl-C",
        "refused   INVALID_PRICE 3, REDUCE_ONLY 1",
        "duty      quote coverage: met, 0.92 where 0.8 is required",
        "sanctions level 1",
        "position  SPY -300",
        "orders    2 are still open",
        "score     rank 2 as market_maker, so far",
    ]


def test_where_there_is_no_room_the_finer_parts_go_first():
    (heading, *_) = shown(summary(explained=PNL), width=80)
    assert "P&L" in heading
    assert "gamma" not in heading
    assert "refused" in heading


def test_several_bots_are_one_table_and_each_has_its_lines():
    lines = shown(summary(), summary(team="Yours", pnl=None))
    assert lines[1].split()[0] == "Mine"
    assert lines[2].split() == ["Yours", "market_maker", "-", "12", "1,300", "0"]
    assert [line for line in lines if line.startswith("team  ")][1:] == ["team      Mine", "team      Yours"]
