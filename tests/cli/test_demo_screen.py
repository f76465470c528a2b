"""The screen of the demonstration: at any terminal size nothing is cut, and no room is wasted."""

import io
import re

import pytest
from msgspec.structs import replace
from rich.console import Console

from openoutcry.bots.statistics import BotStats
from openoutcry.cli.demonstration.market import InstrumentState, Market
from openoutcry.cli.demonstration.screen import screen, summary
from openoutcry.client import LocalBook
from openoutcry.protocol.responses import OddsInfo, PnlInfo, TeamScoreInfo
from openoutcry.protocol.stream import Leaderboard, News, SessionStatus, Trade, UnderlyingPrice

URL = "http://127.0.0.1:43685"
SIZES = [(60, 24), (80, 24), (80, 40), (120, 24), (120, 40), (200, 60)]


def busy_market(instruments=7):
    names = [f"SPX_CALL_4{number:03}_20240119" for number in range(instruments)]
    market = Market(names)
    for number, name in enumerate(names):
        market.instruments[name] = InstrumentState(name, 1234.56, 1_000, 1235.67, 2_000, 1234.99, number, 12_345)
        market.books[name] = LocalBook(name, 0.01)
    for number in range(100):
        market.latest.append(
            Trade(
                trade_id=f"TRD_{number}",
                instrument_id=names[number % instruments],
                price=1000.0 + number,
                quantity=5,
                aggressor_side="sell",
                timestamp="",
                sequence=number,
            )
        )
    return market


BOTS = [
    BotStats(name=name, role="arbitrage_desk", requests=12_345, refusals=99, fills=4_321, profit=-123_456.78)
    for name in ("Maker", "Momentum", "Reverter", "Retail-A", "Retail-B", "Retail-C")
]


def lines_of(drawn, width, height=100):
    console = Console(width=width, height=height, file=io.StringIO(), color_system=None)
    console.print(drawn)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_it_fits_and_cuts_nothing(width, height):
    lines = lines_of(screen(URL, 7.0, busy_market(), BOTS, width=width, height=height), width)
    text = "\n".join(lines)
    assert len(lines) <= height
    assert max(map(len, lines)) <= width
    assert "…" not in text
    assert text.count("1234.56") == text.count("1235.67") == 7, "every bid and every ask"
    assert text.count("-123,456.78") == len(BOTS)
    assert f"{URL}/docs   Ctrl-C ends it" in text


def test_where_it_is_narrow_both_sizes_go_and_the_prices_stay():
    text = "\n".join(lines_of(screen(URL, 7.0, busy_market(), BOTS, width=60, height=24), 60))
    assert re.search(r"^instrument +bid +ask +last", text, re.MULTILINE)
    assert "2000" not in text


@pytest.mark.parametrize(("height", "teams"), [(10, 1), (11, 2), (13, 4), (14, 6)])
def test_where_it_is_low_the_best_teams_are_shown_and_the_others_counted(height, teams):
    lines = lines_of(screen(URL, 7.0, busy_market(1_000), BOTS, width=60, height=height), 60)
    text = "\n".join(lines)
    assert len(lines) <= height
    assert text.count("-123,456.78") == teams
    assert f"and {len(BOTS) - teams} more" in text or teams == len(BOTS)


@pytest.mark.parametrize("width", [10, 20, 35, 45])
def test_however_narrow_it_is_nothing_runs_over_the_edge(width):
    lines = lines_of(screen(URL, 7.0, busy_market(), BOTS, width=width, height=24), width)
    assert max(map(len, lines)) <= width


