"""Chance of the world: numbers made of the raw words of a component, one after the other.

Raw words are fixed for ever; numpy promises nothing of the kind for the numbers that its generators make of them.
"""

import math
from typing import Final

import numpy as np
from numpy.random import Philox
from numpy.typing import NDArray
from scipy.special import ndtri

from openoutcry.simulation.words import WORD_BITS, Words, key_of

_UNIFORM_BITS: Final = 52
_SHIFT: Final = WORD_BITS - _UNIFORM_BITS


class Chance:
    """That of one component, such as `"news"`. Another component or seed has its own."""

    __slots__ = ("_philox",)

    def __init__(self, seed: bytes, component: str) -> None:
        self._philox = Philox(key=key_of(seed, component), counter=0)

    def word(self) -> int:
        """The next one, of 64 bits."""
        return int(self._philox.random_raw())

    def words(self, count: int) -> Words:
        return self._philox.random_raw(count)

    def below(self, bound: int) -> int:
        """One of 0 to `bound` - 1, each as likely."""
        return self.word() * bound >> WORD_BITS

    def uniform(self) -> float:
        """Above 0 and below 1."""
        return float(((self.word() >> _SHIFT) + 0.5) * 2.0**-_UNIFORM_BITS)

    def uniforms(self, count: int) -> NDArray[np.float64]:
        """Above 0 and below 1."""
        return ((self.words(count) >> np.uint64(_SHIFT)).astype(np.float64) + 0.5) * 2.0**-_UNIFORM_BITS

    def normal(self) -> float:
        return float(ndtri(self.uniform()))

    def normals(self, count: int) -> NDArray[np.float64]:
        """Of mean 0 and variance 1."""
        normals: NDArray[np.float64] = ndtri(self.uniforms(count))
        return normals

    def exponential(self, mean: float) -> float:
        return -mean * math.log(self.uniform())
