"""A workload of the matching-engine benchmark: new orders, cancels and modifies of one instrument, by column."""

import lzma
import sys
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

NEW: Final = 0
CANCEL: Final = 1
MODIFY: Final = 2

_COLUMNS: Final = (("B", 1), ("B", 1), ("B", 1), ("I", 4), ("I", 4), ("i", 4))
"""Type codes and sizes of the arrays in the file. They follow each other and are little-endian."""


class Agreed(NamedTuple):
    """The results of one workload on which some 160 engines agree."""

    file: str
    trades: int
    reports_hash: str
    """SHA-256 of the report stream, as the benchmark publishes it."""


WORKLOADS: Final = {
    "normal": Agreed("normal.columns.xz", 62_474, "e9b2e3926854410b01a035aeb25dd05f1e597c233be8263de9eb49b6713d367e"),
    "static": Agreed("static.columns.xz", 827, "9803843ee404fc29c9a0aa5614f8f0d5a58b5c44fcac9ef89067886fcaaa30d1"),
}
"""The agreed results of the benchmark flash1-dev/matching-engine-benchmark, by workload."""


class Message(NamedTuple):
    """One message. `side` and `is_ioc` have a meaning only in new orders.

    `quantity` is the quantity of a new order, or the new open quantity of a modify.
    """

    kind: int
    side: int
    is_ioc: int
    quantity: int
    order_id: int
    price: int


def read_workload(path: Path) -> list[Message]:
    """The messages in order. Raises `ValueError` if the file does not hold six columns of one length."""
    return list(_messages(lzma.decompress(path.read_bytes()), path.name))


def _messages(columns: bytes, name: str) -> Iterator[Message]:
    count, rest = divmod(len(columns), sum(size for _, size in _COLUMNS))
    if rest:
        raise ValueError(f"{name}: {len(columns)} bytes are not six columns of one length")
    arrays, begin = [], 0
    for code, size in _COLUMNS:
        column = array(code)
        assert column.itemsize == size, f"this machine's array {code!r} has items of {column.itemsize} bytes"  # noqa: S101
        end = begin + size * count
        column.frombytes(columns[begin:end])
        if sys.byteorder == "big":
            column.byteswap()
        arrays.append(column)
        begin = end
    return map(Message._make, zip(*arrays, strict=True))
