"""The example bots of the game: what they quote, hold and hedge, by the values and signals that they are told."""

import asyncio

import pytest
from client_stage import until
from msgspec.structs import replace
from served_exchange import ServedExchange

from openoutcry.bots import GAME_FLEET, run_bots
from openoutcry.bots.hedging import portfolio_delta
from openoutcry.bots.market_view import MarketView
from openoutcry.bots.option_maker import quote_for, widest
from openoutcry.bots.tracking_desk import options_for
from openoutcry.bots.values import Values
from openoutcry.bots.volatility_fund import straddle_for
from openoutcry.client import Client
from openoutcry.protocol.responses import InstrumentInfo, MarketData
from openoutcry.protocol.stream import DutyStatus, Greeks, Signal, UnderlyingPrice

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


def greeks(instrument_id, delta, index=4_500.0):
    return Greeks(
        instrument_id=instrument_id,
        theoretical=20.0,
        implied_volatility=0.25,
        implied_volatility_reason=None,
        delta=delta,
        gamma=0.01,
        vega=1.0,
        theta=-0.1,
        underlying_price=index if instrument_id.startswith("SPX") else index / 10,
        market_time=NOW,
        timestamp="",
    )


@pytest.fixture
def view():
    market = MarketData(
        session_date="2024-03-14",
        trading_session=1,
        phase="continuous",
        market_time=NOW,
        speed=1.0,
        next_phase=None,
        next_at=None,
        next_transition=None,
        starts_at=None,
        halted=[],
        instrument_phases={},
        underlyings={"SPX": 4_500.0, "SPY": 450.0},
    )
    view = MarketView([instrument(name) for name in ("SPY", *DELTAS)], market)
    for name, delta in DELTAS.items():
        view.values.see_greeks(greeks(name, delta))
    return view


def forecast(regime):
    return Signal(
        seq=1,
        signal_type="volatility_forecast",
        forecast_regime=regime,
        seconds_until_change=100,
        confidence=0.7,
        market_time=NOW,
        timestamp="",
        sequence=1,
    )


def test_a_value_moves_on_with_the_index_until_the_next_one_is_told(view):
    values = view.values
    assert values.value_of(CALL) == pytest.approx(20.0)
    values.see_underlying(UnderlyingPrice(symbol="SPX", price=4_510.0, market_time=NOW, timestamp=""))
    assert values.value_of(CALL) == pytest.approx(20 + 10 * 0.5 + 100 * 0.01 / 2)
    assert values.value_of(SPY_CALL) == pytest.approx(20 + 1 * 0.5 + 0.01 / 2), "SPY's options move with a tenth of SPX"
    assert values.value_of("SPX_CALL_1_20240314") is None


def test_a_fair_price_is_within_twice_the_house_s_half_spread(view):
    assert view.values.spread_of(CALL) == pytest.approx(1.0), "a volatility point of vega"
    view.values.see_greeks(replace(greeks(DEEP_CALL, 0.97), vega=0.1))
    assert view.values.spread_of(DEEP_CALL) == pytest.approx(0.0002 * 4_500 * 0.97)
    assert (view.values.value_of("SPY"), view.values.spread_of("SPY")) == (450.0, 0.04)


def test_market_seconds_are_counted_by_the_market_s_clock():
    values = Values({})
    assert values.seconds_since(NOW) == 0
    values.see_underlying(
        UnderlyingPrice(symbol="SPX", price=1.0, market_time="2024-03-14T10:01:30-04:00", timestamp="")
    )
    assert values.seconds_since(NOW) == 90


def test_delta_is_counted_in_units_of_the_index(view):
    assert portfolio_delta({CALL: 10, SPY_CALL: 10, "SPY": 30}, view.values) == pytest.approx(
        10 * 0.5 + 10 * 0.5 / 10 + 30 / 10
    )


