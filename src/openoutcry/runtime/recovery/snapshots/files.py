"""Snapshot files: the state after a sealed segment and the states of projections, as bytes, under a header with their
origin and checksums.

A file gets its name only once all of it is on the disk. This module does not know what the bytes mean.
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
"""Raised whenever the bytes around the state would be read differently."""

READABLE_HEADERS: Final = frozenset({1, SNAPSHOT_FORMAT})
"""Formats whose header can be read. Format 1 has no blocks of projections."""

_NAME: Final = re.compile(r"([0-9]{12})\.snapshot")


class SnapshotUnusable(Exception):  # noqa: N818 - what it is, named
    """The snapshot cannot be used, which only costs time; the text says why."""


class OtherFormat(SnapshotUnusable):
    """The snapshot has a format that only another version of the program reads."""


class Block(Struct, frozen=True, array_like=True):
    """The state of one projection. The bytes of all blocks follow the venue's state, in this order."""

    name: str
    shape: str
    failed_at: Sequence | None
    """The command at which it was dropped; then it has no bytes."""
    size: int
    hash: str
    """SHA-256, in hexadecimal, of its bytes."""


class SnapshotHeader(Struct, frozen=True, array_like=True):
    """The origin of the snapshot. `snapshot_format` stays the first field in all future versions."""

    snapshot_format: int
    shape: str
    """Names the shape of the state's bytes."""
    rulebook_version: int
    scenario_hash: str
    segment_number: int
    """The last segment that it covers."""
    sequence: Sequence
    """The last command in that segment."""
    time: TimestampUs
    epoch: int
    live_hash: str
    state_hash: str
    """SHA-256, in hexadecimal, of the state's bytes, which is the state's hash."""
    state_bytes: int
    event_log_bytes: tuple[int, ...]
    """By team: the bytes of its event log up to this state, which were on the disk."""
    projections: tuple[Block, ...] = ()


class _AnyHeader(Struct, array_like=True):
    snapshot_format: int


def snapshot_path(directory: Path, sequence: Sequence) -> Path:
    return directory / f"{sequence:012d}.snapshot"


def list_snapshots(directory: Path) -> list[Path]:
    """Every snapshot in `directory`, newest first; empty if there is no such directory."""
    if not directory.is_dir():
        return []
    return sorted((path for path in directory.iterdir() if _NAME.fullmatch(path.name)), reverse=True)


def read_header(path: Path) -> SnapshotHeader:
    """The header of the snapshot, even if the rest is damaged. Raises `SnapshotUnusable`, `OSError`."""
    with path.open("rb") as file:
        return _header_of(memoryview(file.read(len(MAGIC) + FRAME_OVERHEAD + MAXIMUM_PAYLOAD_BYTES)))[0]


def read_snapshot(path: Path) -> tuple[SnapshotHeader, memoryview, tuple[Captured, ...]]:
    """The header, the state's bytes and those of projections, with their checksums verified.

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
    """The block of a header for this projection."""
    state = captured.state
    return Block(captured.name, captured.shape, captured.failed_at, len(state), hashlib.sha256(state).hexdigest())


def write_snapshot(directory: Path, header: SnapshotHeader, state: bytes, captured: Iterable[Captured] = ()) -> Path:
    """Put the snapshot into `directory`, and sync it; of the others only the previous one stays.

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
