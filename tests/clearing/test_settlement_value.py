"""The settlement value of an option: 30 fixings, their average, the intrinsic value, each rounded half up."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openoutcry.clearing.settlement_value import average_price, fixing_times, intrinsic_value
from openoutcry.domain.day.game_rules import SettlementRules
from openoutcry.domain.instruments import OptionTerms
from openoutcry.domain.types import MONEY_UNITS, MarketTime, Money

CLOSE = MarketTime(1_710_356_400)  # 15:00 in New York on 13 March 2024
CENT = Money(100)
PRICES = st.integers(1, 10_000 * MONEY_UNITS)


def call(strike):
    return OptionTerms("call", Money(strike), "20240313")


def put(strike):
    return OptionTerms("put", Money(strike), "20240313")


def test_the_games_fixings_are_every_ten_seconds_of_the_last_five_minutes():
    times = fixing_times(SettlementRules(), CLOSE)
    assert len(times) == 30
    assert times[0] == CLOSE - 290
    assert times[-1] == CLOSE
    assert {later - earlier for earlier, later in pairwise(times)} == {10}


@pytest.mark.parametrize(("fixings", "average"), [([10, 10, 11], 10), ([10, 11], 11), ([10, 10, 10, 11], 10)])
def test_the_average_is_rounded_half_up(fixings, average):
    assert average_price(fixings, 1) == average


def test_the_trackers_average_is_that_of_the_index_over_ten_rounded_once():
    assert average_price([44, 46], 10) == 5  # 4.5; not 0.44 and 0.46 rounded first
    assert average_price([44, 45], 10) == 4


@given(st.lists(PRICES, min_size=1, max_size=30), st.sampled_from([1, 10]))
def test_the_average_is_within_half_a_unit_of_the_exact_one(fixings, ratio):
    exact = Fraction(sum(fixings), len(fixings) * ratio)
    assert -Fraction(1, 2) < average_price(fixings, ratio) - exact <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("terms", "underlying", "ticks"),
    [
        (call(45_000_000), 45_123_400, 1234),
        (put(45_000_000), 45_123_400, 0),
        (put(45_000_000), 44_876_600, 1234),
        (call(45_000_000), 45_000_000, 0),
        (call(45_000_000), 45_000_050, 1),
        (call(45_000_000), 45_000_049, 0),
        (put(45_000_000), 44_999_950, 1),
    ],
)
def test_an_option_is_worth_what_it_is_in_the_money_to_the_nearest_tick(terms, underlying, ticks):
    assert intrinsic_value(terms, Money(underlying), CENT) == ticks


@given(PRICES, PRICES, st.sampled_from([1, 7, 100, 10_000]))
def test_call_and_put_differ_by_the_distance_to_the_strike(strike, underlying, tick):
    worth_of_call = intrinsic_value(call(strike), Money(underlying), Money(tick))
    worth_of_put = intrinsic_value(put(strike), Money(underlying), Money(tick))
    assert min(worth_of_call, worth_of_put) == 0
    assert abs((worth_of_call - worth_of_put) * tick - (underlying - strike)) <= Fraction(tick, 2)
