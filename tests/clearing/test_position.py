"""Average cost in integers, held to exact fractions: money is moved between cost, profit and cash, never made."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openoutcry.clearing.account import Account
from openoutcry.clearing.position import Position
from openoutcry.domain.types import MAX_MULTIPLIER, MAX_PRICE, MAX_QUANTITY, MONEY_UNITS, Money

trades = st.lists(
    st.tuples(st.integers(-30, 30).filter(bool), st.integers(1, 50))
    | st.tuples(st.integers(-3, 3).filter(bool), st.integers(1, 10**12)),
    max_size=30,
)


class ExactPosition:
    """Average cost in fractions: what `Position` would say if money could be divided at will."""

    def __init__(self):
        self.quantity = 0
        self.average = Fraction(0)
        self.realized = Fraction(0)

    def trade(self, quantity, unit_value):
        if self.quantity * quantity >= 0:
            total = self.average * self.quantity + unit_value * quantity
            self.quantity += quantity
            self.average = total / self.quantity
            return
        closed = min(abs(quantity), abs(self.quantity)) * (1 if self.quantity > 0 else -1)
        self.realized += closed * (unit_value - self.average)
        self.quantity += quantity
        if self.quantity * closed <= 0:
            self.average = Fraction(unit_value if self.quantity else 0)


@given(trades)
def test_cost_and_profit_are_those_of_exact_fractions_but_for_less_than_a_unit_a_close(history):
    position, exact, closes = Position(), ExactPosition(), 0
    for quantity, unit_value in history:
        closes += position.quantity * quantity < 0
        position.trade(quantity, Money(unit_value))
        exact.trade(quantity, unit_value)
        assert position.quantity == exact.quantity
        # Each close rounds once, by less than a unit; what a rounding leaves in the basis shrinks with the position.
        assert abs(position.realized_pnl - exact.realized) <= closes
        assert abs(position.cost_basis - exact.average * exact.quantity) <= closes


@given(trades)
def test_what_was_spent_is_in_the_cost_or_was_realised_to_the_last_unit(history):
    position, spent = Position(), 0
    for quantity, unit_value in history:
        position.trade(quantity, Money(unit_value))
        spent += quantity * unit_value
        assert position.cost_basis - position.realized_pnl == spent


@given(trades)
def test_a_flat_position_has_no_cost_and_an_open_one_has_its_sign(history):
    position = Position()
    for quantity, unit_value in history:
        position.trade(quantity, Money(unit_value))
        assert position.cost_basis * position.quantity >= 0
        assert position.quantity != 0 or position.cost_basis == 0


@given(trades)
def test_a_short_position_mirrors_a_long_one(history):
    long, short = Position(), Position()
    for quantity, unit_value in history:
        long.trade(quantity, Money(unit_value))
        short.trade(-quantity, Money(unit_value))
        assert (short.quantity, short.cost_basis, short.realized_pnl) == (
            -long.quantity,
            -long.cost_basis,
            -long.realized_pnl,
        )


def test_closing_a_third_releases_a_third_of_the_cost_and_the_residue_stays_in_it():
    position = Position()
    position.trade(1, Money(33))
    position.trade(2, Money(34))  # 101 for three
    position.trade(-1, Money(40))
    assert (position.quantity, position.cost_basis, position.realized_pnl) == (2, 68, 7)  # 33 of 101 released
    position.trade(-2, Money(40))
    assert (position.quantity, position.cost_basis, position.realized_pnl) == (0, 0, 19)  # 120 received for 101


def test_a_trade_through_zero_closes_at_average_cost_and_opens_the_rest_at_its_own_price():
    position = Position()
    position.trade(4, Money(100))
    position.trade(-10, Money(130))
    assert (position.quantity, position.cost_basis, position.realized_pnl) == (-6, -780, 120)
    position.trade(6, Money(120))
    assert (position.quantity, position.cost_basis, position.realized_pnl) == (0, 0, 180)


LARGEST = MAX_PRICE * MONEY_UNITS * MAX_MULTIPLIER
"""Money that one contract can be worth at most."""


@pytest.mark.parametrize("side", [1, -1])
def test_a_part_of_the_largest_position_closes_at_its_average_cost(side):
    """Where the core is compiled too: cost times quantity passes 64 bits."""
    position = Position()
    position.trade(side * MAX_QUANTITY, Money(LARGEST))
    position.trade(-side * (MAX_QUANTITY - 1), Money(LARGEST))
    assert (position.quantity, position.cost_basis, position.realized_pnl) == (side, side * LARGEST, 0)


large_trades = st.lists(
    st.tuples(
        st.integers(-MAX_QUANTITY, MAX_QUANTITY).filter(bool),
        st.integers(1, LARGEST),
    ),
    min_size=1,
    max_size=8,
)


@given(large_trades)
def test_large_sums_are_as_exact_as_small_ones(history):
    """What was paid and received in all is what is held at cost, less what was gained."""
    position, paid = Position(), 0
    for quantity, unit_value in history:
        if abs(position.quantity + quantity) <= MAX_QUANTITY:
            position.trade(quantity, Money(unit_value))
            paid += quantity * unit_value
            assert position.cost_basis - position.realized_pnl == paid


def test_an_account_pays_for_what_it_buys_and_its_fees():
    account, position = Account(Money(10_000)), Position()
    account.settle(position, 3, Money(1_000), Money(60))
    assert (account.cash, account.fees_paid, position.quantity) == (6_940, 60, 3)
    account.settle(position, -3, Money(1_100), Money(-30))
    assert (account.cash, account.fees_paid, position.realized_pnl) == (10_270, 30, 300)
