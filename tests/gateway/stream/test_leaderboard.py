"""The leaderboard on the channel of its name and by query, with a team's own score as of the same instant."""

import asyncio

import msgspec
import pytest
from day_stage import scenario_of_a_day
from gateway_stage import limit_order, market_order, start_api, start_exchange
from live_server import PATIENCE_SECONDS, live_server

from openoutcry.client import AsyncClient, Leaderboard, SubscriptionRefusedError, UnderlyingPrice
from openoutcry.scoring.board import Board

SCHEDULE = "call = 09:29:50\nopening = 09:30:00\nclose = 09:34:00"
CALLS = "[calls]\nopening_random_seconds = 0\n"
SCORED = CALLS + "[pricing]\n[settlement]\nfixings = 3\n[scoring]\n"
SHOWN = SCORED + "[leaderboard]\ninterval_seconds = 30\ndelay_seconds = 45\nfrozen_seconds = 60\n"
HIDDEN = "[leaderboard]\nshown = false\ndelay_seconds = 0\nfrozen_seconds = 0\n"
NEVER = {"as_of": None, "session_date": None, "frozen": False, "final": False}
SECTIONS = ("role_points", "compliance", "risk")
KEPT_BACK = (None, None, None, 0)
MINUTE = "2024-03-14T09:{}-04:00"


@pytest.fixture
def scenario(tmp_path):
    return scenario_of_a_day(tmp_path, schedule=SCHEDULE, more=SHOWN)


@pytest.fixture
async def exchange(tmp_path, scenario):
    exchange = start_exchange(tmp_path / "data", scenario)
    yield exchange
    exchange.close()


@pytest.fixture
def api(exchange):
    return start_api(exchange)


def begin(exchange):
    exchange.driver.start_session()
    exchange.driver.stop()


def tick(exchange, times=1):
    for _ in range(times):
        assert exchange.driver.tick()


async def tick_to(exchange, time):
    """In turns of the loop, so that each second's messages leave before the next second."""
    while market_time(exchange) < time:
        tick(exchange)
        await asyncio.sleep(0)


def market_time(exchange):
    """As `HH:MM:SS`."""
    seconds = exchange.sequencer.queries.day().market_time - 4 * 3_600
    return f"{seconds // 3_600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def what_is_told_of(team):
    """The points by section, and how many components there are."""
    return (*(getattr(team, section) for section in SECTIONS), len(team.components))


async def read_until(events, done):
    """Prices and boards as they come, until one for which `done` holds."""
    read = []
    async for event in events:
        if isinstance(event, Leaderboard | UnderlyingPrice):
            read.append(event)
            if done(event):
                return read
    raise AssertionError("the stream has ended")


async def trade(one, other):
    """Ten lots of the tracker from one to the other, for a dollar above its value."""
    await one.post("/orders", limit_order("sell", 10, 451.0, instrument_id="SPY"))
    await other.post("/orders", market_order("buy", 10, instrument_id="SPY"))


async def test_each_board_is_told_once_over_a_socket_with_the_second_in_which_it_is_due(exchange):
    begin(exchange)
    async with live_server(exchange) as address, AsyncClient(address.replace("ws://", "http://")) as client:
        await client.connect()
        events = client.events(timeout_seconds=PATIENCE_SECONDS)
        await client.subscribe("underlyings", "leaderboard")
        await tick_to(exchange, "09:33:59")
        read = await read_until(events, lambda event: getattr(event, "market_time", "") == MINUTE.format("33:59"))
    boards, before = [], ""
    for event in read:
        if isinstance(event, Leaderboard):
            boards.append((event.as_of[14:19], before[14:19], event.frozen, event.final))
        else:
            before = event.market_time
    assert boards == [
        ("30:00", "30:45", False, False),
        ("30:30", "31:15", False, False),
        ("31:00", "31:45", False, False),
        ("31:30", "32:15", False, False),
        ("32:00", "32:45", False, False),
        ("32:00", "33:00", True, False),
    ]


async def test_whoever_joins_later_hears_the_newest_at_first_and_then_the_result(exchange, api):
    begin(exchange)
    one, other = await api.team("one"), await api.team("other", "retail")
    await tick_to(exchange, "09:31:20")
    await trade(one, other)
    async with live_server(exchange) as address, AsyncClient(address.replace("ws://", "http://")) as client:
        await client.connect()
        events = client.events(timeout_seconds=PATIENCE_SECONDS)
        await client.subscribe("leaderboard")
        (newest,) = await read_until(events, lambda _: True)
        assert (newest.as_of, newest.final) == (MINUTE.format("30:30"), False)
        assert {what_is_told_of(team) for team in newest.teams} == {KEPT_BACK}
        while exchange.sequencer.queries.day().is_running:
            tick(exchange)
        exchange.driver.start()  # settles what has expired
        *_, result = await read_until(events, lambda event: event.final)
    shown = (await api.get("/leaderboard")).data
    assert (shown["as_of"], shown["final"], shown["frozen"]) == (MINUTE.format("34:00"), True, False)
    assert [team["team_name"] for team in shown["teams"]] == ["one", "other"]
    assert [msgspec.to_builtins(team) for team in result.teams] == shown["teams"]
    assert [(await team.get("/account/score")).data["score"] for team in (one, other)] == shown["teams"]
    for team in result.teams:
        assert sum(each.points for each in team.components) == pytest.approx(team.score)
        assert team.role_points + team.compliance + team.risk == pytest.approx(team.score)


