"""Fair play: how a seed is committed to, and what a session draws from. Whoever checks a session needs these alone."""

import hashlib
from collections.abc import Iterable
from typing import Final

SEED_BYTES: Final = 32
_WORD_BYTES: Final = 8


def seed_of_number(number: int) -> bytes:
    """The seed that a number stands for: the SHA-256 of it in decimal."""
    return hashlib.sha256(str(number).encode()).digest()


def commitment_of(seed: bytes, scenario_hash: str) -> bytes:
    """SHA-256 of the seed and the scenario's hash as it is written: what is published before the session."""
    return hashlib.sha256(seed + scenario_hash.encode()).digest()


def session_seed(seed: bytes, nonces: Iterable[str | None]) -> bytes:
    """What the session draws from: SHA-256 of the seed and the SHA-256 of each nonce, in the order of the teams' ids.

    Teams without a nonce add nothing.
    """
    given = [hashlib.sha256(nonce.encode()).digest() for nonce in nonces if nonce is not None]
    return hashlib.sha256(seed + b"".join(given)).digest()


def random_word(seed: bytes, date: str) -> int:
    """64 bits for the venue's own draws in the session of an ISO date: the first 8 bytes of the SHA-256 of both."""
    return int.from_bytes(hashlib.sha256(seed + date.encode()).digest()[:_WORD_BYTES], "big")
