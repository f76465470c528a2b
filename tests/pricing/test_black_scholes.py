"""Values against a textbook's table, parity, Greeks against finite differences, and the end of an option."""

import itertools

import numpy as np
import pytest

from openoutcry.pricing.black_scholes import sensitivities, values
from openoutcry.pricing.session_time import SESSION_SECONDS, YEAR_SECONDS

CALL, PUT = np.array(1.0), np.array(-1.0)

# To one in the last digit, for the book computes the normal distribution by an approximation.
# Haug, The Complete Guide to Option Pricing Formulas: sign, strike, spot, dividend, rate, time, volatility, value.
HAUG = [
    (CALL, 65, 60, 0.00, 0.08, 0.25, 0.30, 2.1334),
    (PUT, 95, 100, 0.05, 0.10, 0.50, 0.20, 2.4648),
    (PUT, 19, 19, 0.10, 0.10, 0.75, 0.28, 1.7011),
    (CALL, 19, 19, 0.10, 0.10, 0.75, 0.28, 1.7011),
    (CALL, 1.60, 1.56, 0.08, 0.06, 0.50, 0.12, 0.0291),
    (PUT, 70, 75, 0.05, 0.10, 0.50, 0.35, 4.0870),
]
# The same, table of options on futures: strike 100, rate 0.1. By sign, time and volatility: futures at 90, 100, 110.
HAUG_ON_FUTURES = {
    (CALL.item(), 0.1, 0.15): (0.0205, 1.8734, 9.9413),
    (CALL.item(), 0.1, 0.25): (0.3150, 3.1217, 10.3556),
    (CALL.item(), 0.1, 0.35): (0.9474, 4.3693, 11.1381),
    (CALL.item(), 0.5, 0.15): (0.8069, 4.0232, 10.5769),
    (CALL.item(), 0.5, 0.25): (2.7026, 6.6997, 12.7857),
    (CALL.item(), 0.5, 0.35): (4.9329, 9.3679, 15.3086),
    (PUT.item(), 0.1, 0.15): (9.9210, 1.8734, 0.0408),
    (PUT.item(), 0.1, 0.25): (10.2155, 3.1217, 0.4551),
    (PUT.item(), 0.1, 0.35): (10.8479, 4.3693, 1.2376),
    (PUT.item(), 0.5, 0.15): (10.3192, 4.0232, 1.0646),
    (PUT.item(), 0.5, 0.25): (12.2149, 6.6997, 3.2734),
    (PUT.item(), 0.5, 0.35): (14.4452, 9.3679, 5.7963),
}
EDGES = [
    (sign, strike, seconds / YEAR_SECONDS, volatility)
    for sign, strike, seconds, volatility in itertools.product(
        (1.0, -1.0), (3150.0, 4499.0, 4500.0, 4501.0, 5850.0), (0, 1, SESSION_SECONDS), (0.0, 0.05, 0.2, 3.0)
    )
]


@pytest.mark.parametrize(("sign", "strike", "spot", "dividend", "rate", "time", "volatility", "value"), HAUG)
def test_haugs_examples_come_out(sign, strike, spot, dividend, rate, time, volatility, value):
    forward, discount = spot * np.exp((rate - dividend) * time), np.exp(-rate * time)
    assert values(sign, strike, forward, volatility * time**0.5, discount) == pytest.approx(value, abs=1.01e-4)


@pytest.mark.parametrize(("terms", "expected"), HAUG_ON_FUTURES.items())
def test_haugs_table_of_options_on_futures_comes_out(terms, expected):
    sign, time, volatility = terms
    found = values(np.array(sign), 100.0, np.array([90.0, 100.0, 110.0]), volatility * time**0.5, np.exp(-0.1 * time))
    assert found == pytest.approx(expected, abs=1.01e-4)


@pytest.mark.parametrize("time", [0, 1 / YEAR_SECONDS, 1 / 252, 2.0])
def test_call_less_put_is_the_discounted_forward_less_the_strike(time):
    strikes, forward, discount = np.linspace(3150, 5850, 28), 4500.0, np.exp(-0.03 * time)
    deviation = 0.25 * np.sqrt(time)
    parity = values(CALL, strikes, forward, deviation, discount) - values(PUT, strikes, forward, deviation, discount)
    assert parity == pytest.approx(discount * (forward - strikes), abs=1e-9)


@pytest.mark.parametrize("sign", [CALL, PUT])
def test_derivatives_are_those_of_finite_differences(sign):
    strikes = np.array([4160.0, 4390.0, 4500.0, 4610.0, 4840.0])
    forward, volatility, time, discount = np.array(4500.0), np.array(0.2), np.array(5 / 252), np.array(0.99)

    def value(forward=forward, volatility=volatility, time=time):
        return values(sign, strikes, forward, volatility * np.sqrt(time), discount)

    found = sensitivities(sign, strikes, forward, volatility, time, discount)
    step, small = 0.5, 1e-5
    up, down = value(forward=forward + step), value(forward=forward - step)
    assert found.by_forward == pytest.approx((up - down) / (2 * step), abs=1e-5)
    assert found.by_forward_twice == pytest.approx((up - 2 * value() + down) / step**2, abs=1e-7)
    by_volatility = (value(volatility=volatility + small) - value(volatility=volatility - small)) / (2 * small)
    assert found.by_volatility == pytest.approx(by_volatility, rel=1e-5)
    by_time = (value(time=time * (1 + small)) - value(time=time * (1 - small))) / (2 * small * time)
    assert found.by_time == pytest.approx(by_time, rel=1e-5)


def test_nothing_is_infinite_or_missing_at_the_edges():
    sign, strike, time, volatility = np.array(EDGES).T
    found = sensitivities(sign, strike, np.array(4500.0), volatility, time, np.array(1.0))
    for numbers in found:
        assert np.all(np.isfinite(numbers))
    assert np.all(found.value >= np.maximum(sign * (4500.0 - strike), 0) - 1e-9)
    assert np.all(np.abs(found.by_forward) <= 1)
    for numbers in (found.by_forward_twice, found.by_volatility, found.by_time):
        assert np.all(numbers >= 0)


@pytest.mark.parametrize(("strike", "call", "put"), [(4400.0, 100.0, 0.0), (4500.0, 0.0, 0.0), (4600.0, 0.0, 100.0)])
def test_at_the_end_only_intrinsic_value_is_left(strike, call, put):
    sides, zero = np.array([1.0, -1.0]), np.array(0.0)
    found = sensitivities(sides, np.array(strike), np.array(4500.0), np.array(0.2), zero, np.array(1.0))
    assert found.value == pytest.approx([call, put], abs=1e-6)
    for numbers in (found.by_forward_twice, found.by_volatility, found.by_time):
        assert list(np.broadcast_to(numbers, 2)) == [0.0, 0.0]
