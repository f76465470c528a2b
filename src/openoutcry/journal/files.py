"""The few operations that change files, as one small object, so that tests can make a disk fail. Reading needs no such
object.
"""

import os
from pathlib import Path
from typing import Final, Protocol

_synchronize = getattr(os, "fdatasync", os.fsync)  # macOS has no fdatasync

OWNER_ONLY: Final = 0o600
"""The mode of every file of a data directory: only its owner may read it, also in a copy."""


def owner_only(path: str, flags: int) -> int:
    """An `opener` for `open`: the new file is readable by its owner only."""
    return os.open(path, flags, OWNER_ONLY)


class FileOperations(Protocol):
    """All raise `OSError`."""

    def create(self, path: Path) -> int:
        """Create a file, which must not exist yet; its descriptor. Every write goes to the file's end."""

    def open_to_append(self, path: Path) -> int:
        """Open a file, or create it; its descriptor. Every write goes to the file's end."""

    def write(self, descriptor: int, data: bytes | bytearray, /) -> int:
        """Hand `data` to the operating system in one call; the number of bytes that it took."""

    def truncate(self, descriptor: int, size: int, /) -> None:
        """Cut the file down to `size` bytes."""

    def synchronize(self, descriptor: int, /) -> None:
        """Return when everything written to the file is on the disk."""

    def synchronize_path(self, path: Path) -> None:
        """The same for the file at `path`; for a directory: its list of files."""

    def write_anew(self, path: Path) -> None:
        """Write the file's content over itself, and return when it is on the disk.

        For a file whose sync may have failed: the system may show content that the disk never took, and not sync it
        again.
        """

    def close(self, descriptor: int, /) -> None:
        """Close the descriptor."""

    def rename(self, path: Path, name: Path) -> None:
        """Give the file at `path` another name in the same directory, which no file there has.

        Until the directory is synced, the file may have either name on the disk.
        """

    def remove(self, path: Path) -> None:
        """Delete the file."""


class SystemFiles:
    """The operating system's functions. `write` is `os.write` itself, without a wrapper: it runs for every order."""

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


def write_whole(path: Path, content: bytes) -> None:
    """Put this content where the file is, whole or not at all, and return when it is on the disk; the folder is made.

    Only the owner can read either. Raises `OSError`.
    """
    path.parent.mkdir(mode=0o700, exist_ok=True)
    unfinished = path.with_suffix(".new")
    with open(unfinished, "wb", opener=owner_only) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    SystemFiles().synchronize_path(path.parent)
