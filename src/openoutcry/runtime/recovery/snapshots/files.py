"""Snapshot files: the state after a sealed segment, as bytes, under a header that says of what and vouches for them.

A file stands under its name only once all of it is on the disk. Knows nothing of what the state is.
"""

import hashlib
import os
import re
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from openoutcry.domain.types import Sequence, TimestampUs
from openoutcry.journal.files import SystemFiles, owner_only
from openoutcry.journal.framing import frame, whole_frames

MAGIC: Final = b"OUTSNAP\r\n"

SNAPSHOT_FORMAT: Final = 1
"""Raised whenever what stands around the state would be read differently."""

_NAME: Final = re.compile(r"([0-9]{12})\.snapshot")


class SnapshotUnusable(Exception):  # noqa: N818 - what it is, named
    """The snapshot does not do, which costs nothing but time; the text says why."""


class SnapshotHeader(Struct, frozen=True, array_like=True):
    """Of what and when the snapshot is. `snapshot_format` stays the first field in every version to come."""

    snapshot_format: int
    shape: str
    """Names the shape of the state's bytes."""
    rulebook_version: int
    scenario_hash: str
    segment_number: int
    """The last segment that it covers."""
    sequence: Sequence
    """The last command in that."""
    time: TimestampUs
    epoch: int
    live_hash: str
    state_hash: str
    """SHA-256, in hexadecimal, of the state's bytes, which is the state's hash."""
    state_bytes: int
    event_log_bytes: tuple[int, ...]
    """By team: how much of its event log was on the disk, which is everything up to this state."""


class _AnyHeader(Struct, array_like=True):
    snapshot_format: int


def snapshot_path(directory: Path, sequence: Sequence) -> Path:
    return directory / f"{sequence:012d}.snapshot"


def list_snapshots(directory: Path) -> list[Path]:
    """Every snapshot in `directory`, newest first; empty where there is no such directory."""
    if not directory.is_dir():
        return []
    return sorted((path for path in directory.iterdir() if _NAME.fullmatch(path.name)), reverse=True)


def read_snapshot(path: Path) -> tuple[SnapshotHeader, memoryview]:
    """The header and the state's bytes, which are what they were when written. Raises `SnapshotUnusable`, `OSError`."""
    data = memoryview(path.read_bytes())
    if bytes(data[: len(MAGIC)]) != MAGIC:
        raise SnapshotUnusable("it is no snapshot: the first bytes are not a snapshot's")
    start, payload = next(whole_frames(data, len(MAGIC)), (0, None))
    if payload is None:
        raise SnapshotUnusable("its header is damaged")
    try:
        found = msgspec.msgpack.decode(payload, type=_AnyHeader).snapshot_format
        if found != SNAPSHOT_FORMAT:
            raise SnapshotUnusable(f"it is written in snapshot format {found}, this version reads {SNAPSHOT_FORMAT}")
        header = msgspec.msgpack.decode(payload, type=SnapshotHeader)
    except msgspec.DecodeError as error:
        raise SnapshotUnusable(f"its header cannot be read ({error})") from error
    state = data[start:]
    if len(state) != header.state_bytes:
        raise SnapshotUnusable(f"it holds {len(state)} bytes of state in place of {header.state_bytes}")
    if hashlib.sha256(state).hexdigest() != header.state_hash:
        raise SnapshotUnusable("its bytes were changed since they were written")
    return header, state


def write_snapshot(directory: Path, header: SnapshotHeader, state: bytes) -> Path:
    """Put the snapshot into `directory`, whole and on the disk; of the others only the one before it stays.

    Raises `OSError`.
    """
    directory.mkdir(mode=0o700, exist_ok=True)
    path = snapshot_path(directory, header.sequence)
    unfinished = path.with_suffix(".unfinished")
    with open(unfinished, "wb", opener=owner_only) as file:
        file.write(MAGIC + frame(msgspec.msgpack.encode(header)))
        file.write(state)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    SystemFiles().synchronize_path(directory)
    older = [other for other in list_snapshots(directory) if other < path]
    for other in (*list_snapshots(directory), *directory.glob("*.unfinished")):
        if other not in (path, *older[:1]):
            other.unlink()
    return path
