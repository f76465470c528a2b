"""Data directories of practice, one for each date. Older ones are removed, and never anything else."""

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from openoutcry.cli.failures import Failure
from openoutcry.journal.lock import DirectoryInUse, DirectoryLock
from openoutcry.runtime.data_directory import DataDirectory

MARKER: Final = "practice-day"
"""The file by which practice knows a directory of its own."""

_MARKED: Final = "A day of `openoutcry practice`, which removes this directory when it keeps newer ones in its place.\n"


class Days:
    """The days in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, date: dt.date) -> Path:
        """The directory of this date, made if it is missing. Raises `Failure` if it is not one of practice."""
        path = self._folder / date.isoformat()
        if path.exists() and not _is_ours(path):
            raise Failure(f"{path} is there already and is no day of practice: move it away, or choose another --data")
        path.mkdir(mode=0o700, exist_ok=True)
        (path / MARKER).write_text(_MARKED, encoding="utf-8")
        return path

    def remove_older(self, date: dt.date, keep: int) -> Iterator[Path]:
        """Remove all but the newest `keep` days up to this date, except those that a server works on; those removed."""
        ours = sorted((path for path in self._folder.iterdir() if _is_ours(path)), reverse=True)
        for path in [path for path in ours if path.name <= date.isoformat()][keep:]:
            try:
                lock = DirectoryLock(DataDirectory(path).lock)
            except DirectoryInUse:
                continue
            _remove(path)
            lock.release()
            yield path


def _is_ours(path: Path) -> bool:
    if path.is_symlink() or not (path / MARKER).is_file():
        return False
    with suppress(ValueError):
        return dt.date.fromisoformat(path.name).isoformat() == path.name
    return False


def _remove(path: Path) -> None:
    """The marker last: what a crash leaves is removed the next time."""
    for entry in path.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != MARKER:
            entry.unlink()
    (path / MARKER).unlink()
    path.rmdir()
