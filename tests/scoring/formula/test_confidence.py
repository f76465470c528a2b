"""Means, their intervals and the paired test, against scipy's and against tables of Student's t."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from openoutcry.scoring.formula.confidence import estimate, p_value

fractions = st.fractions(min_value=-70, max_value=70, max_denominator=1_000)


def test_an_interval_is_that_of_the_table_of_student():
    # 40, 44, 48, 52: mean 46, squares 36 + 4 + 4 + 36 = 80, 80 / (4 x 3) = 6.667, its root 2.582; t of 3 is 3.182.
    found = estimate([Fraction(each) for each in (40, 44, 48, 52)])
    assert found.mean == 46
    assert found.standard_error == pytest.approx(2.582, abs=0.001)
    assert (found.low, found.high) == pytest.approx((46 - 8.216, 46 + 8.216), abs=0.005)


def test_one_match_has_a_mean_and_nothing_else():
    found = estimate([Fraction(40)])
    assert (found.mean, found.standard_error, found.low, found.high) == (40, None, None, None)
    assert p_value([Fraction(40)]) is None
    assert p_value([]) is None


@given(st.lists(fractions, min_size=2, max_size=30))
def test_figures_are_those_of_scipy(numbers):
    if len(set(numbers)) == 1:
        return
    floats = [float(each) for each in numbers]
    found = estimate(numbers)
    low, high = stats.t.interval(0.95, len(floats) - 1, loc=stats.tmean(floats), scale=stats.sem(floats))
    assert found.standard_error == pytest.approx(stats.sem(floats))
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-6)
    assert p_value(numbers) == pytest.approx(stats.ttest_1samp(floats, 0).pvalue, abs=1e-9)


def test_differences_that_are_all_the_same_tell_no_chance():
    assert p_value([Fraction(3)] * 5) is None


def test_no_difference_is_certain_to_come_about_by_chance():
    assert p_value([Fraction(3), Fraction(-3)]) == 1
    assert p_value([Fraction(0), Fraction(0)]) == 1
