"""P&L explained, by query: a team's own, as of now."""

import pytest
from day_stage import scenario_of_a_day
from gateway_stage import limit_order, start_api, start_exchange
from live_server import live_server

from openoutcry.client import AsyncClient, PnlData

OPTION = "SPX_CALL_4500_20240314"
SCHEDULE = "call = 09:29:50\nopening = 09:30:00\nclose = 09:34:00"
CALLS = "[calls]\nopening_random_seconds = 0\n"
SCORED = CALLS + "[pricing]\n[settlement]\nfixings = 3\n[scoring]\n"
PARTS = ("delta", "gamma", "theta", "vega", "edge", "fees", "settlement", "rest")
NOTHING = dict.fromkeys(("pnl", *PARTS), 0)


@pytest.fixture
def scenario(tmp_path):
    return scenario_of_a_day(tmp_path, schedule=SCHEDULE, more=SCORED)


@pytest.fixture
async def exchange(tmp_path, scenario):
    exchange = start_exchange(tmp_path / "data", scenario)
    yield exchange
    exchange.close()


@pytest.fixture
def api(exchange):
    return start_api(exchange)


def begin(exchange, ticks=60):
    exchange.driver.start_session()
    exchange.driver.stop()
    tick(exchange, ticks)


def tick(exchange, times):
    for _ in range(times):
        assert exchange.driver.tick()


async def explained(team, instrument_id=None):
    query = "" if instrument_id is None else f"instrument_id={instrument_id}"
    return (await team.get("/account/pnl", query=query)).data


async def trade_option(one, other):
    """For about half a dollar above its value."""
    value = (await one.get("/greeks")).data["greeks"][OPTION]["theoretical"]
    await trade(one, other, OPTION, round(value) + 0.5)


async def trade(one, other, instrument_id, price, quantity=10):
    for team, side in ((one, "sell"), (other, "buy")):
        assert (await team.post("/orders", limit_order(side, quantity, price, instrument_id=instrument_id))).order_id


def units(money):
    return round(money * 10_000)


async def test_the_parts_of_everything_add_up_to_the_pnl_of_the_account(exchange, api):
    begin(exchange)
    one, other = await api.team("one", "hedge_fund"), await api.team("other", "hedge_fund")
    await trade(one, other, "SPY", 450.5)
    await trade_option(one, other)
    tick(exchange, 100)
    for team in (one, other):
        data = await explained(team)
        account = (await team.get("/account")).data["account"]
        gained = sum(map(units, (account["realized_pnl"], account["unrealized_pnl"], -account["fees_paid"])))
        assert units(data["total"]["pnl"]) == gained
        assert (data["as_of"], data["session_date"]) == ("2024-03-14T09:32:30-04:00", "2024-03-14")
        assert [each["instrument_id"] for each in data["instruments"]] == ["SPY", OPTION]
        assert [each["begins_at"] for each in data["hours"]] == ["2024-03-14T09:30:00-04:00"]
        for parts in (data["total"], *data["instruments"], *data["hours"]):
            assert units(parts["pnl"]) == sum(units(parts[name]) for name in PARTS)
        for name in PARTS:
            assert units(data["total"][name]) == sum(units(each[name]) for each in data["instruments"])
            assert units(data["total"][name]) == sum(units(each[name]) for each in data["hours"])
        assert data["total"]["theta"]
        assert data["total"]["edge"]


async def test_one_instrument_is_explained_alone(exchange, api):
    begin(exchange)
    one, other = await api.team("one", "hedge_fund"), await api.team("other", "hedge_fund")
    await trade(one, other, "SPY", 450.5)
    await trade_option(one, other)
    tick(exchange, 10)
    whole, spot = await explained(other), await explained(other, "SPY")
    assert [each["instrument_id"] for each in spot["instruments"]] == ["SPY"]
    assert spot["instruments"][0] == {"instrument_id": "SPY"} | spot["total"]
    assert spot["instruments"][0] in whole["instruments"]
    assert spot["total"]["edge"] == -500  # ten lots of a hundred, fifty cents above their value
    assert spot["total"]["edge"] + spot["total"]["fees"] == spot["total"]["pnl"]


async def test_before_the_first_session_there_is_nothing_to_explain(api):
    data = await explained(await api.team("one"))
    assert data == {"as_of": None, "session_date": None, "total": NOTHING, "instruments": [], "hours": []}


async def test_an_unknown_instrument_is_named(exchange, api):
    begin(exchange)
    answer = await (await api.team("one")).get("/account/pnl", query="instrument_id=SPX_CALL_1_20240315")
    assert answer.refusal == (404, "INVALID_INSTRUMENT")
    assert "SPX_CALL_1_20240315" in answer.error["message"]


async def test_a_scenario_that_is_not_scored_says_so(tmp_path):
    exchange = start_exchange(
        tmp_path / "data", scenario_of_a_day(tmp_path, schedule=SCHEDULE, more=CALLS + "[pricing]\n")
    )
    team = await start_api(exchange).team("one")
    answer = await team.get("/account/pnl")
    assert answer.refusal == (404, "NO_SCORES")
    exchange.close()


async def test_a_restart_explains_what_was_explained_before(tmp_path, scenario):
    exchange = start_exchange(tmp_path / "data", scenario)
    begin(exchange)
    api = start_api(exchange)
    one, other = await api.team("one", "hedge_fund"), await api.team("other", "hedge_fund")
    await trade_option(one, other)
    tick(exchange, 20)
    before = await explained(other)
    exchange.close()
    again = start_exchange(tmp_path / "data", scenario)
    assert await explained(start_api(again).with_headers(**other.headers)) == before
    assert before["instruments"]
    again.close()


async def test_the_client_asks_for_it(exchange, api):
    begin(exchange)
    async with live_server(exchange) as address:
        client = await AsyncClient.register(address.replace("ws://", "http://"), "watcher", role="retail")
        whole = (await client.get_pnl()).data_as(PnlData)
        assert (whole.total.pnl, whole.instruments, len(whole.hours)) == (0, [], 1)
        spot = (await client.get_pnl("SPY")).data_as(PnlData)
        assert [each.begins_at for each in spot.hours] == ["2024-03-14T09:30:00-04:00"]
        await client.close()
