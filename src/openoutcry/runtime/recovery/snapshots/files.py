"""Snapshot files: the state after a sealed segment, and what projections have come to by then, as bytes, under a header
that says of what and vouches for them.

A file stands under its name only once all of it is on the disk. Knows nothing of what the bytes mean.
"""

import hashlib
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from openoutcry.domain.types import Sequence, TimestampUs
from openoutcry.journal.files import SystemFiles, owner_only
from openoutcry.journal.framing import FRAME_OVERHEAD, MAXIMUM_PAYLOAD_BYTES, frame, whole_frames
from openoutcry.runtime.projections import Captured

MAGIC: Final = b"OUTSNAP\r\n"

SNAPSHOT_FORMAT: Final = 2
"""Raised whenever what stands around the state would be read differently."""

READABLE_HEADERS: Final = frozenset({1, SNAPSHOT_FORMAT})
"""Formats whose header tells of what a snapshot is. Format 1 has no blocks of projections."""

_NAME: Final = re.compile(r"([0-9]{12})\.snapshot")


class SnapshotUnusable(Exception):  # noqa: N818 - what it is, named
    """The snapshot does not do, which costs nothing but time; the text says why."""


class OtherFormat(SnapshotUnusable):
    """It is written in a format that another version of the program reads."""


class Block(Struct, frozen=True, array_like=True):
    """What one projection had come to. The bytes of all blocks follow the state's, in this order."""

    name: str
    shape: str
    failed_at: Sequence | None
    """The command at which it was dropped; then it has no bytes."""
    size: int
    hash: str
    """SHA-256, in hexadecimal, of its bytes."""


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
    projections: tuple[Block, ...] = ()


class _AnyHeader(Struct, array_like=True):
    snapshot_format: int


def snapshot_path(directory: Path, sequence: Sequence) -> Path:
    return directory / f"{sequence:012d}.snapshot"


def list_snapshots(directory: Path) -> list[Path]:
    """Every snapshot in `directory`, newest first; empty where there is no such directory."""
    if not directory.is_dir():
        return []
    return sorted((path for path in directory.iterdir() if _NAME.fullmatch(path.name)), reverse=True)


def read_header(path: Path) -> SnapshotHeader:
    """Of what the snapshot is, whatever became of the rest. Raises `SnapshotUnusable`, `OSError`."""
    with path.open("rb") as file:
        return _header_of(memoryview(file.read(len(MAGIC) + FRAME_OVERHEAD + MAXIMUM_PAYLOAD_BYTES)))[0]


def read_snapshot(path: Path) -> tuple[SnapshotHeader, memoryview, tuple[Captured, ...]]:
    """The header, the state's bytes and those of projections, which are what they were when written.

    Raises `SnapshotUnusable`, `OSError`.
    """
    data = memoryview(path.read_bytes())
    header, start = _header_of(data)
    if header.snapshot_format != SNAPSHOT_FORMAT:
        raise OtherFormat(_written_in(header.snapshot_format))
    promised = header.state_bytes + sum(block.size for block in header.projections)
    if len(data) - start != promised:
        raise SnapshotUnusable(f"it holds {len(data) - start} bytes of state in place of {promised}")
    end = start + header.state_bytes
    state = data[start:end]
    _check_hash(state, header.state_hash)
    captured = []
    for block in header.projections:
        start, end = end, end + block.size
        _check_hash(data[start:end], block.hash)
        captured.append(Captured(block.name, block.shape, block.failed_at, data[start:end]))
    return header, state, tuple(captured)


def block_of(captured: Captured) -> Block:
    """What a header says of this projection."""
    state = captured.state
    return Block(captured.name, captured.shape, captured.failed_at, len(state), hashlib.sha256(state).hexdigest())


def write_snapshot(directory: Path, header: SnapshotHeader, state: bytes, captured: Iterable[Captured] = ()) -> Path:
    """Put the snapshot into `directory`, whole and on the disk; of the others only the one before it stays.

    `header` names the projections that are `captured`, in the same order. Raises `OSError`.
    """
    directory.mkdir(mode=0o700, exist_ok=True)
    path = snapshot_path(directory, header.sequence)
    unfinished = path.with_suffix(".unfinished")
    with open(unfinished, "wb", opener=owner_only) as file:
        file.write(MAGIC + frame(msgspec.msgpack.encode(header)))
        file.write(state)
        file.writelines(projection.state for projection in captured)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    SystemFiles().synchronize_path(directory)
    older = [other for other in list_snapshots(directory) if other < path]
    for other in (*list_snapshots(directory), *directory.glob("*.unfinished")):
        if other not in (path, *older[:1]):
            other.unlink()
    return path


def _header_of(data: memoryview) -> tuple[SnapshotHeader, int]:
    """The header that `data` begins with, and where it ends."""
    if bytes(data[: len(MAGIC)]) != MAGIC:
        raise SnapshotUnusable("it is no snapshot: the first bytes are not a snapshot's")
    end, payload = next(whole_frames(data, len(MAGIC)), (0, None))
    if payload is None:
        raise SnapshotUnusable("its header is damaged")
    try:
        found = msgspec.msgpack.decode(payload, type=_AnyHeader).snapshot_format
        if found not in READABLE_HEADERS:
            raise OtherFormat(_written_in(found))
        return msgspec.msgpack.decode(payload, type=SnapshotHeader), end
    except msgspec.DecodeError as error:
        raise SnapshotUnusable(f"its header cannot be read ({error})") from error


def _written_in(snapshot_format: int) -> str:
    return f"it is written in snapshot format {snapshot_format}, this version reads {SNAPSHOT_FORMAT}"


def _check_hash(data: memoryview, expected: str) -> None:
    if hashlib.sha256(data).hexdigest() != expected:
        raise SnapshotUnusable("its bytes were changed since they were written")
