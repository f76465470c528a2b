"""The example bots of the game: what they quote, hold and hedge, by the values and signals that they are told."""

import asyncio

import pytest
from bot_stage import EXAMPLE, Acting, how_things_stand
from client_stage import until
from msgspec import structs
from served_exchange import ServedExchange

from openoutcry.bots.fleet import GAME_FLEET
from openoutcry.bots.index_arbitrageur import IndexArbitrageur
from openoutcry.bots.option_market_maker import OptionMarketMaker
from openoutcry.bots.running import run_bots
from openoutcry.bots.volatility_trader import VolatilityTrader
from openoutcry.client import Client
from openoutcry.client.bot.line import Quote, Submit
from openoutcry.protocol.responses import InstrumentInfo
from openoutcry.protocol.stream import DutyStatus, Greeks, PositionUpdate, Signal, UnderlyingPrice

NOW = "2024-03-14T10:00:00-04:00"
CALL, PUT, FAR_CALL, DEEP_CALL, DEEP_PUT, SPY_CALL = (
    "SPX_CALL_4500_20240314",
    "SPX_PUT_4500_20240314",
    "SPX_CALL_4500_20240321",
    "SPX_CALL_4390_20240314",
    "SPX_PUT_4610_20240314",
    "SPY_CALL_450_20240314",
)
DELTAS = {CALL: 0.5, PUT: -0.5, FAR_CALL: 0.52, DEEP_CALL: 0.97, DEEP_PUT: -0.96, SPY_CALL: 0.5}


def instrument(instrument_id):
    underlying, *terms = instrument_id.split("_")
    option_type, strike, expiry = terms or (None, None, None)
    return InstrumentInfo(
        instrument_id=instrument_id,
        kind="option" if terms else "spot",
        underlying=underlying,
        option_type=option_type and option_type.lower(),
        strike=strike and float(strike),
        expiry=expiry,
        tick_size=0.01,
        multiplier=100,
        halted=False,
        position_limits={"market_maker": 100},
        maximum_order_sizes={},
    )


def greeks(instrument_id, delta):
    return Greeks(
        instrument_id=instrument_id,
        theoretical=20.0,
        implied_volatility=0.25,
        implied_volatility_reason=None,
        delta=delta,
        gamma=0.01,
        vega=1.0,
        theta=-0.1,
        underlying_price=4_500.0 if instrument_id.startswith("SPX") else 450.0,
        market_time=NOW,
        timestamp="",
    )


def on_the_market(kind):
    """A bot that has been told all values, and no price since."""
    stands = how_things_stand()
    market = structs.replace(stands.market, market_time=NOW, underlyings={"SPX": 4_500.0, "SPY": 450.0})
    acting = Acting(kind, market=market, instruments=[instrument(name) for name in ("SPY", *DELTAS)])
    acting.hear(*(greeks(name, delta) for name, delta in DELTAS.items()))
    return acting


def second_passes(acting, spx=4_500.0, spy=450.0):
    """What was asked before is left without an answer."""
    acting.line.questions.clear()
    for symbol, price in (("SPX", spx), ("SPY", spy)):
        acting.hear(UnderlyingPrice(symbol=symbol, price=price, market_time=NOW, timestamp=""))


def holding(instrument_id, position):
    return structs.replace(EXAMPLE[PositionUpdate], instrument_id=instrument_id, position=position)


def quotes_of(acting):
    questions = [question for question in acting.line.asked if isinstance(question, Quote)]
    return {quote.instrument_id: quote for question in questions for quote in question.request.quotes}


def orders_of(acting):
    """Quantities by instrument, less than 0 of sales."""
    orders = [question.order for question in acting.line.asked if isinstance(question, Submit)]
    return {order.instrument_id: order.quantity * (1 if order.side == "buy" else -1) for order in orders}


def quoted(held=0, level=0):
    acting = on_the_market(OptionMarketMaker)
    acting.hear(holding(CALL, held), duty_status(level))
    second_passes(acting)
    return quotes_of(acting)


def duty_status(level):
    return DutyStatus(
        seq=1,
        duty="quote_coverage",
        state="breached",
        measured=0.5,
        required=0.8,
        since=NOW,
        level=level,
        timestamp="",
        sequence=1,
    )


def test_the_maker_quotes_every_option_around_its_value_and_within_its_duty():
    quotes = quoted()
    assert quotes.keys() == DELTAS.keys(), "and not the tracker"
    quote, widest = quotes[CALL], 2.0 + 0.001 * 4_500 * 0.5
    assert quote.bid_price < 20.0 < quote.ask_price
    assert quote.ask_price - quote.bid_price < widest
    assert (quote.bid_quantity, quote.ask_quantity) == (10, 10)


def test_the_maker_moves_its_prices_against_its_position_and_stops_at_its_limit():
    flat, long, full = (quoted(held)[CALL] for held in (0, 30, 100))
    assert long.ask_price < flat.ask_price
    assert long.bid_price < flat.bid_price
    assert (full.bid_price, full.ask_quantity) == (None, 10)


