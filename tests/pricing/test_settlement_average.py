"""The average of fixings: its variance time by brute force and by simulation, its forward, and the Greeks under it."""

import numpy as np
import pytest

from openoutcry.domain.day.game_rules import SettlementRules
from openoutcry.pricing.black_scholes import values
from openoutcry.pricing.parameters import Parameters
from openoutcry.pricing.session_time import SESSION_SECONDS, YEAR_SECONDS
from openoutcry.pricing.settlement_average import average_ahead


def ahead(*seconds, fixings=30, **carry):
    return average_ahead(np.array(seconds), SettlementRules(fixings=fixings), Parameters(**carry))


def by_all_pairs(seconds, fixings=30):
    to_come = min(fixings, -(-seconds // 10))
    instants = [max(seconds - 10 * back, 0) for back in range(to_come)]
    return sum(min(one, other) for one in instants for other in instants)


@pytest.mark.parametrize("fixings", [1, 7, 30])
def test_variance_time_is_the_mean_of_all_pairs(fixings):
    seconds = (0, 1, 9, 10, 11, 155, 289, 290, 291, 300, 900, SESSION_SECONDS)
    average = ahead(*seconds, fixings=fixings)
    assert average.variance_parts.tolist() == [by_all_pairs(each, fixings) for each in seconds]
    assert average.variance_time * YEAR_SECONDS * fixings**2 == pytest.approx(average.variance_parts)


def test_before_the_fixings_it_is_the_time_to_the_close_less_195_seconds():
    assert ahead(900).variance_time * YEAR_SECONDS == pytest.approx(900 - 195, abs=0.1)
    assert (ahead(900).share, ahead(900).past) == (1, 0)


def test_a_fixing_at_this_very_instant_is_over():
    assert ahead(291, 290, 289, 95, 10, 9, 0).past.tolist() == [0, 1, 1, 20, 29, 29, 30]
    assert ahead(95).share == pytest.approx(1 / 3)


def test_at_the_close_everything_is_fixed():
    assert (ahead(0).variance_time, ahead(0).share, ahead(0).past) == (0, 0, 30)


def test_variance_time_goes_by_as_its_slope_says():
    for seconds in (5, 95, 250, 5_000):
        now, later = ahead(seconds), ahead(seconds - 1)
        gone = (now.variance_time - later.variance_time) * YEAR_SECONDS
        assert gone == pytest.approx(now.variance_time_slope)


def test_with_a_rate_the_forward_grows_to_each_fixing():
    seconds, rate, dividend = 5 * SESSION_SECONDS, 0.05, 0.02
    average = ahead(seconds, rate=rate, dividend=dividend)
    growth = [np.exp((rate - dividend) * (seconds - 10 * back) / YEAR_SECONDS) for back in range(30)]
    assert average.share == pytest.approx(np.mean(growth))
    assert average.share_slope == pytest.approx((rate - dividend) * np.mean(growth))
    assert average.discount == pytest.approx(np.exp(-rate * 5 / 252))
    inside = ahead(95, rate=rate, dividend=dividend)
    to_come = [np.exp((rate - dividend) * (95 - 10 * back) / YEAR_SECONDS) for back in range(10)]
    assert inside.share == pytest.approx(sum(to_come) / 30)


def test_a_year_has_the_seconds_of_the_scenarios_sessions():
    longer = ahead(900, session_seconds=2 * SESSION_SECONDS, sessions_a_year=126)
    assert longer.variance_time == ahead(900).variance_time
    assert ahead(900, session_seconds=2 * SESSION_SECONDS).variance_time == ahead(900).variance_time / 2


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
    average = ahead(seconds)
    deviation = volatility * np.sqrt(average.variance_time)
    forward = sum(done) / 30 + average.share * spot
    for strike in (4495.0, 4500.0, 4505.0):
        gains = np.maximum(settled - strike, 0)
        found = values(np.array(1.0), np.array(strike), forward, deviation, 1.0)
        error = gains[:200_000].std() / np.sqrt(200_000)
        assert float(found[0]) == pytest.approx(gains.mean(), abs=0.003 * gains.mean() + 3 * error)
