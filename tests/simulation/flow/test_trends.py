"""Trends of a session, second by second, as its rules word them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openoutcry.domain.simulation.flow_rules import RetailRules
from openoutcry.simulation.flow.trends import trends_of

FLAT = [200_000]


def trends(index, volatility=None, **rules):
    volatility = FLAT * len(index) if volatility is None else volatility
    return trends_of(RetailRules(**rules), np.array(index), np.array(volatility))


def test_a_fall_is_one_from_the_day_s_high_so_far():
    assert trends([1_000, 1_010, 995, 994, 1_020, 1_005, 1_004, 1_012]).falls == [
        *[False, False, False],  # 15 of 1,010 is not 1.5 %
        True,
        *[False, False],  # nor is 15 of 1,020
        True,
        False,
    ]


def test_a_run_is_three_returns_in_a_row_of_one_sign():
    index = [100, 101, 102, 103, 104, 104, 105, 106, 107, 106, 105, 104, 103]
    assert trends(index, momentum_seconds=1).runs == [0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, -1, -1]


def test_a_run_is_of_returns_that_are_all_over_the_whole_time():
    assert trends(range(100, 120), momentum_seconds=5).runs == [0] * 15 + [1] * 5


def test_a_spike_is_a_rise_against_some_time_before():
    volatility = [*FLAT * 5, 229_999, 230_000, *FLAT * 4, 240_000]
    assert [t for t, spike in enumerate(trends([1] * 12, volatility, spike_seconds=5).spikes) if spike] == [6]


def test_a_spike_in_the_first_seconds_is_against_the_beginning():
    assert trends([1] * 3, [200_000, 231_000, 229_000]).spikes == [False, True, False]


@pytest.mark.parametrize("seconds", [1, 2, 10])
def test_a_session_shorter_than_what_is_looked_back_at_has_no_runs(seconds):
    assert not any(trends(range(100, 100 + seconds), momentum_seconds=20).runs)


@given(
    st.lists(st.tuples(st.integers(900, 1_100), st.integers(150_000, 260_000)), min_size=1, max_size=60),
    st.integers(1, 6),
    st.integers(1, 20),
)
def test_all_seconds_agree_with_what_a_trader_sees_in_them(prices, step, back):
    index, volatility = zip(*prices, strict=True)
    found = trends(list(index), list(volatility), momentum_seconds=step, spike_seconds=back)
    assert found.seconds == len(index) - 1
    for second, price in enumerate(index):
        high = max(index[: second + 1])
        assert found.falls[second] == (high - price >= 0.015 * high)
        returns = [index[at] - index[at - step] for at in (second, second - step, second - 2 * step) if at >= step]
        up, down = (all(sign * each > 0 for each in returns) and len(returns) == 3 for sign in (1, -1))
        assert found.runs[second] == up - down
        assert found.spikes[second] == (volatility[second] - volatility[max(second - back, 0)] >= 30_000)
