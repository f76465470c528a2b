"""A simulated disk: what the operating system shows of each file, and what would survive a loss of power.

The operating system's view is a real directory, so all code can read its files as usual. `DiskFile`s hold what is on
the disk.
"""

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from proofs.chaos.machine.disk_file import DiskFile


@dataclass(slots=True)
class DiskTrouble:
    """What is wrong with the disk now. Nothing at first."""

    is_full: bool = False
    short_writes: float = 0.0
    """How often a write takes only a part."""
    refuses_to_sync: bool = False
    sync_seconds: float = 0.0005
    """How long a sync takes: half of it to twice as much."""


class SimulatedDisk:
    """The disk of one machine. Processes reach it through a `ProcessFiles` of their own."""

    def __init__(self, chance: Random, now: Callable[[], float]) -> None:
        self.chance = chance
        self.trouble = DiskTrouble()
        self._now = now
        self._boots = 1
        self._files: dict[Path, DiskFile] = {}
        self._removed: dict[Path, DiskFile] = {}

    @property
    def boot_id(self) -> str:
        """Names the run of the operating system: another one after each loss of power."""
        return f"boot {self._boots}"

    def mend(self) -> None:
        self.trouble = DiskTrouble()

    def unsynced_since(self, folder: Path) -> float | None:
        """The moment before which everything written to files in `folder` is durable; None if all of it is."""
        return min(
            (
                file.unsynced_since
                for path, file in self._files.items()
                if path.parent == folder and file.unsynced_since is not None
            ),
            default=None,
        )

    def lose_power(self) -> None:
        """Every file becomes what the disk has of it; unsynced parts are random."""
        self._boots += 1
        for path, removed in sorted(self._removed.items()):
            if path not in self._files and self.chance.random() < 0.5:
                self._files[path] = removed
        self._removed.clear()
        for path, file in sorted(self._files.items()):
            file.lose_power(self.chance)
            left: Path | None = path
            if not file.name_is_durable:
                left = self.chance.choice([path, *(file.earlier_names or [None])])
            if left != path:
                path.unlink(missing_ok=True)
                del self._files[path]
            if left is not None:
                file.synchronize_name()
                left.write_bytes(file.durable)
                self._files[left] = file

    def take_over(self, folder: Path) -> None:
        """All files in `folder` are durable as they are: another program has written and synced them."""
        for path, file in list(self._files.items()):
            if path.parent == folder:
                if path.exists():
                    file.rewrite(path.read_bytes())
                    file.synchronize_name()
                else:
                    del self._files[path]

    # ---- what processes do

    def file(self, path: Path) -> DiskFile:
        """The file at `path`. A file that existed before the first use is durable as it is."""
        known = self._files.get(path)
        if known is None:
            known = self._files[path] = DiskFile(bytearray(path.read_bytes()), name_is_durable=True)
        return known

    def create(self, path: Path) -> None:
        self._files[path] = DiskFile(unsynced_since=self._now())

    def change(self, path: Path, what: bytes | int) -> None:
        """Bytes were appended, or the file was cut to a size."""
        self._files[path].change(what, self._now())

    def rename(self, path: Path, name: Path) -> None:
        file = self._files[name] = self.file(path)
        del self._files[path]
        file.rename(path, self._now())

    def remove(self, path: Path) -> None:
        self._removed[path] = self.file(path)
        del self._files[path]

    def synchronize(self, path: Path) -> None:
        """Make a file's content durable; of a folder, its list of files. Raises `OSError`."""
        if path.is_dir():
            self._synchronize_names(path)
            return
        file = self.file(path)
        if self.trouble.refuses_to_sync:
            file.fail_to_synchronize()
            raise _failure()
        if file.size == path.stat().st_size:
            file.synchronize()
        else:
            file.rewrite(path.read_bytes())  # somebody else has cut it, who has synced that

    def write_anew(self, path: Path) -> None:
        """Make a file durable as it is shown, even if earlier syncs failed. Raises `OSError`."""
        if self.trouble.refuses_to_sync:
            raise _failure()
        self.file(path).rewrite(path.read_bytes())

    def _synchronize_names(self, folder: Path) -> None:
        if self.trouble.refuses_to_sync:
            raise _failure()
        for path, file in list(self._files.items()):
            if path.parent == folder:
                file.synchronize_name()
                if not path.exists():
                    del self._files[path]
        self._removed = {path: file for path, file in self._removed.items() if path.parent != folder}


def _failure() -> OSError:
    return OSError(errno.EIO, os.strerror(errno.EIO))
