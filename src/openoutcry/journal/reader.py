"""Reads a journal from its first record, or from a place in it, to its last, and checks each one: format, checksum,
order.

A crash may leave an incomplete write at the very end. It is reported, not read. So is a segment with a
provisional name, if a loss of power has torn the one before it. Any other damage raises `JournalCorrupt`:
nothing is skipped or guessed.
"""

import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, NoReturn

import msgspec
from msgspec import Struct, structs

from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import Sequence, TimestampUs
from openoutcry.journal.boot import UNKNOWN_BOOT
from openoutcry.journal.framing import FRAME_OVERHEAD, MAXIMUM_PAYLOAD_BYTES, PREFIX, holds_whole_frame
from openoutcry.journal.records import UNKNOWN_HASH, CleanClose, JournalEntry, SegmentHeader
from openoutcry.journal.segment import MAGIC, JournalCorrupt, list_provisional, list_segments, read_header

FIRST_EPOCH: Final = 1

_HEADER_BYTES: Final = 4096
"""More than the size of any header."""

_DECODER: Final = msgspec.msgpack.Decoder[JournalEntry](JournalEntry)


class TornTail(Struct, frozen=True):
    """An incomplete write that a crash left: the bytes of `path` from `offset` on."""

    path: Path
    offset: int
    size: int


class JournalEnd(Struct, frozen=True, kw_only=True):
    """Where a journal ends, or a part of it. The defaults are the end of an empty one."""

    segment_number: int = 0
    last_path: Path | None = None
    last_sequence: Sequence = Sequence(0)
    last_time: TimestampUs = TimestampUs(0)
    epoch: int = FIRST_EPOCH
    clean: bool = True
    """Whether the last server closed the journal cleanly, so that nothing promised is missing."""
    live_hash: str = UNKNOWN_HASH
    """The live hash of the venue after the last record, if the server noted it."""
    torn_tail: TornTail | None = None
    stranded: TornTail | None = None
    """The whole segment with a provisional name, if the end of the one before it was lost. It is no part of the
    journal, because it never counted as being on the disk."""

    @property
    def next_epoch(self) -> int:
        """The epoch of the server that continues from here."""
        return self.epoch if self.clean else self.epoch + 1


START: Final = JournalEnd()


class JournalReader:
    """The journal in `directory` (its `journal` folder), or the part that comes `after` a segment's end.

    Iterate it, or its `segments`, once; then `end` is known. A segment with a provisional name is its last one, if the
    one before it is whole and ends where it begins. `header` is that of the first segment, None if there is none; all
    segments agree on format, rulebook and scenario. `sealed_only` leaves out the last segment with a final name, which
    may still be written to, and everything after it; `seal` is its header.
    Raises `JournalCorrupt` and `JournalFormat`, at construction or while iterating.
    """

    def __init__(self, directory: Path, *, after: JournalEnd = START, sealed_only: bool = False) -> None:
        # Looked for first: if a running server is just giving it its final name, it is found under that name.
        provisional = [] if sealed_only else list_provisional(directory)
        paths = [(number, path) for number, path in list_segments(directory) if number > after.segment_number]
        self._provisional = [(number, path) for number, path in provisional if path.exists()]
        self._first_provisional = (paths[-1][0] if paths else after.segment_number) + 1
        headers = [_peek(path) for _, path in (*paths, *self._provisional)]
        self.seal: SegmentHeader | None = None
        if sealed_only and paths:
            _, self._seal_path = paths.pop()
            self.seal = headers.pop()
        self.header = headers[0] if headers else self.seal
        self.boot_id = next((header.boot_id for header in reversed(headers) if header is not None), UNKNOWN_BOOT)
        """The epoch of the last server that wrote here."""
        self.quarantined = frozenset(
            sequence for header in (*headers, self.seal) if header is not None for sequence in header.quarantined
        )
        self.bytes_total = sum(_size(path) for _, path in (*paths, *self._provisional))
        self.bytes_read = 0
        """The size of all these segments together: a measure of progress."""
        self.end = after
        self._paths = paths
        self._may_be_torn = not sealed_only

    def __iter__(self) -> Iterator[Sequenced]:
        for segment in self.segments():
            yield from segment

    def segments(self) -> Iterator["Segment"]:
        """Each segment in order. Iterate it to its end before you ask for the next one."""
        first = self.end.segment_number + 1
        for expected, (number, path) in enumerate(self._paths, start=first):
            is_last = self._may_be_torn and path == self._paths[-1][1]
            if number != expected:
                problem = f"segment {expected} is missing before this one"
                raise JournalCorrupt(path, 0, problem, in_last_segment=is_last)
            self._refuse_torn()
            segment = Segment(number, path, self.end, in_last_segment=is_last)
            if segment.header is not None:
                self._check_header(segment.header, path, in_last_segment=is_last)
                yield segment
            self.bytes_read += segment.size
            self.end = segment.end
        if self.seal is not None:
            self._refuse_torn()
            self._check_header(self.seal, self._seal_path, in_last_segment=True)
        for number, path in self._provisional:
            yield from self._provisional_segment(number, path)

    def _provisional_segment(self, number: int, path: Path) -> Iterator["Segment"]:
        """The provisional segment, if nothing of the one before it is missing."""
        if number != self._first_provisional or len(self._provisional) > 1:
            problem = "its name ends in .provisional: only one segment may, the one after the last .segment"
            raise JournalCorrupt(path, 0, problem, in_last_segment=True)
        try:
            header, size = _peek(path), path.stat().st_size
            begins_later = header is not None and header.first_sequence > self.end.last_sequence + 1
            if self.end.torn_tail is not None or begins_later:
                self.end = structs.replace(self.end, clean=False, stranded=TornTail(path, 0, size))
                self.bytes_read += size
                return
            segment = Segment(number, path, self.end, in_last_segment=True, may_have_holes=True)
        except FileNotFoundError:
            return  # a running server has given it its final name since; the journal read so far is from before
        if segment.header is not None:
            self._check_header(segment.header, path, in_last_segment=True)
            yield segment
        self.bytes_read += segment.size
        self.end = segment.end

    def _refuse_torn(self) -> None:
        """Another segment follows, so this one may not be cut short."""
        torn = self.end.torn_tail
        if torn is not None:
            problem = "the record that starts here is cut short, but another segment follows"
            raise JournalCorrupt(torn.path, torn.offset, problem, in_last_segment=False)

    def _check_header(self, header: SegmentHeader, path: Path, *, in_last_segment: bool) -> None:
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
            raise JournalCorrupt(path, len(MAGIC), f"this segment {problem}", in_last_segment=in_last_segment)


