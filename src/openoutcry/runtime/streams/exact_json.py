"""JSON messages in exactly as much memory as they need, for messages that are kept.

The bytes that msgspec's `encode` returns keep the unused rest of a growing buffer, up to a third of its memory. The
size then depends on every digit of a message, and can move messages from the C library's allocator to Python's (512
bytes or less) while the memory of the former is not returned.
"""

from collections.abc import Callable

import msgspec


def exact_encoder() -> Callable[[object], bytes]:
    """An encoder to JSON. Calls may not overlap, because they share one buffer."""
    encode_into, buffer = msgspec.json.Encoder().encode_into, bytearray()

    def encode(message: object) -> bytes:
        encode_into(message, buffer)
        return bytes(buffer)

    return encode
