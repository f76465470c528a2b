"""Randomness from one seed, with a stream of its own for each user, so that none affects another."""

import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random


class Chance:
    """`stream("network")` is always the same for the same seed, independent of other streams."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def stream(self, name: str) -> Random:
        return Random(f"{self._seed}/{name}")


@contextmanager
def entropy_from(chance: Chance) -> Iterator[None]:
    """Inside, the keys and ids that exchange and client make from the machine's entropy come from the seed too.

    `secrets` makes everything from `token_bytes`; the client spreads its pauses with `random` itself.
    """
    system, state = secrets.token_bytes, random.getstate()
    drawn = chance.stream("entropy")
    secrets.token_bytes = lambda nbytes=None: drawn.randbytes(secrets.DEFAULT_ENTROPY if nbytes is None else nbytes)
    random.seed(drawn.getrandbits(64))
    try:
        yield
    finally:
        secrets.token_bytes = system
        random.setstate(state)