def test_the_maker_quotes_around_the_value_and_well_within_its_duty(view):
    quote = quote_for(view, CALL, 0, "market_maker")
    allowed = widest(view.values, CALL, 20.0, 0.01)
    assert allowed == pytest.approx(2.0 + 0.001 * 4_500 * 0.5)
    assert quote["bid_price"] < 20.0 < quote["ask_price"]
    assert quote["ask_price"] - quote["bid_price"] < 0.5 * allowed
    assert (quote["bid_quantity"], quote["ask_quantity"]) == (10, 10)


def test_the_maker_moves_its_prices_against_its_position_and_stops_at_its_limit(view):
    flat = quote_for(view, CALL, 0, "market_maker")
    long = quote_for(view, CALL, 60, "market_maker")
    assert long["ask_price"] < flat["ask_price"]
    assert long["bid_price"] < flat["bid_price"]
    assert "bid_price" not in quote_for(view, CALL, 100, "market_maker")


@pytest.mark.parametrize(
    ("position", "sides"), [(0, set()), (7, {"ask_price", "ask_quantity"}), (-7, {"bid_price", "bid_quantity"})]
)
def test_a_maker_that_may_only_reduce_quotes_only_what_reduces(view, position, sides):
    for level, reduces in ((3, True), (2, False)):
        view._see_duty(duty_status(level))
        quote = quote_for(view, CALL, position, "market_maker")
        assert (quote.keys() - {"instrument_id"} == sides) == reduces
        assert not reduces or {quote[side] for side in sides if side.endswith("quantity")} <= {7}


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


def test_the_maker_quotes_neither_spot_nor_what_has_no_value(view):
    assert quote_for(view, "SPY", 0, "market_maker") is None
    view.values.greeks.pop(CALL)
    assert quote_for(view, CALL, 0, "market_maker") is None


def test_the_fund_buys_a_straddle_that_is_cheap_for_the_regime_that_comes_and_sells_a_dear_one(view):
    assert straddle_for(view, forecast("high")) == {CALL: 20, PUT: 20}
    assert straddle_for(view, forecast("low")) == {CALL: -20, PUT: -20}
    values = view.values
    values.see_greeks(replace(values.greeks[CALL], implied_volatility=None, implied_volatility_reason="no_time"))
    assert straddle_for(view, forecast("high")) == {PUT: 20}


def test_the_desk_buys_calls_against_a_tracker_that_is_rich_and_puts_against_a_cheap_one(view):
    assert options_for(view, -1) == {DEEP_CALL: 40}
    assert options_for(view, 1) == {DEEP_PUT: 40}
    assert view.values.tracking_error == pytest.approx(0)
    view.values.see_underlying(UnderlyingPrice(symbol="SPY", price=450.45, market_time=NOW, timestamp=""))
    assert view.values.tracking_error == pytest.approx(0.001)


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


def have_traded(bots):
    """All of them; the fund has a straddle and its hedge, the desk options and the tracker against them."""
    hedged = [bot for bot in bots if "SPY" in bot.positions and len(bot.positions) > 1]
    return all(bot.fills > 0 for bot in bots) and {"hedge_fund", "arbitrage_desk"} <= {bot.role for bot in hedged}


async def test_a_bot_of_each_role_trades_its_market_within_the_limits_of_its_role(tmp_path):
    scenario = tmp_path / "lively.toml"
    scenario.write_text(LIVELY, encoding="utf-8")
    with ServedExchange(tmp_path / "data", "--seed", "4", scenario=str(scenario)) as exchange:
        key = {"X-Admin-Key": (tmp_path / "data" / "admin.key").read_text().strip()}
        status, _ = exchange.ask("POST", "/admin/session", {"action": "start"}, **key)
        assert status == 200
        stop, shown = asyncio.Event(), []
        running = asyncio.ensure_future(
            run_bots(exchange.url, seed=1, stop=stop, on_stats=shown.append, stats_interval=0.1, fleet=GAME_FLEET)
        )
        await until(lambda: running.done() or (shown and have_traded(shown[-1])), patience_seconds=180)
        stop.set()
        stats = await running
        with Client(exchange.url) as api:
            market = api.get_market().data
    assert market["phase"] == "continuous"
    assert all(bot.refusals <= bot.orders / 20 for bot in stats)
