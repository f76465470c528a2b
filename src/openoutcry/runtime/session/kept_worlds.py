"""Worlds of sessions as they are kept beside the journal, each in a file of its own that only its owner can read.

Only scenarios with a simulated market import this module: it needs numpy.
"""

from pathlib import Path

from openoutcry.journal.files import write_whole
from openoutcry.runtime.sequencing.unavailable import Unavailable
from openoutcry.runtime.session.market import WITHOUT_IT
from openoutcry.simulation.world.encoding import UnreadableWorld, decode, encode
from openoutcry.simulation.world.world import World


class KeptWorlds:
    """By the ISO dates of their sessions."""

    def __init__(self, folder: Path | None) -> None:
        """`folder` None: the newest is kept in memory."""
        self._folder = folder
        self._newest: tuple[str, World] | None = None

    def keep(self, date: str, world: World) -> None:
        """In place of one of this date, if there is one. Raises `Unavailable` if it cannot be kept."""
        if self._folder is not None:
            try:
                write_whole(self._file(self._folder, date), encode(world))
            except OSError as error:
                raise Unavailable(f"the world of the session cannot be kept: {error}") from error
        self._newest = date, world

    def find(self, date: str, digest: str | None) -> World:
        """The one with this date and digest. Raises `Unavailable` if there is none."""
        world = self._newest[1] if self._newest is not None and self._newest[0] == date else self._read(date)
        if world.digest != digest:
            raise self._unusable(date, "is not the one that the session began with")
        self._newest = date, world
        return world

    def _read(self, date: str) -> World:
        if self._folder is None:
            raise self._unusable(date, "is in no memory")
        try:
            return decode(self._file(self._folder, date).read_bytes())
        except (OSError, UnreadableWorld) as error:
            raise self._unusable(date, f"cannot be read: {error}") from error

    def _unusable(self, date: str, why: str) -> Unavailable:
        where = "" if self._folder is None else f" in {self._file(self._folder, date)}"
        return Unavailable(f"the world of the session of {date}{where} {why}. {WITHOUT_IT}")

    def _file(self, folder: Path, date: str) -> Path:
        return folder / f"{date}.world"
