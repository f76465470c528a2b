"""`python -m proofs.torture.watched_server LEDGER SYNC_SECONDS serve ...`: `openoutcry` on a disk that keeps a ledger.

The ledger says for each file which part was synced, so that a loss of power leaves it. A line is written after the sync
and before anyone is told of it, so the ledger covers everything that was promised after a sync. While a file
LEDGER.stalled exists, no sync comes to its end.
"""

import os
import secrets
import sys
import time
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from openoutcry.bootstrap import server as bootstrap
from openoutcry.cli import main
from openoutcry.journal.files import SystemFiles

STALL_POLL_SECONDS: Final = 0.01


class Synced(Struct, frozen=True, tag=True):
    """The first `size` bytes of the file at `path` are on the disk."""

    path: str
    size: int


class Listed(Struct, frozen=True, tag=True):
    """The directory at `path` has these names on the disk."""

    path: str
    names: list[str]


class Renamed(Struct, frozen=True, tag=True):
    """The file at `path` has become the one at `name`; on the disk only when the directory is synced again."""

    path: str
    name: str


Entry = Synced | Listed | Renamed


class WatchedFiles(SystemFiles):
    """The system's, on a disk that takes `sync_seconds` for each sync."""

    def __init__(self, ledger: Path, sync_seconds: float) -> None:
        self._ledger = os.open(ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._sync_seconds = sync_seconds
        self._stalled = stalled(ledger)
        self._paths: dict[int, Path] = {}

    def create(self, path: Path) -> int:
        descriptor = super().create(path)
        self._paths[descriptor] = path
        return descriptor

    def open_to_append(self, path: Path) -> int:
        descriptor = super().open_to_append(path)
        self._paths[descriptor] = path
        return descriptor

    def rename(self, path: Path, name: Path) -> None:
        self._note(Renamed(str(path), str(name)))
        super().rename(path, name)
        self._paths = {descriptor: name if opened == path else opened for descriptor, opened in self._paths.items()}

    def synchronize(self, descriptor: int, /) -> None:  # type: ignore[override]
        size = os.fstat(descriptor).st_size
        time.sleep(self._sync_seconds)
        while self._stalled.exists():
            time.sleep(STALL_POLL_SECONDS)
        os.fsync(descriptor)
        self._note(Synced(str(self._paths[descriptor]), size))

    def synchronize_path(self, path: Path) -> None:
        entry: Entry
        if path.is_dir():
            entry = Listed(str(path), sorted(name.name for name in path.iterdir()))
        else:
            entry = Synced(str(path), path.stat().st_size)
        super().synchronize_path(path)
        self._note(entry)

    def write_anew(self, path: Path) -> None:
        super().write_anew(path)
        self._note(Synced(str(path), path.stat().st_size))

    def _note(self, entry: Entry) -> None:
        os.write(self._ledger, msgspec.json.encode(entry) + b"\n")


def stalled(ledger: Path) -> Path:
    """The file that holds up the syncs of the server with this ledger."""
    return ledger.with_name(f"{ledger.name}.stalled")


def run(ledger: Path, sync_seconds: float) -> None:
    """The command line; its exchange is opened on watched files, each time as if the machine had been started anew."""
    bootstrap.open_server = partial(
        bootstrap.open_server,
        files=WatchedFiles(ledger, sync_seconds),
        boot_id=secrets.token_hex(8),
    )
    main()


if __name__ == "__main__":
    ledger_path, seconds = sys.argv[1:3]
    sys.argv[1:3] = []
    run(Path(ledger_path), float(seconds))
