"""A team's private events on disk, one message a line, with its checksum: line n is the event with seq n.

Derived from the journal: recovery adds events that are missing after a crash. So only a cut is synced here: events
that were cut off must not come back after a loss of power, when their numbers belong to other events.

A damaged line is never sent. Reading one raises `LogDamaged`, and the next start makes the log again.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from openoutcry.journal.files import FileOperations, SystemFiles
from openoutcry.journal.tail import cut
from openoutcry.runtime.streams.event_logs.lines import LogDamaged, last_event, offset_of, seq_of
from openoutcry.runtime.streams.event_logs.seal import SEAL_BYTES, message_of
from openoutcry.runtime.streams.event_logs.unwritten import Backlog, UnwrittenLines

FLUSH_BYTES: Final = 16 * 1024
"""Unwritten bytes of one team that are written without waiting for the timer. Writing adds their checksums, and orders
wait for that: in one run the p99 of a verdict was 250 µs with 64 KiB, and 140 µs with 16 KiB."""

FLUSH_SECONDS: Final = 1.0
"""Most seconds that a line waits to be written, and seconds between attempts while the disk refuses."""

DAMAGED: Final = ".damaged"

ScheduleLater = Callable[[float, Callable[[], None]], object]
"""Call back after so many seconds, as `loop.call_later` does."""


class EventLog:
    """One team's log. A line can be read back from the moment it is appended, whether or not the disk has taken it."""

    def __init__(
        self,
        path: Path,
        schedule_later: ScheduleLater | None = None,
        files: FileOperations | None = None,
        backlog: Backlog | None = None,
        flush_seconds: float = FLUSH_SECONDS,
    ) -> None:
        """Without `schedule_later`, lines are written at `FLUSH_BYTES` and at `close` only.

        Cuts an incomplete last line. A file that is no such log is emptied, and derived again. Lines before the last
        one are checked when they are read. Raises `OSError`.
        """
        self._path = path
        self._schedule_later = schedule_later
        self._files = files if files is not None else SystemFiles()
        self._flush_seconds = flush_seconds
        self._flush_scheduled = False
        self._unwritten = UnwrittenLines(backlog if backlog is not None else Backlog())
        self.refusal: OSError | None = None
        """Why the disk did not take the last write."""
        self._size = 0
        # Of the file; unwritten lines follow.
        self._written_seq = 0
        self._last_seq = 0
        self._open()

    @property
    def size_bytes(self) -> int:
        """The size of its file, without unwritten lines."""
        return self._size

    @property
    def last_seq(self) -> int:
        """The newest event's seq, 0 while there is none."""
        return self._last_seq

    def append(self, seq: int, line: bytes) -> None:
        """Add the event `seq`, a JSON text without newline. An event that is there already is ignored."""
        last_seq = self._last_seq
        if seq <= last_seq:
            return
        assert seq == last_seq + 1, f"{self._path.name}: event {seq} follows {last_seq}"  # noqa: S101
        self._last_seq = seq
        if self._unwritten.add(line) >= FLUSH_BYTES and (self.refusal is None or self._schedule_later is None):
            self._try_to_flush()
        elif not self._flush_scheduled:
            self._flush_later()

    def read(self, after_seq: int, limit_bytes: int) -> list[bytes]:
        """The messages from `after_seq` + 1 on: as many as fit `limit_bytes`, at least one if there is one.

        Raises `LogDamaged`, and `OSError`.
        """
        lines = self._read_written(after_seq, limit_bytes) if after_seq < self._written_seq else []
        if after_seq + len(lines) >= self._written_seq:
            remaining_bytes = limit_bytes - sum(map(len, lines)) - len(lines) * SEAL_BYTES
            for index in range(after_seq + len(lines) - self._written_seq, len(self._unwritten)):
                line = self._unwritten[index]
                remaining_bytes -= len(line) + SEAL_BYTES
                if remaining_bytes < 0 and lines:
                    break
                lines.append(line)
        return lines

    def truncate(self, last_seq: int) -> None:
        """Drop every event after `last_seq`. Raises `LogDamaged`, and `OSError`."""
        if last_seq >= self._last_seq:
            return
        self.flush()
        try:
            with self._path.open("rb") as file:
                size = offset_of(file, self._size, last_seq + 1)
        except LogDamaged:
            self._mark_damaged()
            raise
        cut(self._path, size, self._files)
        self._last_seq = self._written_seq = last_seq
        self._size = size

    def flush(self) -> None:
        """Hand waiting lines to the operating system. Raises `OSError`, and keeps lines that could not be written."""
        if not self._unwritten:
            return
        try:
            descriptor = self._files.open_to_append(self._path)
            try:
                self._write_to(descriptor)
            finally:
                self._files.close(descriptor)
        except OSError as refusal:
            self.refusal = refusal
            raise
        self.refusal = None

    def _write_to(self, descriptor: int) -> None:
        while self._unwritten:
            written = self._files.write(descriptor, self._unwritten.to_write())
            count, size = self._unwritten.take(written)
            self._written_seq += count
            self._size += size

    def _read_written(self, after_seq: int, limit_bytes: int) -> list[bytes]:
        """As `read`, for the lines that the file has."""
        messages: list[bytes] = []
        try:
            with self._path.open("rb") as file:
                offset = offset_of(file, self._size, after_seq + 1)
                file.seek(offset)
                end = min(self._size, offset + limit_bytes)
                while offset < self._size:
                    line = file.readline()
                    offset += len(line)
                    if offset > end and messages:
                        break
                    messages.append(self._message(line, after_seq + len(messages) + 1))
        except LogDamaged:
            self._mark_damaged()
            if not messages:
                raise
        return messages

    def _message(self, line: bytes, seq: int) -> bytes:
        message = message_of(line)
        if message is None or seq_of(line) != seq:
            raise LogDamaged(f"damaged: event {seq} is not in its place", str(self._path))
        return message

    def _mark_damaged(self) -> None:
        """Leave a mark that tells the next start to make this log again."""
        with suppress(OSError):
            self._files.close(self._files.open_to_append(damage_mark(self._path)))
            self._files.synchronize_path(self._path.parent)

    def _try_to_flush(self) -> None:
        try:
            with suppress(OSError):
                self.flush()
        finally:
            if self._unwritten:
                self._flush_later()

    def _flush_later(self) -> None:
        if self._schedule_later is not None and not self._flush_scheduled:
            self._flush_scheduled = True
            self._schedule_later(self._flush_seconds, self._flush_on_time)

    def _flush_on_time(self) -> None:
        self._flush_scheduled = False
        self._try_to_flush()

    def _open(self) -> None:
        if not self._path.exists():
            return
        self._last_seq, self._size = last_event(self._path)
        self._written_seq = self._last_seq
        if self._path.stat().st_size > self._size:
            cut(self._path, self._size, self._files)


def damage_mark(path: Path) -> Path:
    """The mark beside a log in which damage was found."""
    return path.with_suffix(DAMAGED)


def is_log_to(path: Path, seq: int, size: int) -> bool:
    """Whether the log's first `size` bytes end with the event `seq`; only their ends are read. Raises `OSError`."""
    return seq == 0 or (path.exists() and last_event(path, size) == (seq, size))


def size_up_to(path: Path, seq: int) -> int | None:
    """How many bytes of the log hold the events up to `seq`; None if it ends before. Raises `OSError`."""
    if seq == 0:
        return 0
    last_seq, size = last_event(path) if path.exists() else (0, 0)
    if last_seq < seq:
        return None
    with path.open("rb") as file:
        return offset_of(file, size, seq + 1)