def test_a_maker_that_may_only_reduce_quotes_nothing():
    assert quoted(level=2).keys() == DELTAS.keys()
    assert quoted(level=3) == {}


def test_the_maker_hedges_its_delta_with_the_tracker():
    acting = on_the_market(OptionMarketMaker)
    acting.hear(holding(CALL, 60))
    second_passes(acting)
    assert orders_of(acting) == {"SPY": -200}, "30 units of the index, as far as one order may go"


def forecast(regime):
    return Signal(
        seq=1,
        signal_type="volatility_forecast",
        forecast_regime=regime,
        seconds_until_change=100,
        confidence=0.9,
        market_time=NOW,
        timestamp="",
        sequence=1,
    )


@pytest.mark.parametrize(("regime", "direction"), [("high", 1), ("low", -1)])
def test_the_trader_buys_a_straddle_that_is_cheap_for_the_regime_that_comes_and_sells_a_dear_one(regime, direction):
    acting = on_the_market(VolatilityTrader)
    acting.hear(forecast(regime))
    acting.line.pass_seconds(3)
    straddle = orders_of(acting)
    assert straddle.keys() == {CALL, PUT}, "nearest to the money, of the nearest expiry"
    assert straddle[CALL] == straddle[PUT]
    assert straddle[CALL] * direction > 0


def test_the_trader_hedges_what_its_straddles_gain_and_lose_with_the_index():
    acting = on_the_market(VolatilityTrader)
    acting.hear(holding(CALL, 20), holding(PUT, 4))
    acting.line.pass_seconds(3)
    assert orders_of(acting) == {"SPY": -80}, "8 units of the index"


@pytest.mark.parametrize(("spy", "says", "option"), [(450.9, "SPY_RICH", DEEP_CALL), (449.1, "SPY_CHEAP", DEEP_PUT)])
def test_the_arbitrageur_buys_calls_against_a_tracker_that_is_dear_and_puts_against_a_cheap_one(spy, says, option):
    acting = on_the_market(IndexArbitrageur)
    acting.hear(structs.replace(forecast("high"), signal_type="tracking_error", direction=says, forecast_regime=None))
    second_passes(acting, spy=spy)
    assert orders_of(acting)[option] > 0
    acting.hear(holding(option, 40))
    assert orders_of(acting)["SPY"] * DELTAS[option] < 0, "and the tracker against their delta"


LIVELY = """\
name = "lively"
title = "The default game with a short chain and many signals"
[session]
date = 2024-03-14
[schedule]
call = 09:29:00
speed = 60
[registration]
open = true
[underlyings]
SPX = 4500
[chain]
[[chain.expiries]]
days = 0
strikes_percent = [-2.5, -1, 0, 1, 2.5]
[pricing]
[world]
tracker_deviation_percent = 0.4
[world.medium]
stay_seconds = 300
[world.high]
stay_seconds = 300
[signals.volatility_forecast]
confidence_least_percent = 90
confidence_most_percent = 100
[signals.tracking_error]
trigger = 0.1
[house]
[retail_flow]
expiries_percent = [100]
[bands]
[cash]
[sanctions]
[roles.market_maker.quote_coverage]
[roles.hedge_fund.portfolio_delta]
[roles.arbitrage_desk.spx_spy_balance]
"""


FLEET = tuple(member for member in GAME_FLEET if member.name != "Auction")
"""Those who trade after the opening."""


def have_traded(bots):
    """All of them; the fund has a straddle, the desk options and the tracker against them."""
    held = {bot.role: bot.positions for bot in bots}
    desk = held["arbitrage_desk"]
    return all(bot.fills for bot in bots) and len(held["hedge_fund"]) >= 2 and "SPY" in desk and len(desk) >= 2


async def test_a_bot_of_each_role_trades_its_market_within_the_limits_of_its_role(tmp_path):
    scenario = tmp_path / "lively.toml"
    scenario.write_text(LIVELY, encoding="utf-8")
    with ServedExchange(tmp_path / "data", "--seed", "4", scenario=str(scenario)) as exchange:
        key = {"X-Admin-Key": (tmp_path / "data" / "admin.key").read_text().strip()}
        status, _ = exchange.ask("POST", "/admin/session", {"action": "start"}, **key)
        assert status == 200
        stop, shown = asyncio.Event(), []
        running = asyncio.ensure_future(
            run_bots(exchange.url, seed=1, stop=stop, on_stats=shown.append, stats_interval=0.1, fleet=FLEET)
        )
        await until(lambda: running.done() or (shown and have_traded(shown[-1])), patience_seconds=180)
        stop.set()
        stats = await running
        with Client(exchange.url) as api:
            market = api.get_market().data
    assert market["phase"] == "continuous"
    assert all(bot.refusals <= bot.requests / 20 for bot in stats if bot.role != "market_maker")
