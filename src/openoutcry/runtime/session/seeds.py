"""The seeds of sessions: 256 bits from which everything is drawn that is left to chance in one.

A session keeps the seed that it has, also over restarts. Nobody may see it while the session runs: it is in a file that
only its owner can read, and in no log, journal or answer. What is drawn from it enters by the journal.
"""

import hashlib
from pathlib import Path
from typing import Final, NamedTuple

from openoutcry.domain.fairness import SEED_BYTES, random_word, seed_of_number
from openoutcry.journal.files import write_whole
from openoutcry.runtime.entropy import Entropy
from openoutcry.runtime.sequencing.unavailable import Unavailable

_FOR_OTHERS: Final = 0o077
"""Permissions that nobody else may have."""


class SeedSource(NamedTuple):
    """Where seeds come from, and where they are kept."""

    entropy: Entropy
    folder: Path | None = None
    """None: they are kept in memory."""
    number: int | None = None
    """Seeds that are made come from this number; None: from chance."""


class SessionSeeds:
    """Seeds that nobody is promised anything of, by the ISO dates of their sessions."""

    def __init__(self, entropy: Entropy, folder: Path | None = None, number: int | None = None) -> None:
        """`folder` None: they are kept in memory. `number`: sessions without a seed get that of this number, and
        otherwise a random one.
        """
        self._entropy = entropy
        self._number = number
        self._kept = _KeptSeeds(folder)

    def seed_of(self, date: str) -> bytes:
        """The seed of the session of this date, made at its first use.

        Raises `Unavailable` if it cannot be kept, or what was kept cannot be used.
        """
        seed = self._kept.find(date)
        if seed is None:
            seed = self._entropy(SEED_BYTES) if self._number is None else seed_of_number(self._number)
            self._kept.keep(date, seed)
        return seed

    def word_of(self, date: str) -> int:
        """64 bits for the venue's own draws."""
        return random_word(self.seed_of(date), date)


class NumberedSeeds:
    """Seeds that are made before their sessions, one for each commitment: numbered from 1, in the order of these."""

    def __init__(self, entropy: Entropy, folder: Path | None = None, number: int | None = None) -> None:
        """`folder` None: they are kept in memory. `number`: seeds that are made come from this number, each another,
        and otherwise from chance.
        """
        self._entropy = entropy
        self._number = number
        self._kept = _KeptSeeds(folder)

    def seed_of(self, place: int) -> bytes:
        """The seed with this place, made at its first use and then on the disk.

        Raises `Unavailable` as `find` does, and if it cannot be kept.
        """
        seed = self._kept.find(str(place))
        if seed is None:
            seed = self._entropy(SEED_BYTES) if self._number is None else derived_seed(self._number, place)
            self._kept.keep(str(place), seed)
        return seed

    def find(self, place: int) -> bytes | None:
        """The same; None if none is kept, and none can be made again. Raises `Unavailable` if what is kept cannot be
        used.
        """
        seed = self._kept.find(str(place))
        return derived_seed(self._number, place) if seed is None and self._number is not None else seed

    def where(self, place: int) -> str:
        """Where the seed with this place is kept, for people."""
        return self._kept.where(str(place))


def derived_seed(number: int, place: int) -> bytes:
    """The seed with this place among those that a number stands for; the first is the number's own."""
    first = seed_of_number(number)
    return first if place == 1 else hashlib.sha256(first + str(place).encode()).digest()


class _KeptSeeds:
    """Seeds by names: in a folder, one file each, in hexadecimal; or in memory."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._known: dict[str, bytes] = {}

    def where(self, name: str) -> str:
        return "memory" if self._folder is None else str(self._file(self._folder, name))

    def find(self, name: str) -> bytes | None:
        """Raises `Unavailable` if there is one that cannot be read, or must not be used."""
        if name not in self._known and self._folder is not None:
            try:
                seed = _read(self._file(self._folder, name))
            except OSError as error:
                raise _unusable(error) from error
            if seed is not None:
                self._known[name] = seed
        return self._known.get(name)

    def keep(self, name: str, seed: bytes) -> None:
        """Raises `Unavailable` if it cannot be kept."""
        if self._folder is not None:
            try:
                write_whole(self._file(self._folder, name), f"{seed.hex()}\n".encode())
            except OSError as error:
                raise _unusable(error) from error
        self._known[name] = seed

    def _file(self, folder: Path, name: str) -> Path:
        return folder / f"{name}.seed"


def _unusable(error: OSError) -> Unavailable:
    return Unavailable(f"the session's seed cannot be kept or read: {error}")


def _read(path: Path) -> bytes | None:
    if not path.exists():
        return None
    if path.stat().st_mode & _FOR_OTHERS:
        raise Unavailable(f"others on this machine can read {path}: run chmod 600 {path}")
    try:
        seed = bytes.fromhex(path.read_text())
    except ValueError:
        seed = b""
    if len(seed) != SEED_BYTES:
        raise Unavailable(f"{path} does not hold {SEED_BYTES} bytes in hexadecimal: put the session's seed back")
    return seed
