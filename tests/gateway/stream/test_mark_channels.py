"""Marks to everybody: channels `underlyings` and `greeks`, their newest message on joining, and the queries beside."""

import pytest
from day_stage import scenario_of_a_day
from gateway_stage import start_api, start_exchange
from recovery_stage import build
from stream_stage import connected

from openoutcry.bootstrap.in_memory import open_in_memory
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.runtime.underlying_prices import UnderlyingPrices

CALL = "SPX_CALL_4500_20240314"
LATER = "SPX_PUT_4390_20240314"
TRACKER_CALL = "SPY_CALL_450_20240321"
PRICING = """
[pricing]
volatility_percent = 20
greeks_interval_seconds = 3

[settlement]
"""
OPENED = "2024-03-14T09:00:0{}-04:00"


@pytest.fixture
def scenario(tmp_path):
    return scenario_of_a_day(tmp_path, more=PRICING)


@pytest.fixture
async def exchange(tmp_path, scenario):
    exchange = start_exchange(tmp_path / "data", scenario)
    exchange.driver.start_session()
    exchange.driver.stop()
    yield exchange
    exchange.close()


@pytest.fixture
def api(exchange):
    return start_api(exchange)


def tick(exchange, times=1):
    for _ in range(times):
        assert exchange.driver.tick()


async def told(exchange, channels, ticks=0):
    """What a new reader of these channels hears: at first, and at each of so many market seconds."""
    heard = []
    async with connected(exchange) as client:
        await client.ask("subscribe", channels=channels)
        for number in range(ticks + 1):
            if number:
                tick(exchange)
            client.say({"op": "ping"})
            messages = []
            while (message := await client.next()).type != "ack":
                messages.append(message)
            heard.append(messages)
    return heard


async def test_prices_of_underlyings_are_told_at_every_market_second(exchange):
    """From the session's start on."""
    for second, heard in enumerate(await told(exchange, ["underlyings"], ticks=2)):
        assert [(one.type, one.symbol, one.price, one.market_time) for one in heard] == [
            ("underlying_price", "SPX", 4500.0, OPENED.format(second)),
            ("underlying_price", "SPY", 450.0, OPENED.format(second)),
        ]


async def test_greeks_are_told_every_so_many_market_seconds(exchange):
    heard = await told(exchange, [f"greeks:{CALL}"], ticks=7)
    assert [len(messages) for messages in heard] == [1, 0, 0, 1, 0, 0, 1, 0]
    (greeks,) = heard[3]
    assert (greeks.type, greeks.instrument_id, greeks.market_time) == ("greeks", CALL, OPENED.format(3))
    assert (greeks.implied_volatility, greeks.implied_volatility_reason) == (0.2, None)
    assert greeks.underlying_price == 4500.0
    assert greeks.theoretical == pytest.approx(22.5, abs=0.2)
    assert greeks.delta == pytest.approx(0.5025, abs=1e-3)
    assert greeks.vega == pytest.approx(1.125, abs=1e-2)
    assert greeks.theta == pytest.approx(-11.3, abs=0.1)
    assert greeks.gamma == pytest.approx(0.007, abs=1e-3)


async def test_greeks_of_the_tracker_s_options_rest_on_a_share_of_the_index(exchange):
    *_, (greeks,) = await told(exchange, [f"greeks:{TRACKER_CALL}"], ticks=3)
    assert greeks.underlying_price == 450.0


async def test_every_option_is_told_to_a_reader_of_all_and_no_spot_instrument(exchange):
    *_, messages = await told(exchange, ["greeks:*"], ticks=3)
    assert len(messages) == len({message.instrument_id for message in messages}) == 84


async def test_whoever_joins_later_hears_the_newest_of_each(exchange):
    tick(exchange, 5)
    (messages,) = await told(exchange, ["underlyings", f"greeks:{CALL}", f"greeks:{LATER}"])
    assert [message.type for message in messages] == ["underlying_price", "underlying_price", "greeks", "greeks"]
    assert {message.market_time for message in messages} == {OPENED.format(5)}


async def test_after_a_restart_whoever_joins_hears_the_newest_of_each(tmp_path, scenario, exchange):
    tick(exchange, 4)
    exchange.close()
    again = start_exchange(tmp_path / "data", scenario)
    again.driver.stop()
    (messages,) = await told(again, ["underlyings", f"greeks:{CALL}"])
    history = (await start_api(again).get("/underlyings/SPX")).data["prices"]
    again.close()
    assert [message.type for message in messages] == ["underlying_price", "underlying_price", "greeks"]
    assert [one["market_time"] for one in history] == [OPENED.format(second) for second in range(5)]