@pytest.mark.parametrize(("width", "height"), [(120, 40), (80, 40), (200, 60)])
def test_where_there_is_room_depth_and_latest_trades_fill_it(width, height):
    lines = lines_of(screen(URL, 7.0, busy_market(), BOTS, width=width, height=height), width)
    text = "\n".join(lines)
    assert "depth of SPX_CALL_4006_20240119" in text, "the busiest instrument's"
    assert "latest trades" in text
    assert "1000.00" in text
    assert len([line for line in lines if line]) >= height - 5


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_of_many_instruments_those_that_fit_are_shown_and_the_others_counted(width, height):
    lines = lines_of(screen(URL, 7.0, busy_market(1_000), BOTS, width=width, height=height), width)
    shown = sum("1234.56" in line for line in lines)
    assert len(lines) <= height
    assert f"and {1_000 - shown} more" in "\n".join(lines)


def test_the_summary_of_very_many_instruments_is_short_and_begins_with_the_busiest():
    lines = lines_of(summary(busy_market(3_000), BOTS, 80), 80)
    assert lines[1].startswith("SPX_CALL_42999")
    assert "and 2992 more" in "\n".join(lines)
    assert sum(map(len, lines)) < 4_000


def explained_bots(settlement):
    numbers = {"delta": -18_104.4, "gamma": 32_244, "theta": -10_854, "vega": 96_417, "edge": -164_096, "fees": -1_464}
    pnl = PnlInfo(pnl=-65_357.5, **numbers, settlement=settlement, rest=491)
    return [replace(bot, explained=pnl) for bot in BOTS]


@pytest.mark.parametrize(("width", "height"), SIZES[1:])
@pytest.mark.parametrize("settlement", [0.0, 8.0])
def test_the_summary_explains_each_team_and_cuts_no_number(width, height, settlement):
    lines = lines_of(summary(busy_market(), explained_bots(settlement), width), width)
    assert max(map(len, lines)) <= width
    heading = lines.index("P&L explained") + 1
    for line in lines[heading + 1 : heading + 1 + len(BOTS)]:
        cells = line.split()[1:]
        assert cells[:6] == ["-18,104", "+32,244", "-10,854", "+96,417", "-164,096", "-1,464"]
        assert cells[6:] in (["+491"], ["+491", "-65,358"], ["+8", "+491"], ["+8", "+491", "-65,358"])
        assert ("+8" in cells) == (settlement > 0)


def test_where_nothing_is_scored_the_summary_explains_nothing():
    assert "explained" not in "\n".join(lines_of(summary(busy_market(), BOTS, 80), 80))


def test_a_market_without_anything_yet_is_drawn():
    assert lines_of(screen(URL, 0.0, Market(["SPY"]), [], width=80, height=24), 80)


def moving_market():
    market = busy_market()
    market.see_session(session_status("continuous"))
    for symbol, first, price in (("SPX", 4_500.0, 4_545.0), ("SPY", 450.0, 449.1)):
        for each in (first, price):
            market.see_underlying(
                UnderlyingPrice(symbol=symbol, price=each, market_time="2024-03-14T09:47:12-04:00", timestamp="")
            )
    market.see_news(
        News(
            news_id="NEWS_1",
            headline="Consumer prices rise twice as fast as expected",
            category="economy",
            odds=OddsInfo(regime_shift=40, price_jump=30, no_effect=30),
            market_time="2024-03-14T09:41:02-04:00",
            timestamp="",
            sequence=1,
        )
    )
    return market


def session_status(phase, instrument_id=None):
    return SessionStatus(
        phase=phase,
        previous_phase="closed",
        instrument_id=instrument_id,
        halted=False,
        reason="schedule",
        trading_session=1,
        market_time=None,
        next_phase=None,
        next_at=None,
        timestamp="",
        sequence=1,
    )


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_market_that_moves_tells_its_clock_its_prices_and_the_latest_news(width, height):
    lines = lines_of(screen(URL, 7.0, moving_market(), BOTS[:4], width=width, height=height), width)
    assert len(lines) <= height
    assert lines[1].startswith("7 s  09:47:12 continuous  49380 sent")
    assert lines[2:5] == [
        "SPX 4,545.00 +1.00%   SPY 449.10 -0.20%",
        "09:41:02 Consumer prices rise twice as fast as expected",
        "",
    ]


