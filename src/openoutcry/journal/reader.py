"""Reads a journal from its first record to its last, and vouches for each: format, checksum, order.

A write that was cut short at the very end is what a crash leaves; it is reported, not read. All else that is
wrong raises `JournalCorrupt`: nothing is skipped or guessed.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct, structs

from openoutcry.domain.types import Sequence, TimestampUs
from openoutcry.journal.framing import holds_whole_frame, whole_frames
from openoutcry.journal.records import CleanClose, JournalEntry, JournalRecord, SegmentHeader
from openoutcry.journal.segment import MAGIC, JournalCorrupt, list_segments, read_header

FIRST_EPOCH: Final = 1

_HEADER_BYTES: Final = 4096
"""More than any header takes."""

_DECODER: Final = msgspec.msgpack.Decoder[JournalEntry](JournalEntry)


class TornTail(Struct, frozen=True):
    """The bytes of a write that a crash cut short: those of `path` from `offset` on."""

    path: Path
    offset: int
    size: int


class JournalEnd(Struct, frozen=True, kw_only=True):
    """Where a journal ends. The defaults are the end of one that holds nothing yet."""

    segment_number: int = 0
    last_path: Path | None = None
    last_sequence: Sequence = Sequence(0)
    last_time: TimestampUs = TimestampUs(0)
    epoch: int = FIRST_EPOCH
    clean: bool = True
    """Whether the server that wrote it ended in good order, so that nothing it promised is missing."""
    torn_tail: TornTail | None = None

    @property
    def next_epoch(self) -> int:
        """The epoch of the server that goes on from here."""
        return self.epoch if self.clean else self.epoch + 1


class JournalReader:
    """The journal in `directory` (its `journal` folder). Iterate it once, for the records; then `end` is known.

    `header` is that of the first segment, None where there is none; all segments agree on what wrote them.
    Raises `JournalCorrupt` and `JournalFormat`, at construction or while iterating.
    """

    def __init__(self, directory: Path) -> None:
        self._segments = list_segments(directory)
        self.bytes_total = sum(path.stat().st_size for _, path in self._segments)
        self.bytes_read = 0
        """Of all segments together: a measure of progress."""
        self.header: SegmentHeader | None = None
        self.end = JournalEnd()
        if self._segments:
            path = self._segments[0][1]
            with path.open("rb") as segment:
                found = read_header(memoryview(segment.read(_HEADER_BYTES)), path)
            self.header = found[0] if found else None

    def __iter__(self) -> Iterator[JournalRecord]:
        for position, (number, path) in enumerate(self._segments, start=1):
            if number != position:
                raise JournalCorrupt(path, 0, f"segment {position} is missing before this one")
            if self.end.torn_tail is not None:
                raise JournalCorrupt(
                    self.end.torn_tail.path,
                    self.end.torn_tail.offset,
                    f"the record that starts here is cut short, but {path.name} follows",
                )
            data = memoryview(path.read_bytes())
            found = read_header(data, path)
            if found is None:
                self._report_torn(path, data, 0)
            else:
                self._check_header(found[0], path)
                yield from self._read_segment(number, path, data, *found)

    def _read_segment(
        self, number: int, path: Path, data: memoryview, header: SegmentHeader, offset: int
    ) -> Iterator[JournalRecord]:
        sequence, time, clean = self.end.last_sequence, self.end.last_time, False
        bytes_before = self.bytes_read
        for end, payload in whole_frames(data, offset):
            try:
                entry = _DECODER.decode(payload)
            except msgspec.DecodeError as error:
                raise JournalCorrupt(path, offset, f"sound bytes, but no entry of a journal ({error})") from error
            if clean:
                raise JournalCorrupt(path, offset, "something follows the mark of a clean close")
            if isinstance(entry, CleanClose):
                if entry.last_sequence != sequence:
                    raise JournalCorrupt(
                        path,
                        offset,
                        f"closed after sequence {entry.last_sequence}, but {sequence} is the last",
                    )
                clean = True
            else:
                if entry.sequence != sequence + 1:
                    raise JournalCorrupt(path, offset, f"sequence {entry.sequence} follows {sequence}")
                if entry.time < time:
                    raise JournalCorrupt(path, offset, f"time goes back at sequence {entry.sequence}")
                sequence, time = entry.sequence, entry.time
                self.bytes_read = bytes_before + end
                yield entry
            offset = end
        self.bytes_read = bytes_before + len(data)
        self.end = JournalEnd(
            segment_number=number,
            last_path=path,
            last_sequence=sequence,
            last_time=time,
            epoch=header.epoch,
            clean=clean,
        )
        if offset < len(data):
            self._report_torn(path, data, offset)

    def _check_header(self, header: SegmentHeader, path: Path) -> None:
        assert self.header is not None  # noqa: S101 - this segment's was read, so the first one's was
        problem = None
        if header.first_sequence != self.end.last_sequence + 1:
            problem = f"starts at sequence {header.first_sequence}, but follows {self.end.last_sequence}"
        elif header.epoch < self.end.epoch:
            problem = f"is of epoch {header.epoch}, the segment before it of {self.end.epoch}"
        elif (header.rulebook_version, header.scenario_hash) != (
            self.header.rulebook_version,
            self.header.scenario_hash,
        ):
            problem = "was written under another rulebook or scenario than the first segment"
        if problem is not None:
            raise JournalCorrupt(path, len(MAGIC), f"this segment {problem}")

    def _report_torn(self, path: Path, data: memoryview, offset: int) -> None:
        if holds_whole_frame(data, offset + 1):
            raise JournalCorrupt(path, offset, "the entry that starts here is damaged, and whole ones follow it")
        torn_tail = TornTail(path=path, offset=offset, size=len(data) - offset)
        self.end = structs.replace(self.end, clean=False, torn_tail=torn_tail)


def read_journal(directory: Path) -> Iterator[JournalRecord]:
    """The records of the journal in `directory`, first to last."""
    return iter(JournalReader(directory))
