"""Messages as JSON in memory of just their length, for those that are kept.

What msgspec's own `encode` returns lies in a buffer that grew by halves, and keeps what it did not need of it: up to a
third of its memory, how much being a matter of every digit. When order ids got their sixth one, the fills kept for a
hundred teams fell below the 512 bytes up to which Python has an allocator of its own: it took 14 MB, new to the server,
while the C library's, which had held them until then, could not give its 18 MB back.
"""

from collections.abc import Callable

import msgspec


def exact_encoder() -> Callable[[object], bytes]:
    """An encoder to JSON. No two calls of it at a time: all go through one buffer."""
    encode_into, buffer = msgspec.json.Encoder().encode_into, bytearray()

    def encode(message: object) -> bytes:
        encode_into(message, buffer)
        return bytes(buffer)

    return encode