def test_a_halt_of_one_instrument_is_no_phase_of_the_market():
    market = moving_market()
    market.see_session(session_status("halted", "SPX_CALL_4000_20240119"))
    assert market.phase == "continuous"


def test_teams_stand_in_the_order_of_their_profit_and_instruments_in_that_of_their_volume():
    market = busy_market()
    market.instruments["SPX_CALL_4003_20240119"].volume = 20_000
    bots = [BotStats(name=f"Team {profit}", role="retail", profit=profit) for profit in (-5.0, 7.0, 1.0)]
    lines = lines_of(screen(URL, 7.0, market, bots, width=80, height=24), 80)
    assert lines[4].startswith("SPX_CALL_4003")
    assert [line[:9].strip() for line in lines if line.startswith("Team ")] == ["Team 7.0", "Team 1.0", "Team -5.0"]


def scored_market(teams=4, **terms):
    """A busy one with a leaderboard."""
    market = busy_market()
    scores = [
        TeamScoreInfo(
            rank=number,
            team_id=f"TEAM_{number}",
            team_name=f"Team-{number}",
            role="arbitrage_desk",
            score=47.25,
            pnl=-123_456.78,
            role_points=22.75 if terms.get("final") else None,
            compliance=13.5 if terms.get("final") else None,
            risk=11.0 if terms.get("final") else None,
            components=[],
            inactive=None,
            excluded_trades=0,
            excluded_value=0.0,
        )
        for number in range(1, teams + 1)
    ]
    fields = {"frozen": False, "final": False} | terms
    as_of = "2024-03-14T09:41:00-04:00"
    market.see_leaderboard(
        Leaderboard(as_of=as_of, session_date="2024-03-14", teams=scores, exclusions=[], timestamp="", **fields)
    )
    return market


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("teams", [4, 40])
def test_the_leaderboard_stands_below_the_teams_and_cuts_nothing(width, height, teams):
    lines = lines_of(screen(URL, 7.0, scored_market(teams), BOTS, width=width, height=height), width)
    text = "\n".join(lines)
    assert len(lines) <= height
    assert max(map(len, lines)) <= width
    assert "…" not in text
    assert "leaderboard as of 09:41:00" in text
    shown = text.count("47.2")
    assert shown == teams or f"and {teams - shown} more" in text
    assert shown >= 1
    assert "1234.56" in text
    assert all(bot.name in text for bot in BOTS)


def test_the_leaderboard_has_points_by_section_once_it_is_final_and_no_rank_for_who_is_inactive():
    for final in False, True:
        market = scored_market(final=final)
        idle = replace(market.leaderboard.teams[0], rank=1, team_name="Idle", inactive="is not active")
        market.leaderboard.teams[0] = idle
        lines = lines_of(summary(market, BOTS, 140), 140)
        (heading,) = (line for line in lines if "rank" in line)
        assert "score" in heading
        assert "P&L" in heading
        assert {name in heading for name in ("for the role", "duties", "risk")} == {final}
        assert next(line.split()[2] for line in lines if line.startswith("Idle")) == "-"


def test_where_it_is_low_the_leaderboard_goes():
    text = "\n".join(lines_of(screen(URL, 7.0, scored_market(), BOTS, width=80, height=15), 80))
    assert "leaderboard" not in text
    assert "Maker" in text


@pytest.mark.parametrize(
    ("terms", "title"), [({"final": True}, ", the result"), ({"frozen": True}, ", frozen until the close")]
)
def test_the_leaderboard_says_how_it_stands_on_the_screen_and_in_the_summary(terms, title):
    market = scored_market(**terms)
    for drawn in screen(URL, 7.0, market, BOTS, width=140, height=40), summary(market, BOTS, 80):
        assert f"leaderboard as of 09:41:00{title}" in "\n".join(lines_of(drawn, 140))
