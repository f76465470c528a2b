"""A price gives back the volatility that it was made with. Where no volatility makes the price, a reason says so."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from openoutcry.pricing.black_scholes import sensitivities
from openoutcry.pricing.implied_volatility import implied_volatility
from openoutcry.pricing.session_time import SESSION_SECONDS, YEAR_SECONDS

DAY, SECOND = SESSION_SECONDS / YEAR_SECONDS, 1 / YEAR_SECONDS


@given(
    sign=st.sampled_from([1, -1]),
    moneyness=st.floats(0.7, 1.3),
    seconds=st.integers(1, YEAR_SECONDS),
    volatility=st.floats(0.01, 3),
)
def test_a_price_gives_back_its_volatility(sign, moneyness, seconds, volatility):
    forward, time = 4500.0, seconds / YEAR_SECONDS
    strike = forward * moneyness
    terms = (np.array(float(sign)), np.array(strike), np.array(forward), np.array(volatility), np.array(time))
    priced = sensitivities(*terms, np.array(1.0))
    # Below this, the price as a float tells the volatility no more.
    assume(priced.by_volatility > 1e-4)
    found = implied_volatility(sign, strike, forward, time, float(priced.value))
    assert found.reason is None
    assert found.volatility == pytest.approx(volatility, abs=max(1e-7, 1e-11 / float(priced.by_volatility)))


@pytest.mark.parametrize("time", [DAY, SECOND])
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("share", [0.7, 0.9, 1.0, 1.1, 1.3])
@pytest.mark.parametrize("below", [0.0, 0.01, 5.0])
def test_a_price_at_or_below_intrinsic_value_implies_none(time, sign, share, below):
    strike = 4500 * share
    intrinsic = max(sign * (4500.0 - strike), 0.0)
    found = implied_volatility(sign, strike, 4500.0, time, intrinsic - below)
    assert (found.volatility, found.reason) == (None, "price_at_or_below_intrinsic")


def test_one_tick_above_intrinsic_value_implies_one():
    for share in (0.7, 1.0, 1.3):
        for time in (DAY, SECOND):
            found = implied_volatility(1, 4500 * share, 4500.0, time, max(4500.0 * (1 - share), 0.0) + 0.01)
            assert found.reason is None
            assert 0 < found.volatility < math.inf


@pytest.mark.parametrize("price", [0.01, 12.0, 0.0])
def test_without_time_there_is_none(price):
    found = implied_volatility(1, 4500.0, 4500.0, 0.0, price)
    assert (found.volatility, found.reason) == (None, "no_time")


@pytest.mark.parametrize("price", [None, math.nan, math.inf])
def test_an_empty_book_implies_none(price):
    found = implied_volatility(1, 4500.0, 4500.0, DAY, price)
    assert (found.volatility, found.reason) == (None, "no_price")


@pytest.mark.parametrize(("sign", "price"), [(1, 4500.0), (1, 9000.0), (-1, 4600.0), (-1, 5000.0)])
def test_more_than_an_option_can_be_worth_implies_none(sign, price):
    found = implied_volatility(sign, 4600.0, 4500.0, DAY, price)
    assert (found.volatility, found.reason) == (None, "price_at_or_above_maximum")


def test_discounted_prices_are_read_as_such():
    discount = math.exp(-0.05)
    terms = [np.array(x) for x in (-1.0, 4700.0, 4500.0, 0.3, 1.0, discount)]
    price = float(sensitivities(*terms).value)
    assert implied_volatility(-1, 4700.0, 4500.0, 1.0, price, discount).volatility == pytest.approx(0.3, abs=1e-9)
