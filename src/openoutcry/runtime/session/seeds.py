"""The seeds of sessions: 256 bits from which everything is drawn that is left to chance in one.

A session keeps the seed that it has, also over restarts. Nobody may see it while the session runs: it is in a file that
only its owner can read, and in no log, journal or answer. What is drawn from it enters by the journal.
"""

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from openoutcry.domain.fairness import SEED_BYTES, random_word, seed_of_number
from openoutcry.journal.files import write_whole
from openoutcry.runtime.entropy import Entropy
from openoutcry.runtime.sequencing.unavailable import Unavailable

_FROM_NUMBER: Final = "from a number"
"""The second line of a file whose seed anybody can find, by trying numbers."""

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
        kept = self._kept.find(date)
        if kept is None:
            number = self._number
            seed = self._entropy(SEED_BYTES) if number is None else seed_of_number(number)
            self._kept.keep(date, KeptSeed(seed, is_from_number=number is not None))
            return seed
        return kept.seed

    def word_of(self, date: str) -> int:
        """64 bits for the venue's own draws."""
        return random_word(self.seed_of(date), date)


class NumberedSeeds:
    """Seeds that are made before their sessions, one for each commitment: numbered from 1, in the order of these."""

    def __init__(self, entropy: Entropy, folder: Path | None = None, number: int | None = None) -> None:
        """`folder` None: they are kept in memory. `number`: seeds that are made come from this number, each another,
        and otherwise from chance.
        """
        self.number = number
        self._entropy = entropy
        self._kept = _KeptSeeds(folder)

    def seed_of(self, place: int) -> bytes:
        """The seed with this place, made at its first use and then on the disk.

        Raises `Unavailable` as `find` does, and if it cannot be kept.
        """
        kept = self._kept.find(str(place))
        if kept is None:
            seed = self._entropy(SEED_BYTES) if self.number is None else derived_seed(self.number, place)
            self._kept.keep(str(place), KeptSeed(seed, is_from_number=self.number is not None))
            return seed
        return kept.seed

    def find(self, place: int) -> bytes | None:
        """The same; None if none is kept, and none can be made again. Raises `Unavailable` if what is kept cannot be
        used.
        """
        kept = self._kept.find(str(place))
        if kept is None:
            return None if self.number is None else derived_seed(self.number, place)
        return kept.seed

    def is_from_number(self, place: int) -> bool:
        """Whether the seed that is kept with this place came from a number, so that anybody can find it; False if it
        cannot be read.
        """
        with suppress(Unavailable):
            kept = self._kept.find(str(place))
            return kept is not None and kept.is_from_number
        return False

    def where(self, place: int) -> str:
        """Where the seed with this place is kept, for people."""
        return self._kept.where(str(place))


def derived_seed(number: int, place: int) -> bytes:
    """The seed with this place among those that a number stands for; the first is the number's own."""
    first = seed_of_number(number)
    return first if place == 1 else hashlib.sha256(first + str(place).encode()).digest()


class KeptSeed(NamedTuple):
    """A seed, and whether it came from a number instead of chance."""

    seed: bytes
    is_from_number: bool


class _KeptSeeds:
    """Seeds by names: in a folder, one file each, in hexadecimal, with a second line if it came from a number; or in
    memory.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._known: dict[str, KeptSeed] = {}

    def where(self, name: str) -> str:
        return "memory" if self._folder is None else str(self._file(self._folder, name))

    def find(self, name: str) -> KeptSeed | None:
        """Raises `Unavailable` if there is one that cannot be read, or must not be used."""
        if name not in self._known and self._folder is not None:
            try:
                kept = _read(self._file(self._folder, name))
            except OSError as error:
                raise _unusable(error) from error
            if kept is not None:
                self._known[name] = kept
        return self._known.get(name)

    def keep(self, name: str, kept: KeptSeed) -> None:
        """Raises `Unavailable` if it cannot be kept."""
        if self._folder is not None:
            origin = f"{_FROM_NUMBER}\n" if kept.is_from_number else ""
            try:
                write_whole(self._file(self._folder, name), f"{kept.seed.hex()}\n{origin}".encode())
            except OSError as error:
                raise _unusable(error) from error
        self._known[name] = kept

    def _file(self, folder: Path, name: str) -> Path:
        return folder / f"{name}.seed"


def _unusable(error: OSError) -> Unavailable:
    return Unavailable(f"the session's seed cannot be kept or read: {error}")


def _read(path: Path) -> KeptSeed | None:
    if not path.exists():
        return None
    if path.stat().st_mode & _FOR_OTHERS:
        raise Unavailable(f"others on this machine can read {path}: run chmod 600 {path}")
    first, _, origin = path.read_text().partition("\n")
    try:
        seed = bytes.fromhex(first)
    except ValueError:
        seed = b""
    if len(seed) != SEED_BYTES:
        raise Unavailable(f"{path} does not hold {SEED_BYTES} bytes in hexadecimal: put the session's seed back")
    return KeptSeed(seed, is_from_number=origin.strip() == _FROM_NUMBER)
