"""Arrays as bytes, for captures."""

from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


class Packed(Struct, frozen=True, array_like=True):
    """An array of numbers of 64 bits, little-endian, row by row."""

    kind: str
    shape: tuple[int, ...]
    content: bytes


def packed(array: NDArray[Any]) -> Packed:
    stored = array.astype(array.dtype.newbyteorder("<"))
    return Packed(array.dtype.kind, array.shape, stored.tobytes())


def unpacked(packed: Packed) -> NDArray[Any]:
    """The array, which can be written to."""
    stored = np.frombuffer(packed.content, dtype=f"<{packed.kind}8")
    return stored.astype(f"{packed.kind}8").reshape(packed.shape)


def widened(array: NDArray[Any], rows: int, columns: int) -> NDArray[Any]:
    """The array with so many rows and columns on its last two axes; what is new is 0."""
    more = [(0, 0)] * (array.ndim - 2) + [(0, rows - array.shape[-2]), (0, columns - array.shape[-1])]
    return np.pad(array, more)
