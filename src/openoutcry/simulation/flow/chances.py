"""Chances as integers: what a random word is compared with. Nothing is decided by a float."""

from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal, localcontext
from typing import Final

from openoutcry.domain.types import PPM
from openoutcry.simulation.words import WORD_BITS, WORDS

_DIGITS: Final = 60
"""Far more than a word has, so that rounding decides nothing."""


def chance(ppm: int) -> int:
    """A word is below this number in so many of a million cases."""
    return ppm * WORDS // PPM


def one_of(count: int, word: int) -> int:
    """A number from 0 to `count` - 1, all of them alike."""
    return word * count >> WORD_BITS


def number_of(bounds: Sequence[int], word: int) -> int:
    """How many of the bounds, which ascend, the word has reached."""
    return bisect_right(bounds, word)


def poisson_bounds(per_minute: int) -> list[int]:
    """Bounds for the number of arrivals in a second, independent of each other."""
    with localcontext() as context:
        context.prec = _DIGITS
        mean = Decimal(per_minute) / 60
        term = total = (-mean).exp()
        bounds = [int(total * WORDS)]
        while bounds[-1] < WORDS - 1:
            term = term * mean / len(bounds)
            total += term
            bounds.append(int(total * WORDS))
            if bounds[-1] == bounds[-2] and len(bounds) > mean:
                break
        return bounds


def geometric_bounds(mean: int, most: int) -> list[int]:
    """Bounds for a number of this mean, each one following the one before with the same chance; `most` at most."""
    return [WORDS - mean**count * WORDS // (mean + 1) ** count for count in range(1, most + 1)]
