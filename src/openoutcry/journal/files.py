"""The few operations that change files, as one small object, so that tests can let a disk fail. Reading needs none."""

import os
from pathlib import Path
from typing import Final, Protocol

_synchronize = getattr(os, "fdatasync", os.fsync)  # macOS has no fdatasync

OWNER_ONLY: Final = 0o600
"""The mode of every file of a data directory: nobody else may read, in a copy of it either, what teams did."""


def owner_only(path: str, flags: int) -> int:
    """An `opener` for `open`, of files that nobody but their owner may read."""
    return os.open(path, flags, OWNER_ONLY)


class FileOperations(Protocol):
    """All raise `OSError`."""

    def create(self, path: Path) -> int:
        """A descriptor of a new file, which must not exist yet; every write goes to its end."""

    def open_to_append(self, path: Path) -> int:
        """A descriptor of the file, which is made where there is none; every write goes to its end."""

    def write(self, descriptor: int, data: bytes | bytearray, /) -> int:
        """Hand `data` to the operating system in one call; how many bytes it took."""

    def truncate(self, descriptor: int, size: int, /) -> None:
        """Cut the file down to `size` bytes."""

    def synchronize(self, descriptor: int, /) -> None:
        """Return when everything written to the file is on the disk."""

    def synchronize_path(self, path: Path) -> None:
        """The same for the file at `path`; for a directory: its list of files."""

    def write_anew(self, path: Path) -> None:
        """Write the file's content over itself, and return when it is on the disk.

        For a file whose sync may have failed: the system may show what the disk never took, and sync it no more.
        """

    def close(self, descriptor: int, /) -> None:
        """Give the descriptor back."""

    def rename(self, path: Path, name: Path) -> None:
        """Give the file at `path` another name in the same directory, which no file there has.

        On the disk it has one or the other until the directory is synced.
        """

    def remove(self, path: Path) -> None:
        """Delete the file."""


class SystemFiles:
    """The operating system's own. `write` is its function itself, without a layer: it runs for every order."""

    write = staticmethod(os.write)
    truncate = staticmethod(os.ftruncate)
    synchronize = staticmethod(_synchronize)
    close = staticmethod(os.close)

    def create(self, path: Path) -> int:
        return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, OWNER_ONLY)

    def open_to_append(self, path: Path) -> int:
        return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, OWNER_ONLY)

    def synchronize_path(self, path: Path) -> None:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            _synchronize(descriptor)
        finally:
            os.close(descriptor)

    def write_anew(self, path: Path) -> None:
        data = memoryview(path.read_bytes())
        descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        try:
            offset = 0
            while offset < len(data):
                offset += os.pwrite(descriptor, data[offset:], offset)
            _synchronize(descriptor)
        finally:
            os.close(descriptor)

    def rename(self, path: Path, name: Path) -> None:
        path.rename(name)

    def remove(self, path: Path) -> None:
        path.unlink()
