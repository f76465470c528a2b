"""Chances as integers: what they are bounds of, and nothing rounded that counts."""

from fractions import Fraction
from itertools import pairwise
from math import exp

import pytest

from openoutcry.simulation.flow.chances import chance, geometric_bounds, number_of, one_of, poisson_bounds
from openoutcry.simulation.words import WORDS


def shares(bounds):
    """How likely each number is."""
    edges = [0, *bounds, WORDS]
    return [Fraction(above - below, WORDS) for below, above in pairwise(edges)]


def mean(bounds):
    return float(sum(number * share for number, share in enumerate(shares(bounds))))


def test_a_word_is_below_a_chance_as_often_as_it_says():
    assert chance(0) == 0
    assert chance(250_000) == WORDS // 4
    assert chance(1_000_000) == WORDS


def test_one_of_several_is_any_of_them_alike():
    assert [one_of(3, word) for word in (0, WORDS // 3, WORDS // 3 + 1, 2 * WORDS // 3 + 1, WORDS - 1)] == [
        0,
        0,
        1,
        2,
        2,
    ]


def test_a_word_that_has_reached_a_bound_counts_it():
    assert [number_of([10, 20], word) for word in (0, 9, 10, 19, 20, WORDS - 1)] == [0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize("per_minute", [0, 1, 36, 600, 6_000])
def test_arrivals_have_the_shares_of_poisson_s_law(per_minute):
    bounds = poisson_bounds(per_minute)
    rate = per_minute / 60
    assert bounds == sorted(bounds)
    assert bounds[-1] <= WORDS
    share = exp(-rate)
    for number, found in enumerate(shares(bounds)[:-1]):
        assert float(found) == pytest.approx(share, rel=1e-9, abs=1e-15)
        share *= rate / (number + 1)
    assert mean(bounds) == pytest.approx(rate, abs=1e-12)


def test_bounds_are_the_same_on_every_machine():
    assert poisson_bounds(36)[:3] == [10123787795700325150, 16198060473120520240, 18020342276346578767]
    assert geometric_bounds(5, 3) == [3074457345618258603, 5636505133633474105, 7771544956979487024]


@pytest.mark.parametrize(("wanted", "most"), [(5, 1_000), (1, 200), (20, 4_000)])
def test_a_geometric_number_has_its_mean(wanted, most):
    assert mean(geometric_bounds(wanted, most)) == pytest.approx(wanted, rel=1e-9)


def test_a_geometric_number_ends_at_the_most():
    assert number_of(geometric_bounds(5, 49), WORDS - 1) == 49
    assert number_of(geometric_bounds(0, 49), WORDS - 1) == 0
