"""Theoretical values and deltas that a bot has between two publications."""

import pytest

from openoutcry.client.bot.values import Values
from openoutcry.protocol.responses import InstrumentInfo
from openoutcry.protocol.stream import Greeks

CALL, SPY_CALL = "SPX_CALL_4500_20240314", "SPY_CALL_450_20240314"


def instrument(instrument_id):
    underlying, *terms = instrument_id.split("_")
    return InstrumentInfo(
        instrument_id=instrument_id,
        kind="option" if terms else "spot",
        underlying=underlying,
        option_type="call" if terms else None,
        strike=float(terms[1]) if terms else None,
        expiry=terms[2] if terms else None,
        tick_size=0.01,
        multiplier=100,
        halted=False,
        position_limits={},
        maximum_order_sizes={},
    )


def greeks(instrument_id, *, delta=0.5, gamma=0.01):
    return Greeks(
        instrument_id=instrument_id,
        theoretical=20.0,
        implied_volatility=0.25,
        implied_volatility_reason=None,
        delta=delta,
        gamma=gamma,
        vega=1.0,
        theta=-0.1,
        underlying_price=4_500.0 if instrument_id.startswith("SPX") else 450.0,
        market_time="",
        timestamp="",
    )


@pytest.fixture
def underlyings():
    return {"SPX": 4_500.0, "SPY": 450.0}


@pytest.fixture
def values(underlyings):
    instruments = {name: instrument(name) for name in ("SPY", CALL, SPY_CALL)}
    return Values(instruments, {name: greeks(name) for name in (CALL, SPY_CALL)}, underlyings)


def test_a_value_moves_on_with_the_index_until_the_next_one_is_told(values, underlyings):
    assert values.value_of(CALL) == pytest.approx(20.0)
    underlyings["SPX"] = 4_510.0
    assert values.value_of(CALL) == pytest.approx(20 + 10 * 0.5 + 100 * 0.01 / 2)
    assert values.value_of(SPY_CALL) == pytest.approx(20 + 1 * 0.5 + 0.01 / 2), "SPY's options move with a tenth of SPX"
    underlyings["SPX"] = 4_400.0
    assert values.value_of(CALL) >= 0


def test_the_value_of_spot_is_its_fair_value_and_others_have_none(values, underlyings):
    underlyings["SPY"] = 451.0
    assert values.value_of("SPY") == 451.0
    assert values.value_of("SPX_CALL_1_20240314") is None


def test_a_delta_is_in_units_of_the_index_and_moves_with_it(values, underlyings):
    assert values.delta_of(CALL) == pytest.approx(0.5)
    assert values.delta_of(SPY_CALL) == pytest.approx(0.05)
    assert values.delta_of("SPY") == pytest.approx(0.1)
    underlyings["SPX"] = 4_510.0
    assert values.delta_of(CALL) == pytest.approx(0.6)
    underlyings["SPX"] = 4_700.0
    assert values.delta_of(CALL) == 1.0


def test_without_prices_of_underlyings_nothing_is_known():
    values = Values({CALL: instrument(CALL), "SPY": instrument("SPY")}, {}, {})
    assert (values.value_of(CALL), values.value_of("SPY"), values.delta_of(CALL), values.delta_of("SPY")) == (
        None,
        None,
        0.0,
        0.0,
    )
