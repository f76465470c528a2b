"""Numbers drawn from a word that the journal holds: the core decides by chance without a source of chance."""

import hashlib


def draw(word: int, *counters: int) -> int:
    """An integer from 0 to 2**64 - 1 that depends on `word` and `counters` alone.

    The first 8 bytes, big-endian, of the SHA-256 of all of them in decimal, with `:` between.
    """
    text = ":".join(map(str, (word, *counters)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
