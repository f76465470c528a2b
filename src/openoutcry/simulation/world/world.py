"""The world of one session, as integers. Whoever needs a value at a second reads it here."""

import hashlib
from dataclasses import dataclass
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from openoutcry.domain.simulation.headlines import NewsEffect
from openoutcry.domain.simulation.signals import SignalToRole

SHARES: Final = 10**12
"""Units in one, of errors, beliefs and levels."""

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class WorldNews:
    """The headline with this place among the rules' comes at `second`, and does this."""

    second: int
    headline: int
    effect: NewsEffect


@dataclass(frozen=True, slots=True)
class WorldSignal:
    second: int
    signal: SignalToRole


@dataclass(frozen=True, slots=True)
class World:
    """One session. Arrays have a place for each second from the opening, 0, to the close, both included."""

    regimes: Integers
    """Places in `REGIMES`. Nobody is told."""
    index: Integers
    """Prices of the index, in 1e-4."""
    errors: Integers
    """By how much the tracker is off its index, in 1e-12 of it."""
    tracker: Integers
    """Fair values of the tracker, in 1e-4."""
    beliefs: Integers
    """What prices and news let anybody believe of each regime, in 1e-12: an array of three chances a second."""
    levels: Integers
    """The noise on the root of the theoretical variance, in 1e-12."""
    news: tuple[WorldNews, ...]
    """In order of their seconds."""
    signals: tuple[WorldSignal, ...]
    """In order of their seconds."""

    @property
    def seconds(self) -> int:
        """Of the session, from the opening to the close."""
        return len(self.index) - 1

    @property
    def arrays(self) -> tuple[Integers, ...]:
        """All of them, in the order of the fields."""
        return self.regimes, self.index, self.errors, self.tracker, self.beliefs, self.levels

    @property
    def digest(self) -> str:
        """SHA-256 in hexadecimal: of the arrays as little-endian words of 64 bits, each behind the number of its bytes,
        and of news and signals as MessagePack.
        """
        digest = hashlib.sha256()
        for array in self.arrays:
            content = array.astype("<i8").tobytes()
            digest.update(len(content).to_bytes(8, "little") + content)
        digest.update(msgspec.msgpack.encode((self.news, self.signals)))
        return digest.hexdigest()
