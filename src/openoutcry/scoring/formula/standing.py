"""P(x) and ranks: how an entry stands among those of its role."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby


def standings(values: Sequence[Fraction]) -> list[Fraction]:
    """Of each value, (number of smaller ones + half the number of equal ones, itself included) / all of them."""
    number = len(values)
    found = [Fraction(0)] * number
    for smaller, places in _ascending(values):
        share = Fraction(2 * smaller + len(places), 2 * number)
        for place in places:
            found[place] = share
    return found


def ranks(values: Sequence[Fraction]) -> list[int]:
    """From 1 for the largest. Equal ones share a rank, and the next one is as if they had not."""
    number = len(values)
    found = [0] * number
    for smaller, places in _ascending(values):
        for place in places:
            found[place] = 1 + number - smaller - len(places)
    return found


def _ascending(values: Sequence[Fraction]) -> Iterator[tuple[int, list[int]]]:
    """For each different value, from the smallest: how many are smaller, and the places of those that have it."""
    smaller = 0
    for _, equal in groupby(sorted(range(len(values)), key=values.__getitem__), key=values.__getitem__):
        places = list(equal)
        yield smaller, places
        smaller += len(places)