async def test_until_the_result_is_final_nobody_sees_what_another_s_score_is_made_of(exchange, api):
    begin(exchange)
    one = await api.team("one", "retail")
    told = set()
    while exchange.sequencer.queries.day().is_running:
        tick(exchange)
        board = exchange.leaderboard.data()
        told |= {(board.final, what_is_told_of(team)) for team in board.teams}
    assert told == {(False, KEPT_BACK)}
    own = (await one.get("/account/score")).data["score"]
    assert None not in [own[section] for section in SECTIONS]
    assert own["components"]


async def test_a_team_s_own_score_is_as_old_as_the_board(exchange, api):
    begin(exchange)
    one, other = await api.team("one", "retail"), await api.team("other", "retail")
    assert (await one.get("/account/score")).data == {**NEVER, "score": None, "inputs": None}
    assert (await api.get("/leaderboard")).data == {**NEVER, "teams": [], "exclusions": []}
    await tick_to(exchange, "09:30:29")
    maker = await api.team("maker")
    await maker.post("/orders", limit_order("sell", 10, 2.0, instrument_id="SPX_CALL_4610_20240314"))
    bought = await one.post("/orders", market_order("buy", 3, instrument_id="SPX_CALL_4610_20240314"))
    assert bought.status == 200
    await tick_to(exchange, "09:31:14")
    assert (await one.get("/account/score")).data["score"]["pnl"] == 0
    tick(exchange)
    own, board = (await one.get("/account/score")).data, (await api.get("/leaderboard")).data
    for key in NEVER:
        assert own[key] == board[key]
    assert own["as_of"] == MINUTE.format("30:30")
    (public,) = (team for team in board["teams"] if team["team_id"] == one.team_id)
    assert own["score"] | dict.fromkeys(SECTIONS) | {"components": []} == public
    assert own["inputs"]["pnl"] == own["score"]["pnl"] < 0
    assert sum(each["points"] for each in own["score"]["components"]) == pytest.approx(own["score"]["score"])
    late = await api.team("late", "retail")
    assert (await late.get("/account/score")).data["score"] is None
    assert (await other.get("/account/score")).data["score"]["pnl"] == 0
    assert (await api.get("/account/score")).refusal == (401, "UNAUTHENTICATED")


async def test_after_a_restart_the_board_goes_on(tmp_path, scenario, exchange, api):
    begin(exchange)
    one, other = await api.team("one"), await api.team("other", "retail")
    await trade(one, other)
    await tick_to(exchange, "09:31:20")
    before = (await api.get("/leaderboard")).data, (await one.get("/account/score")).data
    exchange.close()
    again = start_exchange(tmp_path / "data", scenario)
    again.driver.stop()
    api = start_api(again)
    assert ((await api.get("/leaderboard")).data, (await one_of(api, one).get("/account/score")).data) == before
    async with live_server(again) as address, AsyncClient(address.replace("ws://", "http://")) as client:
        await client.connect()
        events = client.events(timeout_seconds=PATIENCE_SECONDS)
        await client.subscribe("leaderboard")
        await tick_to(again, "09:32:20")
        read = await read_until(events, lambda event: event.as_of == MINUTE.format("31:30"))
    assert [board.as_of[14:19] for board in read] == ["30:30", "31:00", "31:30"]
    again.close()


def one_of(api, team):
    return api.with_headers(**team.headers)


@pytest.mark.parametrize(
    ("more", "text", "own"),
    [
        (CALLS + "[pricing]\n", "This scenario is not scored", 404),
        (SCORED, "does not show a leaderboard", 200),
        (SCORED + "[leaderboard]\nshown = false\n", "does not show a leaderboard", 200),
    ],
)
async def test_where_there_is_no_board_to_show_it_says_so(tmp_path, more, text, own):
    exchange = start_exchange(tmp_path / "data", scenario_of_a_day(tmp_path, schedule=SCHEDULE, more=more))
    api = start_api(exchange)
    team = await api.team("one", "retail")
    refused = await api.get("/leaderboard")
    assert refused.refusal == (404, "NO_SCORES")
    assert text in refused.error["message"]
    assert (await team.get("/account/score")).status == own
    async with live_server(exchange) as address, AsyncClient(address.replace("ws://", "http://")) as client:
        await client.connect()
        with pytest.raises(SubscriptionRefusedError, match=text):
            await client.subscribe("leaderboard")
    exchange.close()


async def test_a_team_sees_its_own_score_where_no_board_is_shown(tmp_path):
    scenario = scenario_of_a_day(tmp_path, schedule=SCHEDULE, more=SCORED + HIDDEN)
    exchange = start_exchange(tmp_path / "data", scenario)
    begin(exchange)
    team = await start_api(exchange).team("one", "retail")
    await tick_to(exchange, "09:31:00")
    assert (await team.get("/account/score")).data["as_of"] == MINUTE.format("31:00")
    exchange.close()


async def test_scores_that_fail_are_dropped_and_said_to_be(exchange, api, monkeypatch):
    def fail(*_arguments):
        raise RuntimeError("planted")

    begin(exchange)
    team = await api.team("one", "retail")
    monkeypatch.setattr(Board, "follow", fail)
    tick(exchange)
    for asked in await api.get("/leaderboard"), await team.get("/account/score"):
        assert asked.refusal == (503, "SERVICE_UNAVAILABLE")
        assert asked.error["message"] == "The scores failed and were dropped"
    assert (await api.get("/health")).data["failed_projections"].keys() == {"scores"}
    async with live_server(exchange) as address, AsyncClient(address.replace("ws://", "http://")) as client:
        await client.connect()
        with pytest.raises(SubscriptionRefusedError, match="were dropped"):
            await client.subscribe("leaderboard")
    await trade(await api.team("maker"), team)
