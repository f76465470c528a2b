"""One process's way to the simulated disk: where writes fall short, syncs fail, and the process may die in between."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from openoutcry.journal.files import SystemFiles
from proofs.chaos.machine.disk import SimulatedDisk
from proofs.chaos.machine.process import Process, ProcessKilled


class ProcessFiles:
    """`FileOperations` of one process. Once it is dead, nothing more reaches the disk."""

    def __init__(
        self,
        disk: SimulatedDisk,
        process: Process,
        on_written: Callable[[Path, bytes], None] = lambda _path, _data: None,
        on_refused: Callable[[], None] = lambda: None,
    ) -> None:
        """Told: what was written at the end of which file, and whenever the disk did not take all of something."""
        self._disk = disk
        self._process = process
        self._on_written = on_written
        self._on_refused = on_refused
        self._system = SystemFiles()
        self._paths: dict[int, Path] = {}
        self._die: Callable[[], None] | None = None
        self._operations_left = 0
        self._die_after_creating = ""

    def die_after(self, operations: int, die: Callable[[], None], *, creating: str = "") -> None:
        """Call `die` in the middle of an operation, after a number of others. They are counted from now on, or from
        the creation of the next file whose name ends with `creating`.
        """
        self._operations_left, self._die, self._die_after_creating = operations, die, creating

    def spare(self) -> None:
        """Let no operation be the last."""
        self._die = None

    def create(self, path: Path) -> int:
        self._begin()
        if self._disk.trouble.is_full:
            self._refuse()
        descriptor = self._system.create(path)
        self._paths[descriptor] = path
        self._disk.create(path)
        if self._die_after_creating and path.name.endswith(self._die_after_creating):
            self._die_after_creating = ""
        return descriptor

    def open_to_append(self, path: Path) -> int:
        self._begin()
        is_new = not path.exists()
        if is_new and self._disk.trouble.is_full:
            self._refuse()
        descriptor = self._system.open_to_append(path)
        self._paths[descriptor] = path
        if is_new:
            self._disk.create(path)
        else:
            self._disk.file(path)
        return descriptor

    def write(self, descriptor: int, data: bytes | bytearray, /) -> int:
        if self._is_to_die():
            # The machine may have taken none of it, a part or all; nobody is left to be told.
            self._take(descriptor, data[: self._disk.chance.randint(0, len(data))])
            self._end()
        trouble, chance = self._disk.trouble, self._disk.chance
        if trouble.is_full or (trouble.short_writes and chance.random() < trouble.short_writes):
            part = chance.randrange(len(data)) if chance.random() < 0.5 else 0
            if not part:
                self._refuse()
            self._on_refused()
            data = data[:part]
        self._take(descriptor, data)
        return len(data)

    def truncate(self, descriptor: int, size: int, /) -> None:
        self._begin()
        self._system.truncate(descriptor, size)
        self._disk.change(self._paths[descriptor], size)

    def synchronize(self, descriptor: int, /) -> None:
        self._begin()
        self._disk.synchronize(self._paths[descriptor])

    def synchronize_path(self, path: Path) -> None:
        self._begin()
        self._disk.synchronize(path)

    def write_anew(self, path: Path) -> None:
        self._begin()
        self._disk.write_anew(path)

    def close(self, descriptor: int, /) -> None:
        """Also for the dead: the operating system closes what they had open."""
        self._paths.pop(descriptor)
        self._system.close(descriptor)

    def rename(self, path: Path, name: Path) -> None:
        self._begin()
        self._disk.rename(path, name)
        self._system.rename(path, name)
        self._paths = {descriptor: name if opened == path else opened for descriptor, opened in self._paths.items()}

    def remove(self, path: Path) -> None:
        self._begin()
        self._disk.remove(path)
        self._system.remove(path)

    def _take(self, descriptor: int, data: bytes | bytearray) -> None:
        self._system.write(descriptor, data)
        self._disk.change(self._paths[descriptor], bytes(data))
        self._on_written(self._paths[descriptor], bytes(data))

    def _refuse(self) -> NoReturn:
        self._on_refused()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    # ---- dying

    def _begin(self) -> None:
        if self._is_to_die():
            self._end()

    def _is_to_die(self) -> bool:
        if not self._process.alive:
            raise OSError(errno.EIO, f"{self._process.name} is dead")
        if self._die is None or self._die_after_creating:
            return False
        self._operations_left -= 1
        return self._operations_left < 0

    def _end(self) -> NoReturn:
        die, self._die = self._die, None
        assert die is not None, "an operation ends a process only where one was chosen"  # noqa: S101
        die()
        raise ProcessKilled(self._process.name)