class Segment:
    """One segment, which follows `before`. Iterate it once, for its records; then `end` is the journal's end after it.

    `header` is None if a crash has cut it short. `reached` is the last command read so far. `may_have_holes`:
    nothing in the segment was ever promised to be on the disk, so any part may be missing, and nothing after that
    counts.
    """

    def __init__(
        self, number: int, path: Path, before: JournalEnd, *, in_last_segment: bool, may_have_holes: bool = False
    ) -> None:
        self.number = number
        self.path = path
        self.reached = before.last_sequence
        self._data = memoryview(path.read_bytes())
        self._in_last_segment = in_last_segment
        self._may_have_holes = may_have_holes
        self._first_offset = 0
        self.size = len(self._data)
        self.end = before
        found = read_header(self._data, path, in_last_segment=in_last_segment)
        self.header = found[0] if found else None
        if found is None:
            self._report_torn(0)
        else:
            header, self._first_offset = found
            self.end = structs.replace(
                before,
                segment_number=number,
                last_path=path,
                epoch=header.epoch,
                clean=False,
                live_hash=UNKNOWN_HASH,
            )

    def __iter__(self) -> Iterator[Sequenced]:
        # One loop without calls: a start runs it for every command since the last snapshot.
        data, size, offset = self._data, self.size, self._first_offset
        prefix_of, decode, checksum_of = PREFIX.unpack_from, _DECODER.decode, zlib.crc32
        sequence, time = self.end.last_sequence, self.end.last_time
        close: CleanClose | None = None
        close_offset = 0
        while True:
            start = offset + FRAME_OVERHEAD
            if start >= size:
                break
            length, checksum = prefix_of(data, offset)
            next_offset = start + length
            if not 0 < length <= MAXIMUM_PAYLOAD_BYTES or next_offset > size:
                break
            payload = data[start:next_offset]
            if checksum_of(payload) != checksum:
                break
            try:
                entry = decode(payload)
            except msgspec.DecodeError as error:
                self._refuse(offset, f"the checksum is right, but this is no entry of a journal ({error})")
            if close is not None:
                self._refuse(close_offset, "a mark of a clean close stands here, but something follows it")
            if type(entry) is Sequenced:
                if entry.sequence != sequence + 1:
                    self._refuse(offset, f"sequence {entry.sequence} follows {sequence}")
                if entry.time < time:
                    self._refuse(offset, f"time goes back at sequence {entry.sequence}")
                self.reached = sequence = entry.sequence
                time = entry.time
                yield entry
            else:
                close, close_offset = entry, offset
                if entry.last_sequence != sequence:
                    self._refuse(offset, f"closed after sequence {entry.last_sequence}, but {sequence} is the last")
            offset = next_offset
        self.end = structs.replace(
            self.end,
            last_sequence=sequence,
            last_time=time,
            clean=close is not None,
            live_hash=UNKNOWN_HASH if close is None else close.live_hash,
        )
        if offset < size:
            self._report_torn(offset)

    def _refuse(self, offset: int, problem: str) -> NoReturn:
        raise JournalCorrupt(self.path, offset, problem, in_last_segment=self._in_last_segment)

    def _report_torn(self, offset: int) -> None:
        if not self._may_have_holes and holds_whole_frame(self._data, offset + 1):
            self._refuse(offset, "the entry that starts here is damaged, and whole ones follow it")
        torn_tail = TornTail(path=self.path, offset=offset, size=self.size - offset)
        self.end = structs.replace(self.end, clean=False, torn_tail=torn_tail)


def read_journal(directory: Path) -> Iterator[Sequenced]:
    """The records of the journal in `directory`, first to last."""
    return iter(JournalReader(directory))


def read_end(directory: Path) -> tuple[JournalEnd, str]:
    """Where the journal ends, from its last segments alone, and the run of the system (`boot`) that wrote them.

    Raises `JournalCorrupt` and `JournalFormat`.
    """
    after = START
    for number, path in reversed(list_segments(directory)):
        header = _peek(path)
        if header is not None:
            before = Sequence(header.first_sequence - 1)
            after = structs.replace(START, segment_number=number - 1, last_sequence=before, epoch=header.epoch)
            break
    reader = JournalReader(directory, after=after)
    for _ in reader:
        pass
    return reader.end, reader.boot_id


def _peek(path: Path) -> SegmentHeader | None:
    """The segment's header; None if it cannot be read. Reading the segment itself then says why."""
    with suppress(JournalCorrupt, FileNotFoundError), path.open("rb") as segment:
        found = read_header(memoryview(segment.read(_HEADER_BYTES)), path, in_last_segment=False)
        return found[0] if found else None
    return None


def _size(path: Path) -> int:
    with suppress(FileNotFoundError):
        return path.stat().st_size
    return 0
