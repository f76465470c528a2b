"""Frames: how a segment file holds one entry so that damage shows. Pure functions on bytes.

A frame is the payload's length and its CRC-32, both little-endian 32-bit, then the payload.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import Final

PREFIX: Final = struct.Struct("<II")

FRAME_OVERHEAD: Final = PREFIX.size
"""Bytes that a frame adds to its payload."""

MAXIMUM_PAYLOAD_BYTES: Final = 1024 * 1024
"""No entry is larger, so a larger length is damage. The gateway takes bodies of 64 KiB."""


def frame(payload: bytes) -> bytes:
    """The frame of `payload`, which is not empty and has at most `MAXIMUM_PAYLOAD_BYTES`."""
    return PREFIX.pack(len(payload), zlib.crc32(payload)) + payload


def payload_at(data: memoryview, offset: int) -> memoryview | None:
    """The payload of the frame that starts at `offset`; None if no whole, undamaged frame starts there."""
    start = offset + FRAME_OVERHEAD
    if start >= len(data):
        return None
    length, checksum = PREFIX.unpack_from(data, offset)
    # An empty payload is no entry: otherwise a tail of zeros, which a lost write can leave, would read as many entries.
    if not 0 < length <= MAXIMUM_PAYLOAD_BYTES or start + length > len(data):
        return None
    payload = data[start : start + length]
    return payload if zlib.crc32(payload) == checksum else None


def whole_frames(data: memoryview, offset: int) -> Iterator[tuple[int, memoryview]]:
    """The undamaged frames that follow each other from `offset` on: where each ends, and its payload.

    Stops at the first place without one: the last end given, or `offset`.
    """
    while (payload := payload_at(data, offset)) is not None:
        offset += FRAME_OVERHEAD + len(payload)
        yield offset, payload


def holds_whole_frame(data: memoryview, offset: int) -> bool:
    """Whether an undamaged frame starts anywhere in `data` from `offset` on.

    Whole frames follow damage in the middle of a file; none follow an end that a crash tore.
    """
    return any(payload_at(data, start) is not None for start in range(offset, len(data)))
