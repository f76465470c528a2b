"""QuantLib is the oracle of values, Greeks and implied volatilities, over a grid up to the very end of an option."""

import itertools
import math
import warnings

import numpy as np
import pytest

from openoutcry.pricing.black_scholes import sensitivities, values
from openoutcry.pricing.implied_volatility import implied_volatility
from openoutcry.pricing.session_time import SESSION_SECONDS, YEAR_SECONDS

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # of its binding, on newer Pythons
    import QuantLib

FORWARD = 4500.0
STRIKES = [FORWARD * share / 100 for share in (70, 85, 95, 99, 100, 101, 105, 115, 130)]
TIMES = [seconds / YEAR_SECONDS for seconds in (1, 60, 900, SESSION_SECONDS, 10 * SESSION_SECONDS, YEAR_SECONDS)]
VOLATILITIES = [0.05, 0.2, 0.5, 1.5]
RATES = [0.0, 0.05]
GRID = list(itertools.product((1.0, -1.0), STRIKES, TIMES, VOLATILITIES, RATES))
SIGNS, STRIKE_COLUMN, TIME_COLUMN, VOLATILITY_COLUMN, RATE_COLUMN = np.array(GRID).T
DISCOUNTS = np.exp(-RATE_COLUMN * TIME_COLUMN)


def oracle(sign, strike, time, volatility, rate):
    payoff = QuantLib.PlainVanillaPayoff(QuantLib.Option.Call if sign > 0 else QuantLib.Option.Put, strike)
    return QuantLib.BlackCalculator(payoff, FORWARD, volatility * math.sqrt(time), math.exp(-rate * time))


def test_values_are_quantlibs():
    found = values(SIGNS, STRIKE_COLUMN, FORWARD, VOLATILITY_COLUMN * np.sqrt(TIME_COLUMN), DISCOUNTS)
    assert found == pytest.approx([oracle(*row).value() for row in GRID], rel=1e-9, abs=1e-9)


def test_derivatives_are_quantlibs():
    found = sensitivities(SIGNS, STRIKE_COLUMN, FORWARD, VOLATILITY_COLUMN, TIME_COLUMN, DISCOUNTS)
    theirs = [oracle(*row) for row in GRID]
    assert found.value == pytest.approx([one.value() for one in theirs], rel=1e-9, abs=1e-9)
    assert found.by_forward == pytest.approx([one.deltaForward() for one in theirs], rel=1e-9, abs=1e-12)
    assert found.by_forward_twice == pytest.approx([one.gammaForward() for one in theirs], rel=1e-9, abs=1e-15)
    by_volatility = [one.vega(time) for one, time in zip(theirs, TIME_COLUMN, strict=True)]
    assert found.by_volatility == pytest.approx(by_volatility, rel=1e-9, abs=1e-12)
    # With the forward fixed, time works through the volatility, and through the discount, which is not asked for here.
    by_time = [
        vega * volatility / (2 * time)
        for vega, volatility, time in zip(by_volatility, VOLATILITY_COLUMN, TIME_COLUMN, strict=True)
    ]
    assert found.by_time == pytest.approx(by_time, rel=1e-9, abs=1e-9)


def test_implied_volatilities_are_quantlibs():
    compared = 0
    for sign, strike, time, volatility, rate in GRID:
        option = oracle(sign, strike, time, volatility, rate)
        # Where a price hardly depends on the volatility, it tells none.
        if option.vega(time) > 1e-2:
            discount = math.exp(-rate * time)
            found = implied_volatility(int(sign), strike, FORWARD, time, option.value(), discount)
            kind = QuantLib.Option.Call if sign > 0 else QuantLib.Option.Put
            theirs = QuantLib.blackFormulaImpliedStdDev(
                kind, strike, FORWARD, option.value(), discount, 0, 0.1, 1e-12, 1000
            )
            assert found.reason is None
            assert found.volatility == pytest.approx(theirs / math.sqrt(time), rel=1e-6)
            assert found.volatility == pytest.approx(volatility, rel=1e-6)
            compared += 1
    assert compared > 150
