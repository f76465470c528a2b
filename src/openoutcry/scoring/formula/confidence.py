"""How sure a mean over matches is, by Student's t."""

from collections.abc import Sequence
from fractions import Fraction
from math import sqrt
from typing import Final

from msgspec import Struct

CONFIDENCE: Final = 0.95


class Estimate(Struct, frozen=True, kw_only=True):
    """A mean over matches. One match alone says nothing about how sure it is: then all else is None."""

    mean: float
    standard_error: float | None
    low: float | None
    """The interval that holds the true mean in 95 of 100 rounds begins here,"""
    high: float | None
    """and ends here. It may reach beyond what can be scored: that tells that there are too few matches."""


def mean_of(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def estimate(values: Sequence[Fraction]) -> Estimate:
    """Of at least one value."""
    mean = mean_of(values)
    if len(values) == 1:
        return Estimate(mean=float(mean), standard_error=None, low=None, high=None)
    from scipy.special import stdtrit  # noqa: PLC0415 - one match is scored without it

    error = standard_error(values)
    reach = error * float(stdtrit(len(values) - 1, (1 + CONFIDENCE) / 2))
    return Estimate(mean=float(mean), standard_error=error, low=float(mean) - reach, high=float(mean) + reach)


def standard_error(values: Sequence[Fraction]) -> float:
    """Of their mean; there are at least two."""
    mean, number = mean_of(values), len(values)
    squares = sum(((value - mean) ** 2 for value in values), Fraction(0))
    return sqrt(squares / (number * (number - 1)))


def p_value(differences: Sequence[Fraction]) -> float | None:
    """The chance of a mean at least so far from 0, on either side, if the true mean is 0: the paired test.

    None: there are fewer than two differences, or all are the same, so that nothing tells how much they vary. 1: their
    mean is 0.
    """
    if len(differences) < 2:
        return None
    mean, error = mean_of(differences), standard_error(differences)
    if not mean:
        return 1.0
    if not error:
        return None
    from scipy.special import stdtr  # noqa: PLC0415 - as above

    return 2 * float(stdtr(len(differences) - 1, -abs(float(mean)) / error))
