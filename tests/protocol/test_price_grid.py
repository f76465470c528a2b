"""A price is on the grid if and only if the nearest grid price, written in decimal, reads back as the same number."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from openoutcry.domain.types import MAX_PRICE, MONEY_UNITS
from openoutcry.protocol.translation.prices import price_from_wire
from reference.workload import instrument

tick_sizes = st.sampled_from([1, 5, 7, 25, 100, 125, 500, 2_500, 10_000, 3_333]) | st.integers(1, 100_000_000)


@st.composite
def grids_and_ticks(draw):
    grid = instrument("SPY", tick_size=draw(tick_sizes))
    return grid, draw(st.integers(1, grid.maximum_ticks))


def written(grid, ticks):
    """The grid price in decimal, as a person writes it."""
    return str(Decimal(ticks * grid.tick_size).scaleb(-4))


@given(grids_and_ticks())
def test_the_price_of_a_tick_is_what_its_decimal_text_reads_as(grid_and_ticks):
    grid, ticks = grid_and_ticks
    assert grid.price_of(ticks) == float(written(grid, ticks))


@given(grids_and_ticks())
def test_every_price_on_the_grid_leads_back_to_its_tick(grid_and_ticks):
    grid, ticks = grid_and_ticks
    assert price_from_wire(grid, grid.price_of(ticks)).ticks == ticks


@given(tick_sizes, st.floats(-2 * MAX_PRICE, 2 * MAX_PRICE))
def test_a_number_is_on_the_grid_only_if_some_grid_price_reads_as_it(tick_size, price):
    grid = instrument("SPY", tick_size=tick_size)
    exact = Fraction(price) * MONEY_UNITS / tick_size
    neighbours = {int(exact) + step for step in (-1, 0, 1)}
    on_grid = any(float(written(grid, ticks)) == price for ticks in neighbours)
    assert (price_from_wire(grid, price).off_grid is None) == on_grid


@given(tick_sizes, st.floats(-2 * MAX_PRICE, 2 * MAX_PRICE))
def test_the_nearest_tick_is_nowhere_further_than_half_a_tick(tick_size, price):
    grid = instrument("SPY", tick_size=tick_size)
    exact = Fraction(price) * MONEY_UNITS / tick_size
    # Half a tick, and what rounding of the product may add where the price lies in the middle of two.
    assert abs(price_from_wire(grid, price).ticks - exact) <= Fraction(1, 2) + abs(exact) * Fraction(1, 2**51)


def test_the_neighbours_of_a_grid_price_are_off_the_grid():
    grid = instrument("SPY", tick_size=100)
    for number in (0.1 + 0.2, 100.001, 99.99999999999999, 1.005):
        assert price_from_wire(grid, number).off_grid is not None
    for number in (0.3, 100.0, 100, 99.99, 1.01):
        assert price_from_wire(grid, number).off_grid is None


def test_the_highest_price_is_the_last_on_the_grid_within_the_limit():
    assert instrument("SPY", tick_size=100).price_of(instrument("SPY", tick_size=100).maximum_ticks) == MAX_PRICE
    coarse = instrument("SPY", tick_size=70_000)
    assert coarse.price_of(coarse.maximum_ticks) <= MAX_PRICE < coarse.price_of(coarse.maximum_ticks + 1)


def test_one_tick_of_one_contract_is_worth_tick_size_times_multiplier():
    assert instrument("SPX_CALL_4500_20240315", tick_size=100, multiplier=100).tick_value == 1 * MONEY_UNITS
