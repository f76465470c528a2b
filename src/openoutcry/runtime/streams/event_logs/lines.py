"""Finding events in a log file by their seq. Each line names its seq, and they rise, so no index is needed. A line with
a wrong checksum holds no event.

The ends of the file tell what it holds, and a binary search finds an event in a file of any length.
"""

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from openoutcry.domain.types import Sequence
from openoutcry.runtime.streams.event_logs.seal import message_of

PROBE_BYTES: Final = 4096
"""A binary search ends at a part of this size in bytes, about a dozen events, which is then read through."""


class LogDamaged(OSError):  # noqa: N818 - a state of the log, named
    """A log does not hold what was written to it."""

    def __init__(self, problem: str, path: str) -> None:
        super().__init__(errno.EIO, problem, path)


class _Numbered(msgspec.Struct):
    seq: int


class _Sequenced(msgspec.Struct):
    sequence: int = 0


_DECODER: Final = msgspec.json.Decoder[_Numbered](_Numbered)
_SEQUENCED: Final = msgspec.json.Decoder[_Sequenced](_Sequenced)


def seq_of(line: bytes) -> int | None:
    """The seq of the event on this whole line; None if it holds no event."""
    message = message_of(line)
    try:
        return None if message is None else _DECODER.decode(message).seq
    except msgspec.DecodeError:
        return None


def last_event(path: Path, size: int | None = None) -> tuple[int, int]:
    """The seq of the last event in the file's first `size` bytes (default: all), and where its line ends.

    Later lines that are cut short or hold no event do not count. (0, 0) for a file that is no log from event 1 on.
    Raises `OSError`.
    """
    with path.open("rb") as file:
        first_line = file.readline()
        if seq_of(first_line) != 1:
            return 0, 0
        file_size = file.seek(0, os.SEEK_END)
        end = file_size if size is None else min(size, file_size)
        while end > len(first_line):
            start, line = _line_before(file, end)
            seq = seq_of(line)
            if seq is not None:
                return seq, end
            end = start
    return (1, end) if end == len(first_line) else (0, 0)


def last_sequence(path: Path) -> Sequence:
    """The command of the last event in the file, as far as its end can be read; 0 where there is none.

    Raises `OSError`.
    """
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        while end:
            start, line = _line_before(file, end)
            message = message_of(line)
            if message is not None:
                with suppress(msgspec.DecodeError):
                    return Sequence(_SEQUENCED.decode(message).sequence)
            end = start
    return Sequence(0)


def offset_of(file: BinaryIO, size: int, seq: int) -> int:
    """Where the line of event `seq` starts in the first `size` bytes, which hold it, or end just before it.

    Raises `LogDamaged` if the search meets a line without an event, and `OSError`.
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
            raise LogDamaged(f"damaged: no event stands at byte {start}", file.name)
        if found <= seq:
            low, low_seq = start, found
        else:
            high = middle + 1
    file.seek(low)
    for _ in range(seq - low_seq):
        low += len(file.readline())
    return low


def _line_before(file: BinaryIO, end: int) -> tuple[int, bytes]:
    """The line, or the part of one, that ends at `end`, and where it starts."""
    start = end
    data = b""
    while start:
        step = min(PROBE_BYTES, start)
        start -= step
        file.seek(start)
        data = file.read(step) + data
        line_end = data.rfind(b"\n", 0, len(data) - 1)
        if line_end >= 0:
            return start + line_end + 1, data[line_end + 1 :]
    return 0, data
