"""The seed of each session: 256 bits from which everything is drawn that is left to chance in it.

A session keeps the seed that it has, also over restarts. Nobody may see it while the session runs: it is in a file that
only its owner can read, and in no log, journal or answer. What is drawn from it enters by the journal.
"""

import hashlib
import os
from pathlib import Path
from typing import Final

from openoutcry.journal.files import SystemFiles, owner_only
from openoutcry.runtime.entropy import Entropy
from openoutcry.runtime.sequencing.unavailable import Unavailable

SEED_BYTES: Final = 32
_WORD_BYTES: Final = 8
_FOR_OTHERS: Final = 0o077
"""Permissions that nobody else may have."""


def seed_of_number(number: int) -> bytes:
    """The seed that a number stands for: the SHA-256 of it in decimal."""
    return hashlib.sha256(str(number).encode()).digest()


class SessionSeeds:
    """The seeds of an exchange's sessions, by their ISO dates."""

    def __init__(self, entropy: Entropy, folder: Path | None = None, number: int | None = None) -> None:
        """`folder` None: they are kept in memory. `number`: sessions without a seed get that of this number, and
        otherwise a random one.
        """
        self._entropy = entropy
        self._folder = folder
        self._number = number
        self._known: dict[str, bytes] = {}

    def seed_of(self, date: str) -> bytes:
        """The seed of the session of this date, made at its first use.

        Raises `Unavailable` if it cannot be kept, or what was kept cannot be used.
        """
        seed = self._known.get(date)
        if seed is None:
            try:
                seed = self._made() if self._folder is None else self._kept(self._folder, date)
            except OSError as error:
                raise Unavailable(f"the session's seed cannot be kept or read: {error}") from error
            self._known[date] = seed
        return seed

    def word_of(self, date: str) -> int:
        """64 bits for the venue's own draws: the first 8 bytes of the SHA-256 of seed and ISO date."""
        return int.from_bytes(hashlib.sha256(self.seed_of(date) + date.encode()).digest()[:_WORD_BYTES], "big")

    def _made(self) -> bytes:
        return self._entropy(SEED_BYTES) if self._number is None else seed_of_number(self._number)

    def _kept(self, folder: Path, date: str) -> bytes:
        path = folder / f"{date}.seed"
        if not path.exists():
            self._keep(path, self._made())
        if path.stat().st_mode & _FOR_OTHERS:
            raise Unavailable(f"others on this machine can read {path}: run chmod 600 {path}")
        try:
            seed = bytes.fromhex(path.read_text())
        except ValueError:
            seed = b""
        if len(seed) != SEED_BYTES:
            raise Unavailable(f"{path} does not hold {SEED_BYTES} bytes in hexadecimal: put the session's seed back")
        return seed

    def _keep(self, path: Path, seed: bytes) -> None:
        """Whole or not at all, and on the disk before anything is drawn from it."""
        path.parent.mkdir(mode=0o700, exist_ok=True)
        unfinished = path.with_suffix(".new")
        with open(unfinished, "w", opener=owner_only) as file:
            file.write(f"{seed.hex()}\n")
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        SystemFiles().synchronize_path(path.parent)
