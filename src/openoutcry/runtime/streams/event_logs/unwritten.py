"""Lines that a file has not taken yet. Until it has, they are kept in memory, in order, and readable."""

from typing import Final

from openoutcry.runtime.streams.event_logs.seal import SEAL_BYTES, sealed

WRITE_BYTES: Final = 1024 * 1024
"""About how many bytes are prepared for one write, because a disk that refuses is tried again and again."""


class Backlog:
    """The number of unwritten bytes of all logs together."""

    __slots__ = ("size",)

    def __init__(self) -> None:
        self.size = 0


class UnwrittenLines:
    """The last lines of one log. The file may have a part of the first one."""

    __slots__ = ("_backlog", "_lines", "_written_of_first", "size")

    def __init__(self, backlog: Backlog) -> None:
        self.size = 0
        """Bytes that are to be written."""
        self._lines: list[bytes] = []
        self._written_of_first = 0
        self._backlog = backlog

    def __len__(self) -> int:
        return len(self._lines)

    def __getitem__(self, index: int) -> bytes:
        """The message of a line."""
        return self._lines[index]

    def add(self, message: bytes) -> int:
        """How many bytes are to be written with the line of this message."""
        self._lines.append(message)
        added = len(message) + SEAL_BYTES
        self._backlog.size += added
        self.size = size = self.size + added
        return size

    def to_write(self) -> bytes:
        """The bytes to write next: whole lines, without the part of the first that the file has; empty if none wait."""
        lines: list[bytes] = []
        size = 0
        for message in self._lines:
            if size >= WRITE_BYTES:
                break
            lines.append(sealed(message))
            size += len(message) + SEAL_BYTES
        return b"".join(lines)[self._written_of_first :]

    def take(self, written: int) -> tuple[int, int]:
        """The file has taken so many more bytes. Returns how many lines are whole there now, and their size in
        bytes.
        """
        self.size -= written
        self._backlog.size -= written
        written += self._written_of_first
        if not self.size:
            count, whole = len(self._lines), written
        else:
            count = whole = 0
            while whole + len(self._lines[count]) + SEAL_BYTES <= written:
                whole += len(self._lines[count]) + SEAL_BYTES
                count += 1
        del self._lines[:count]
        self._written_of_first = written - whole
        return count, whole