async def test_greeks_of_all_options_can_be_asked_for(exchange, api):
    assert (await api.get("/greeks")).data["as_of"] == OPENED.format(0)
    tick(exchange, 2)
    data = (await api.get("/greeks")).data
    assert data["as_of"] == OPENED.format(2)
    assert len(data["greeks"]) == 84
    ((message,),) = await told(exchange, [f"greeks:{CALL}"])
    shown = data["greeks"][CALL]
    assert {name: getattr(message, name) for name in shown} == shown


async def test_an_option_at_its_very_end_has_no_implied_volatility_and_says_why(exchange, api):
    while exchange.driver.tick():
        pass
    greeks = (await api.get("/greeks")).data["greeks"]
    over, living = greeks.get(CALL), greeks[TRACKER_CALL]
    assert (living["implied_volatility"], living["implied_volatility_reason"]) == (0.2, None)
    if over is not None:  # a settled option may be told no more
        assert (over["implied_volatility"], over["implied_volatility_reason"]) == (None, "no_time")


async def test_the_history_of_an_underlying_is_paged_by_market_time(exchange, api):
    tick(exchange, 5)
    first = (await api.get("/underlyings/SPX", query="limit=2")).data
    assert first == {
        "symbol": "SPX",
        "prices": [{"price": 4500.0, "market_time": OPENED.format(second)} for second in (0, 1)],
        "omitted": 4,
        "forgotten": 0,
    }
    rest = (await api.get("/underlyings/SPX", query=f"after={OPENED.format(2)}")).data
    assert [one["market_time"] for one in rest["prices"]] == [OPENED.format(second) for second in (3, 4, 5)]
    in_utc = (await api.get("/underlyings/SPX", query="after=2024-03-14T13:00:04Z")).data
    assert [one["market_time"] for one in in_utc["prices"]] == [OPENED.format(5)]


@pytest.mark.parametrize("after", ["5", "yesterday", "2024-03-14T09:00:00", ""])
async def test_what_is_no_market_time_is_refused_by_its_field(api, after):
    reply = await api.get("/underlyings/SPX", query=f"after={after}")
    assert reply.refusal == (400, "MALFORMED_REQUEST")
    assert reply.json["error"]["details"]["field"] == "after"


async def test_an_unknown_underlying_is_not_found(api):
    reply = await api.get("/underlyings/NDX")
    assert reply.refusal == (404, "INVALID_INSTRUMENT")
    assert "SPX, SPY" in reply.json["error"]["message"]


async def test_without_pricing_there_are_no_greeks_and_no_history(open_on):
    api = start_api(open_on())
    assert (await api.get("/greeks")).data == {"greeks": {}, "as_of": None}
    data = (await api.get("/underlyings/SPX")).data
    assert (data["prices"], data["omitted"], data["forgotten"]) == ([], 0, 0)


async def test_the_history_survives_a_snapshot(tmp_path, scenario, exchange):
    tick(exchange, 3)
    exchange.close()
    build(tmp_path / "data")
    again = start_exchange(tmp_path / "data", scenario)
    again.driver.stop()
    prices = (await start_api(again).get("/underlyings/SPY")).data["prices"]
    again.close()
    assert [one["market_time"] for one in prices] == [OPENED.format(second) for second in range(4)]


def test_beyond_its_bound_the_history_forgets_the_oldest(scenario, tmp_path):
    history = UnderlyingPrices(most=2)
    exchange = start_history(history, scenario, ticks=5)
    page, omitted = history.page("SPX", None, 10)
    assert [(one.market_time - page[0].market_time, one.price) for one in page] == [(0, 45_000_000), (1, 45_000_000)]
    assert (omitted, history.forgotten("SPX"), history.forgotten("NDX")) == (0, 4, 0)
    restored = UnderlyingPrices(most=2)
    restored.restore(memoryview(history.capture()))
    assert restored.capture() == history.capture()
    assert restored.page("SPX", page[0].market_time, 1) == ([page[1]], 0)
    exchange.close()


def start_history(history, scenario, ticks):
    """An exchange in memory with this projection alone, after so many market seconds."""
    loop = VirtualTime()
    exchange = open_in_memory(scenario, loop=loop, clock=loop, projections_of=lambda _scenario: (history,))
    exchange.driver.start_session()
    tick(exchange, ticks)
    return exchange
