"""Random words of the simulated market: raw words of Philox, keyed by seed and component, counted from a second.

Whatever chance decides is made from these by functions of this package. Methods of numpy's generators may give other
numbers in another version; raw words stay the same.
"""

import hashlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

WORD_BITS: Final = 64
WORDS: Final = 2**WORD_BITS
"""How many words there are: one is below another number with a chance of this number in so many."""

_KEY_BYTES: Final = 16
_COUNTER_BITS: Final = 256

Words = NDArray[np.uint64]


def raw_words(seed: bytes, component: str, second: int, count: int) -> Words:
    """The first `count` words of a component at a second, from 0 on. No two components or seconds share any."""
    counter = second << (_COUNTER_BITS - WORD_BITS)
    words: Words = np.random.Philox(key=key_of(seed, component), counter=counter).random_raw(count)
    return words


def key_of(seed: bytes, component: str) -> int:
    """The first 128 bits of SHA-256(seed + component)."""
    return int.from_bytes(hashlib.sha256(seed + component.encode()).digest()[:_KEY_BYTES], "little")
