"""Rounding to the tick grid gives exactly the number that the exchange reads as that price."""

from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openoutcry.protocol.price_grid import price_on_grid
from openoutcry.protocol.responses import InstrumentInfo

TICKS = st.sampled_from([0.0001, 0.0005, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0])
PRICES = st.floats(min_value=-10, max_value=1e6, allow_nan=False)


@given(PRICES, TICKS)
def test_rounded_prices_are_on_the_grid_to_the_last_bit(price, tick_size):
    tick, exact = Fraction(str(tick_size)), Fraction(str(price))
    nearest, down, up = (Fraction(str(price_on_grid(price, tick_size, mode))) for mode in ("nearest", "down", "up"))
    assert nearest % tick == down % tick == up % tick == 0
    assert nearest in {down, up}
    if exact >= tick:
        assert down <= exact <= up
        assert up - down in {0, tick}
        assert abs(nearest - exact) <= tick / 2
    else:
        assert down == nearest == up == tick or up == tick


@given(st.integers(min_value=1, max_value=10**7), TICKS)
def test_a_price_on_the_grid_stays_whatever_the_rounding(ticks, tick_size):
    price = float(ticks * Fraction(str(tick_size)))
    assert {price_on_grid(price, tick_size, mode) for mode in ("nearest", "down", "up")} == {price}


@pytest.mark.parametrize("price", [float("nan"), float("inf")])
def test_what_is_no_number_has_no_place_on_it(price):
    with pytest.raises(ValueError, match="must be a finite number"):
        price_on_grid(price, 0.01, "nearest")


def test_another_rounding_is_named():
    with pytest.raises(ValueError, match="'bankers': it must be one of nearest, down, up"):
        price_on_grid(1.0, 0.01, "bankers")


def test_an_instrument_rounds_by_its_reference_data():
    told = {
        "instrument_id": "X",
        "kind": "option",
        "underlying": "U",
        "option_type": "call",
        "strike": 1.0,
        "expiry": "20240119",
        "tick_size": 0.05,
        "multiplier": 100,
        "halted": False,
        "position_limits": {},
        "maximum_order_sizes": {},
    }
    instrument = msgspec.convert(told, InstrumentInfo)
    assert instrument.round_price(40.0 + 0.07) == 40.05
    assert (instrument.round_price(0.13, "down"), instrument.round_price(0.11, "up")) == (0.1, 0.15)
    assert instrument.round_price(-3.0) == 0.05
    assert (instrument.round_quantity(7.9), instrument.round_quantity(3)) == (7, 3)
    with pytest.raises(ValueError, match="finite"):
        instrument.round_quantity(float("nan"))
