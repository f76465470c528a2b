"""Randomness from one seed, with a stream of its own for each user, so that none affects another."""

from random import Random


class Chance:
    """`stream("network")` is always the same for the same seed, independent of other streams."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def stream(self, name: str) -> Random:
        return Random(f"{self._seed}/{name}")
