"""Cuts off what a crash left unfinished at the end of a journal, and keeps a copy of it."""

import os
from pathlib import Path

from openoutcry.journal.files import FileOperations, SystemFiles, owner_only
from openoutcry.journal.reader import TornTail


def cut_torn_tail(tail: TornTail, files: FileOperations | None = None) -> Path:
    """Remove the torn bytes from their segment; a segment without other content is deleted.

    Returns where the copy is. Safe to repeat after a crash: the copy is on the disk before the cut is made.
    """
    files = files if files is not None else SystemFiles()
    with tail.path.open("rb") as segment:
        segment.seek(tail.offset)
        copy = _keep(tail.path, segment.read())
    files.synchronize_path(tail.path.parent)
    if tail.offset == 0:
        files.remove(tail.path)
        files.synchronize_path(tail.path.parent)
    else:
        cut(tail.path, tail.offset, files)
    return copy


def cut(path: Path, size: int, files: FileOperations) -> None:
    """Cut the file down to `size` bytes, and sync it. Raises `OSError`."""
    descriptor = files.open_to_append(path)
    try:
        files.truncate(descriptor, size)
        files.synchronize(descriptor)
    finally:
        files.close(descriptor)


def _keep(segment: Path, data: bytes) -> Path:
    """Write `data` to a new file and sync it; its path. Earlier copies are kept."""
    number = 1
    copy = segment.with_name(f"{segment.name}.torn")
    while copy.exists() and copy.read_bytes() != data:
        number += 1
        copy = segment.with_name(f"{segment.name}.{number}.torn")
    with open(copy, "wb", opener=owner_only) as torn:
        torn.write(data)
        torn.flush()
        os.fsync(torn.fileno())
    return copy
