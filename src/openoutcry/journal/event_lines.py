"""Finding events in a log file by their seq: each line names its own, and they rise, so no index has to be kept.

A look at the ends of the file tells what it holds, and a search by halves where an event stands, however long it is.
"""

import errno
import os
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

PROBE_BYTES: Final = 4096
"""A search by halves ends at a stretch of this size, which is then read through: a dozen events."""


class _Numbered(msgspec.Struct):
    seq: int


_DECODER: Final = msgspec.json.Decoder[_Numbered](_Numbered)


def seq_of(line: bytes) -> int | None:
    """The seq of the event on this line; None where it holds no event."""
    try:
        return _DECODER.decode(line).seq
    except msgspec.DecodeError:
        return None


def last_event(path: Path) -> tuple[int, int]:
    """The seq of the last whole line, and the size up to its end; (0, 0) for a file that is no log from event 1 on.

    Raises `OSError`.
    """
    with path.open("rb") as file:
        first_line = file.readline()
        if not first_line.endswith(b"\n") or seq_of(first_line) != 1:
            return 0, 0
        start = end = file.seek(0, os.SEEK_END)
        tail = b""
        # Back to where two line ends are in sight: a whole line stands between them. Or to the beginning.
        while start and tail.count(b"\n") < 2:
            start = max(0, start - PROBE_BYTES)
            file.seek(start)
            tail = file.read(end - start)
    size = start + tail.rfind(b"\n") + 1
    last_seq = seq_of(tail[: size - start].splitlines()[-1])
    return (0, 0) if last_seq is None else (last_seq, size)


def offset_of(file: BinaryIO, size: int, seq: int) -> int:
    """Where the line of event `seq` starts in the first `size` bytes, which hold it, or end just before it.

    Raises `OSError` also where a line that the search meets holds no event.
    """
    low, low_seq, high = 0, 1, size
    while high - low > PROBE_BYTES:
        middle = (low + high) // 2
        file.seek(middle)
        start = middle + len(file.readline())
        if start >= high:
            high = middle + 1
            continue
        found = seq_of(file.readline())
        if found is None:
            raise OSError(errno.EIO, f"damaged: no event stands at byte {start}", file.name)
        if found <= seq:
            low, low_seq = start, found
        else:
            high = middle + 1
    file.seek(low)
    for _ in range(seq - low_seq):
        low += len(file.readline())
    return low
