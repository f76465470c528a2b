"""One file of a disk: its durable content, and the changes that the operating system has not yet written."""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

DAMAGE_CHANCE: Final = 0.25
"""How often the loss of power leaves damaged bytes among those of a file that were never synced."""


@dataclass(slots=True)
class Change:
    """Bytes that were appended, or the size to which the file was cut."""

    what: bytes | int
    is_lost: bool = False
    """A sync failed over these bytes: the system goes on showing them, and never writes them any more."""


@dataclass(slots=True)
class DiskFile:
    durable: bytearray = field(default_factory=bytearray)
    changes: list[Change] = field(default_factory=list)
    """Since then, in order."""
    name_is_durable: bool = False
    earlier_names: list[Path | None] = field(default_factory=list)
    """What the disk may have in place of its name: those from before it was renamed; None where it may have none."""
    unsynced_since: float | None = None
    """When the first change was made that the loss of power could undo; None where there is none."""
    _has_hole: bool = False

    @property
    def size(self) -> int:
        """As the operating system shows it."""
        size = len(self.durable)
        for change in self.changes:
            size = change.what if isinstance(change.what, int) else size + len(change.what)
        return size

    def change(self, what: bytes | int, now: float) -> None:
        """Append these bytes, or cut the file down to this size."""
        self.changes.append(Change(what))
        if self.unsynced_since is None:
            self.unsynced_since = now

    def synchronize(self) -> None:
        for change in self.changes:
            self._apply(change)
        self.changes.clear()
        self._settle()

    def fail_to_synchronize(self) -> None:
        """The sync fails, but the system counts the changes as written, as Linux does."""
        for change in self.changes:
            change.is_lost = True

    def rewrite(self, content: bytes) -> None:
        """The file is on the disk as `content`, all of it."""
        self.durable[:] = content
        self.changes.clear()
        self._has_hole = False
        self._settle()

    def rename(self, name: Path, now: float) -> None:
        """It had this `name` until now."""
        if not self.name_is_durable and not self.earlier_names:
            self.earlier_names.append(None)
        self.earlier_names.append(name)
        self.name_is_durable = False
        if self.unsynced_since is None:
            self.unsynced_since = now

    def synchronize_name(self) -> None:
        self.name_is_durable = True
        self.earlier_names.clear()
        self._settle()

    def lose_power(self, chance: Random) -> None:
        """Some of the changes have reached the disk all the same, in order, and the last of them perhaps in part."""
        synced = len(self.durable)
        kept = chance.randint(0, len(self.changes))
        for change in self.changes[:kept]:
            self._apply(change)
        if kept < len(self.changes):
            torn = self.changes[kept]
            if isinstance(torn.what, bytes):
                self._apply(Change(torn.what[: chance.randint(0, len(torn.what))], torn.is_lost))
        self.changes.clear()
        self.unsynced_since, self._has_hole = None, False
        if len(self.durable) > synced and chance.random() < DAMAGE_CHANCE:
            self._damage(synced, chance)

    def _settle(self) -> None:
        if self.name_is_durable and not self.changes and not self._has_hole:
            self.unsynced_since = None

    def _apply(self, change: Change) -> None:
        if isinstance(change.what, int):
            del self.durable[change.what :]
        elif change.is_lost:
            self.durable += bytes(len(change.what))
            self._has_hole = True
        else:
            self.durable += change.what

    def _damage(self, first: int, chance: Random) -> None:
        """A flipped bit, or a stretch of zeros, from `first` on."""
        place = chance.randrange(first, len(self.durable))
        if chance.random() < 0.5:
            self.durable[place] ^= 1 << chance.randrange(8)
        else:
            end = chance.randint(place + 1, len(self.durable))
            self.durable[place:end] = bytes(end - place)
