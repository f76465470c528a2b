"""How an event stands in a log's file: with its checksum, so that no damaged one is ever taken for what was told.

A line is the JSON array of the checksum, in hexadecimal, and the message, which stands in it to the byte.
"""

from typing import Final
from zlib import crc32

_CHECKSUM_BYTES: Final = 12
"""Of a line, up to its message."""

SEAL_BYTES: Final = _CHECKSUM_BYTES + 2
"""What a line has beside its message."""


def sealed(message: bytes) -> bytes:
    """The line of this message, with its end."""
    return b'["%08x",%b]\n' % (crc32(message), message)


def message_of(line: bytes) -> bytes | None:
    """The message on a whole line; None where it is not what was written."""
    if len(line) < SEAL_BYTES:
        return None
    message = line[_CHECKSUM_BYTES:-2]
    return message if line == sealed(message) else None
