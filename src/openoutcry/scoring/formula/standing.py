"""P(x): how an entry stands among those of its role."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction


def standings(values: Sequence[Fraction]) -> list[Fraction]:
    """Of each value, (number of smaller ones + half the number of equal ones, itself included) / all of them."""
    ordered = sorted(values)
    return [Fraction(bisect_left(ordered, value) + bisect_right(ordered, value), 2 * len(ordered)) for value in values]


def ranks(values: Sequence[Fraction]) -> list[int]:
    """From 1 for the largest. Equal ones share a rank, and the next one is as if they had not."""
    ordered = sorted(values)
    return [1 + len(ordered) - bisect_right(ordered, value) for value in values]
