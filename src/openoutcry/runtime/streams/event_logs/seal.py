"""A line of a log's file: an event with its checksum, by which a damaged event is noticed.

A line is the JSON array of the checksum, in hexadecimal, and the message, byte for byte.
"""

from typing import Final
from zlib import crc32

_CHECKSUM_BYTES: Final = 12
"""Bytes of a line before its message."""

SEAL_BYTES: Final = _CHECKSUM_BYTES + 2
"""Bytes of a line beside its message."""


def sealed(message: bytes) -> bytes:
    """The line of this message, with its end."""
    return b'["%08x",%b]\n' % (crc32(message), message)


def message_of(line: bytes) -> bytes | None:
    """The message on a whole line; None if the line was damaged."""
    if len(line) < SEAL_BYTES:
        return None
    message = line[_CHECKSUM_BYTES:-2]
    return message if line == sealed(message) else None
