"""The average of fixings: its variance time by brute force and by simulation, its forward, and the Greeks under it."""

import numpy as np
import pytest

from openoutcry.pricing.black_scholes import values
from openoutcry.pricing.session_time import SESSION_SECONDS, YEAR_SECONDS
from openoutcry.pricing.settlement_average import average_ahead


def ahead(seconds, past=(), **carry):
    return average_ahead(seconds, 30, 10, past, **carry)


def by_all_pairs(seconds, to_come):
    instants = [max(seconds - 10 * back, 0) for back in range(to_come)]
    return sum(min(one, other) for one in instants for other in instants) / 900


@pytest.mark.parametrize("seconds", [1, 9, 10, 11, 155, 289, 290, 291, 300, 900, SESSION_SECONDS])
def test_variance_time_is_the_mean_of_all_pairs(seconds):
    to_come = min(30, -(-seconds // 10))
    average = ahead(seconds, [4500.0] * (30 - to_come))
    assert average.variance_time * YEAR_SECONDS == pytest.approx(by_all_pairs(seconds, to_come))


def test_before_the_fixings_it_is_the_time_to_the_close_less_195_seconds():
    assert ahead(900).variance_time * YEAR_SECONDS == pytest.approx(900 - 195, abs=0.1)
    assert ahead(900).forward(4321.5) == pytest.approx(4321.5)


def test_past_fixings_stay_in_the_forward():
    average = ahead(95, [4400.0] * 20)
    assert average.forward(4500.0) == pytest.approx((20 * 4400 + 10 * 4500) / 30)
    assert average.share == pytest.approx(1 / 3)


def test_at_the_close_everything_is_fixed():
    average = ahead(0, [4400.0] * 30)
    assert (average.variance_time, average.share) == (0, 0)
    assert average.forward(9999.0) == pytest.approx(4400.0)


def test_a_fixing_that_is_due_but_not_taken_is_taken_at_the_price_of_now():
    assert ahead(0, [4400.0] * 29).forward(4430.0) == pytest.approx(4401.0)
    assert ahead(0, [4400.0] * 29).variance_time == 0


def test_variance_time_goes_by_as_its_slope_says():
    for seconds in (5, 95, 250, 5_000):
        past = [4500.0] * (30 - min(30, -(-seconds // 10)))
        now, later = ahead(seconds, past), ahead(seconds - 1, past)
        gone = (now.variance_time - later.variance_time) * YEAR_SECONDS
        assert gone == pytest.approx(now.variance_time_slope)


def test_with_a_rate_the_forward_grows_to_each_fixing():
    seconds, rate, dividend = 5 * SESSION_SECONDS, 0.05, 0.02
    average = ahead(seconds, rate=rate, dividend=dividend)
    growth = [np.exp((rate - dividend) * (seconds - 10 * back) / YEAR_SECONDS) for back in range(30)]
    assert average.forward(4500.0) == pytest.approx(4500.0 * np.mean(growth))
    assert average.discount == pytest.approx(np.exp(-rate * 5 / 252))


@pytest.mark.parametrize(("seconds", "past"), [(900, 0), (155, 14)])
def test_values_are_those_of_simulated_averages(seconds, past):
    """GAME.md: within 0.3 % of Monte Carlo; the simulation's own error is added."""
    chance = np.random.Generator(np.random.PCG64(7))
    spot, volatility, done = 4500.0, 0.2, [4498.0] * past
    instants = np.array([seconds - 10 * back for back in range(29 - past, -1, -1)]) / YEAR_SECONDS
    steps = np.diff(instants, prepend=0.0)
    draws = chance.standard_normal((200_000, len(steps)))
    draws = np.concatenate([draws, -draws])
    paths = spot * np.exp(np.cumsum(volatility * np.sqrt(steps) * draws - volatility**2 / 2 * steps, axis=1))
    settled = (sum(done) + paths.sum(axis=1)) / 30
    average = ahead(seconds, done)
    deviation = volatility * np.sqrt(average.variance_time)
    for strike in (4495.0, 4500.0, 4505.0):
        gains = np.maximum(settled - strike, 0)
        found = values(np.array(1.0), np.array(strike), np.array(average.forward(spot)), np.array(deviation), 1.0)
        error = gains[:200_000].std() / np.sqrt(200_000)
        assert float(found) == pytest.approx(gains.mean(), abs=0.003 * gains.mean() + 3 * error)
