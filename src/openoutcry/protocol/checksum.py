"""The checksum of a book's best levels, by which a reader checks its copy."""

from collections.abc import Iterable
from itertools import islice
from zlib import crc32

from openoutcry.domain.events import Level
from openoutcry.protocol.stream import CHECKSUM_DEPTH


def book_checksum(asks: Iterable[Level], bids: Iterable[Level]) -> int:
    """CRC-32 of the ten best asks, then the ten best bids; of each level `str(price_ticks) + str(quantity)`.

    Both sides are given best first.
    """
    text = "".join(f"{ticks}{quantity}" for side in (asks, bids) for ticks, quantity in islice(side, CHECKSUM_DEPTH))
    return crc32(text.encode("ascii"))
