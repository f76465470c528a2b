"""Cuts off what a crash left unfinished at the end of a journal, and keeps a copy of it."""

import os
from pathlib import Path

from openoutcry.journal.reader import TornTail


def cut_torn_tail(tail: TornTail) -> Path:
    """Remove the torn bytes from their segment; a segment that holds nothing else goes altogether.

    Returns where the copy is. Safe to repeat after a crash: the copy is on the disk before the cut is made.
    """
    copy = tail.path.with_name(f"{tail.path.name}.torn")
    with tail.path.open("rb") as segment, copy.open("wb") as torn:
        segment.seek(tail.offset)
        torn.write(segment.read())
        torn.flush()
        os.fsync(torn.fileno())
    if tail.offset == 0:
        tail.path.unlink()
        return copy
    with tail.path.open("r+b") as segment:
        segment.truncate(tail.offset)
        os.fsync(segment.fileno())
    return copy
