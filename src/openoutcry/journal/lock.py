"""The lock that lets one server at a time use a data directory; it ends with the process that holds it."""

import fcntl
import os
from pathlib import Path

from openoutcry.journal.files import OWNER_ONLY


class DirectoryInUse(Exception):  # noqa: N818 - named for what it means to the person who reads it
    """Another server works on this directory; the text says which."""


class DirectoryLock:
    """Held from construction until `release`. Raises `DirectoryInUse`."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, OWNER_ONLY)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _noted(self._descriptor)
            os.close(self._descriptor)
            raise DirectoryInUse(
                f"{path.parent} is in use by another server (process {holder}):"
                " end that one first, or start this one with another data directory"
            ) from None
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let another server use the directory. The file stays, because removing it could let two servers in at
        once.
        """
        os.close(self._descriptor)


def holder_of(path: Path) -> str | None:
    """The process that holds the lock at `path`, as text; None if nobody does. Nothing is changed."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _noted(descriptor)
    finally:
        os.close(descriptor)
    return None


def _noted(descriptor: int) -> str:
    return os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
