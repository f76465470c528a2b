"""What a market second brings beside prices, as the stream tells it: news on `market`, signals on private streams."""

import msgspec
import pytest
from live_server import live_server
from msgspec import structs
from stream_stage import Team, connected, exchange_on, seed_scenario
from websockets.asyncio.client import connect

from openoutcry.domain import commands
from openoutcry.domain.commands import PhaseAt
from openoutcry.domain.day.marks import UnderlyingMark
from openoutcry.domain.day.news import NewsItem, NewsOdds
from openoutcry.domain.simulation.signals import SignalToRole, TrackingError, VolatilityForecast
from openoutcry.protocol.stream import ServerMessage
from openoutcry.scenarios.model import under_rulebook

CLOSED = under_rulebook(seed_scenario(), structs.replace(seed_scenario().rulebook, opening_phase="closed"))
HALF_PAST_NINE = 1_705_329_000
FORECAST = SignalToRole("hedge_fund", VolatilityForecast("high", 140, 660_000))
ERROR = SignalToRole("market_maker", TrackingError(520_000, "SPY_RICH", 1_300, 600_000))
RISE = NewsItem("Central bank raises rates", "central bank", NewsOdds(60, 40, 0))


@pytest.fixture
async def exchange(tmp_path):
    exchange = exchange_on(tmp_path, CLOSED)
    start(exchange)
    yield exchange
    exchange.close()


def start(exchange):
    timetable = (
        PhaseAt("continuous", HALF_PAST_NINE, HALF_PAST_NINE),
        PhaseAt("closed", HALF_PAST_NINE + 9_000, HALF_PAST_NINE + 9_000),
    )
    exchange.sequencer.perform(commands.StartSession("2024-01-15", -18_000, timetable, 1_000, 7))


def second(exchange, number, price=45_000_000, **what):
    underlyings = (UnderlyingMark("SPX", price),)
    exchange.sequencer.perform(commands.AdvanceMarket(HALF_PAST_NINE + number, underlyings, **what))


async def test_a_forecast_goes_to_the_teams_of_its_role_with_its_own_fields(exchange, alice, bob):
    async with connected(exchange, bob.headers) as his, connected(exchange, alice.headers) as hers:
        for client in (his, hers):
            assert (await client.next()).type == "welcome"
        second(exchange, 1, signals=(FORECAST, ERROR))
        forecast, error = await his.next(), await hers.next()
    assert msgspec.to_builtins(forecast) == {
        "type": "signal",
        "seq": 1,
        "signal_type": "volatility_forecast",
        "forecast_regime": "high",
        "seconds_until_change": 140,
        "confidence": 0.66,
        "market_time": "2024-01-15T09:30:01-05:00",
        "timestamp": forecast.timestamp,
        "sequence": exchange.sequencer.last_sequence,
    }
    assert msgspec.to_builtins(error) == {
        "type": "signal",
        "seq": 1,
        "signal_type": "tracking_error",
        "error_percent": 0.052,
        "direction": "SPY_RICH",
        "z_score": 1.3,
        "confidence": 0.6,
        "market_time": "2024-01-15T09:30:01-05:00",
        "timestamp": forecast.timestamp,
        "sequence": forecast.sequence,
    }


async def test_nobody_else_hears_of_a_signal(exchange, alice, bob):
    async with connected(exchange, alice.headers) as hers, connected(exchange) as anyone:
        for client in (hers, anyone):
            await client.ask("subscribe", channels=["market", "underlyings"])
        second(exchange, 1, signals=(FORECAST,))
        for client in (hers, anyone):
            client.say({"op": "ping"})
            heard = []
            while (message := await client.next()).type != "ack":
                heard.append(message.type)
            assert "signal" not in heard
    assert (alice.last_seq, bob.last_seq) == (0, 1)


async def test_news_of_the_market_come_after_the_new_prices_and_to_whoever_joins_later(exchange):
    async with connected(exchange) as anyone:
        await anyone.ask("subscribe", channels=["market", "underlyings"])
        second(exchange, 1, 45_100_000, news=(RISE,))
        price = await anyone.until(lambda message: message.type == "underlying_price")
        news = await anyone.next()
    assert price.price == 4510.0
    assert msgspec.to_builtins(news) == {
        "type": "news",
        "news_id": "NEWS_1",
        "headline": RISE.text,
        "category": RISE.category,
        "odds": {"regime_shift": 60, "price_jump": 40, "no_effect": 0},
        "market_time": "2024-01-15T09:30:01-05:00",
        "timestamp": news.timestamp,
        "sequence": exchange.sequencer.last_sequence,
    }
    async with connected(exchange) as later:
        later.say({"op": "subscribe", "channels": ["market"]})
        assert await later.until(lambda message: message.type == "news") == news


async def test_resume_brings_signals_back_over_a_socket_and_after_a_restart(tmp_path):
    folder = tmp_path / "resumed"
    exchange = exchange_on(folder, CLOSED)
    bob = Team(exchange, "bob", "hedge_fund")
    start(exchange)
    async with live_server(exchange) as address:
        async with connect(f"{address}/ws", additional_headers=bob.headers) as line:
            await line.recv()
            second(exchange, 1, signals=(FORECAST,))
            first = await line.recv()
        second(exchange, 2, signals=(ERROR, FORECAST))
        both = await resumed(address, bob, 0, 2)
        assert both[0] == first
        assert await resumed(address, bob, 1, 1) == both[1:]
    exchange.close()

    exchange = exchange_on(folder, CLOSED)
    async with live_server(exchange) as address:
        assert await resumed(address, bob, 0, 2) == both
    exchange.close()
    assert [msgspec.json.decode(each, type=ServerMessage).seq for each in both] == [1, 2]


async def resumed(address, team, after_seq, count):
    """The first private events after this one."""
    async with connect(f"{address}/ws?after_seq={after_seq}", additional_headers=team.headers) as line:
        await line.recv()
        return [await line.recv() for _ in range(count)]
