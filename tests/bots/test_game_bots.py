"""The example bots of the game: what they quote, hold and hedge, by the values and signals that they are told."""

import pytest
from msgspec.structs import replace

from openoutcry.bots.hedging import portfolio_delta
from openoutcry.bots.market_view import MarketView
from openoutcry.bots.option_maker import quote_for, widest
from openoutcry.bots.tracking_desk import options_for
from openoutcry.bots.values import Values
from openoutcry.bots.volatility_fund import straddle_for
from openoutcry.protocol.responses import InstrumentInfo, MarketData
from openoutcry.protocol.stream import Greeks, Signal, UnderlyingPrice

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
