"""Signals: forecasts of shifts with as many false alarms as misses, and errors of the tracker told ahead."""

import numpy as np
import pytest
from msgspec import structs
from world_stage import OPENING, RATIO, RULES, SECONDS, seed_of, world_of

from openoutcry.domain.simulation.headlines import REGIMES
from openoutcry.domain.simulation.signals import TrackingError, VolatilityForecast
from openoutcry.domain.simulation.world_rules import ForecastRules, MarketRules, TrackingRules, WorldRules
from openoutcry.simulation.world.chance import Chance
from openoutcry.simulation.world.drawing import draw
from openoutcry.simulation.world.forecasts import draw_forecasts
from openoutcry.simulation.world.regimes import Shift, regimes_by_second
from openoutcry.simulation.world.tracking import tracking_signals
from openoutcry.simulation.world.world import SHARES

DEVIATION = 400 * 10**6
CERTAIN = ForecastRules(confidence_least_ppm=1_000_000, confidence_most_ppm=1_000_000, blur_ppm=0)
NEVER = ForecastRules(confidence_least_ppm=0, confidence_most_ppm=0, blur_ppm=0)
SHIFT = Shift(5_000_000_000, 0, 2, forced=False)


def forecasts(rules, shifts, seconds=10_000, seed=1):
    regimes = regimes_by_second(shifts, 1, 0, seconds)
    drawn = draw_forecasts(rules, WorldRules(), Chance(seed_of(seed), "forecasts"), shifts, regimes, 0)
    return [(one.second, one.signal.signal) for one in drawn]


def test_a_certain_forecast_tells_the_regime_and_the_time_to_it():
    ((second, forecast),) = forecasts(CERTAIN, [SHIFT])
    assert 60 <= 5_000 - second <= 300
    assert (forecast.regime, forecast.confidence_ppm) == ("high", 1_000_000)
    assert abs(forecast.seconds_until_change - (5_000 - second)) <= 1  # the signal waits for the next full second


def test_a_shift_soon_after_another_is_told_in_the_second_half_of_the_stay():
    first, second = SHIFT, Shift(5_040_000_000, 5_000_000_000, 1, forced=False)
    told = forecasts(CERTAIN, [first, second])
    assert told[1] == (5_020, VolatilityForecast("medium", 20, 1_000_000))


def test_shifts_by_news_are_never_told_ahead():
    assert forecasts(CERTAIN, [SHIFT._replace(forced=True)]) == []


def test_a_missed_shift_makes_a_false_alarm_in_quiet_time():
    for seed in range(200):
        ((second, forecast),) = forecasts(NEVER, [SHIFT], seed=seed)
        assert 1 <= second <= 9_600
        assert not 5_000 - 400 <= second < 5_000
        assert forecast.regime != REGIMES[1 if second < 5_000 else 2]


@pytest.mark.parametrize("edge", [4_599, 5_000])
def test_quiet_time_ends_so_many_seconds_before_a_shift_and_begins_with_it(edge):
    # Nothing else is quiet: a shift every 400 seconds, but for one second of peace.
    shifts = [Shift(edge * 1_000_000, 0, 2, forced=True), Shift((edge + 401) * 1_000_000, 0, 1, forced=False)]
    told = forecasts(NEVER, shifts, seconds=edge + 402)
    assert all(second <= edge - 401 or second == edge for second, _ in told)


def test_without_quiet_time_there_is_no_false_alarm():
    assert forecasts(NEVER, [SHIFT._replace(instant=50_000_000)], seconds=300) == []


def test_seconds_told_are_off_by_no_more_than_their_share():
    rules = structs.replace(CERTAIN, blur_ppm=300_000)
    shares = []
    for seed in range(300):
        ((second, forecast),) = forecasts(rules, [SHIFT], seed=seed)
        shares.append(forecast.seconds_until_change / (5_000 - second))
    assert 0.69 <= min(shares) < 0.75
    assert 1.25 < max(shares) <= 1.31


def test_a_tracking_signal_tells_the_error_ahead():
    errors = np.array([0, 0, 0, 0, 0, DEVIATION + 1, 0])
    (told,) = tracking_signals(TrackingRules(), errors, DEVIATION)
    assert told.second == 3
    assert told.signal.role == "arbitrage_desk"
    assert told.signal.signal == TrackingError(400_000, "SPY_RICH", 1_000, 660_000)


def test_a_cheap_tracker_is_told_with_its_sign():
    (told,) = tracking_signals(TrackingRules(), np.array([0, 0, 0, -2 * DEVIATION, 0]), DEVIATION)
    assert told.signal.signal == TrackingError(-800_000, "SPY_CHEAP", -2_000, 460_000)


def test_confidence_never_falls_below_its_least():
    (told,) = tracking_signals(TrackingRules(), np.array([0, 0, 0, 9 * DEVIATION, 0]), DEVIATION)
    assert told.signal.signal.confidence_ppm == 100_000


def test_the_next_signal_comes_only_after_the_error_has_been_small():
    large, near, small = DEVIATION, DEVIATION // 2, DEVIATION // 4
    errors = np.array([0, 0, 0, large, near, large, small, near, -large, large])
    assert [told.second for told in tracking_signals(TrackingRules(), errors, DEVIATION)] == [1, 6]


def test_a_tracker_without_error_has_no_signals():
    assert tracking_signals(TrackingRules(), np.zeros(10, dtype=np.int64), 0) == []


def test_tracking_signals_of_a_world_tell_its_errors():
    world = world_of(1)
    told = [one for one in world.signals if isinstance(one.signal.signal, TrackingError)]
    assert told
    for one in told:
        error = int(world.errors[one.second + 2])
        assert abs(one.signal.signal.error_ppb * (SHARES // 10**9) - error) <= SHARES // 10**9 // 2


def test_each_signal_comes_only_if_the_rules_name_it():
    kinds = {
        rules: {type(one.signal.signal) for one in draw(rules, seed_of(1), SECONDS, OPENING, RATIO).signals}
        for rules in (MarketRules(forecast=ForecastRules()), MarketRules(tracking=TrackingRules()))
    }
    assert list(kinds.values()) == [{VolatilityForecast}, {TrackingError}]
    assert RULES.forecast is not None


def test_a_signal_goes_to_the_role_of_its_rules():
    rules = MarketRules(forecast=ForecastRules(role="desk"), tracking=TrackingRules(role="fund"))
    world = draw(rules, seed_of(1), SECONDS, OPENING, RATIO)
    roles = {type(one.signal.signal): one.signal.role for one in world.signals}
    assert roles == {VolatilityForecast: "desk", TrackingError: "fund"}
