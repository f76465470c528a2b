"""Appends to the journal. When `append` returns, the operating system has the whole record.

So a crash of this program loses nothing. A loss of power loses the records after `synced_sequence`.
No append waits for the disk: the helper makes all syncs except those at the start and at the end.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from openoutcry.domain.rulebook import RULEBOOK_VERSION
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import Sequence
from openoutcry.journal.files import FileOperations, SystemFiles
from openoutcry.journal.framing import MAXIMUM_PAYLOAD_BYTES, frame
from openoutcry.journal.reader import JournalEnd
from openoutcry.journal.records import FORMAT_VERSION, UNKNOWN_HASH, CleanClose, SegmentHeader
from openoutcry.journal.segment import (
    DEFAULT_SEGMENT_BYTES,
    list_segments,
    provisional_path,
    segment_path,
    segment_start,
)
from openoutcry.journal.sync import (
    DEFAULT_SYNC_INTERVAL_SECONDS,
    GroupSync,
    HelperThread,
    OnChange,
    StartHelper,
    Successor,
    ignore_change,
)

TRIAL_BYTES: Final = 4096
"""Bytes that must fit on a disk that was full before it counts as having room again: more than any common record."""


class JournalUnavailable(Exception):  # noqa: N818 - a state of the journal, named for what it means
    """The record was not appended and the journal is as it was before; the text says why."""


class JournalWriter:
    """Continues after `end`, in a new segment. One thread appends.

    `live_hash` gives the venue's live hash after everything appended; it is called at the start, at each change of
    segments, while everything waits, and at a clean close.
    The next segment begins once one is past `segment_bytes`. While the disk is still busy with the previous change, the
    segment grows further. `maximum_unsynced` is the number of records that may wait for the disk before appends are
    refused; None: any number.
    Callbacks: see `GroupSync`; the helper runs them, or `settle` and `close`. Raises `JournalUnavailable`.
    """

    def __init__(
        self,
        directory: Path,
        end: JournalEnd,
        *,
        scenario_hash: str,
        live_hash: Callable[[], str] = lambda: UNKNOWN_HASH,
        boot_id: str = "",
        quarantined: tuple[Sequence, ...] = (),
        on_sealed: Callable[[], None] = lambda: None,
        segment_bytes: int = DEFAULT_SEGMENT_BYTES,
        sync_interval_seconds: float = DEFAULT_SYNC_INTERVAL_SECONDS,
        maximum_unsynced: int | None = None,
        on_change: OnChange = ignore_change,
        stopwatch: Callable[[], float] = time.perf_counter,
        observe_seconds: Callable[[float], None] = lambda _seconds: None,
        files: FileOperations | None = None,
        start_helper: StartHelper = HelperThread,
    ) -> None:
        self.epoch = end.next_epoch
        self.last_sequence = end.last_sequence
        self.directory: Final = directory
        self._scenario_hash = scenario_hash
        self._live_hash = live_hash
        self._boot_id = boot_id
        self._segment_bytes = segment_bytes
        self._maximum_unsynced = maximum_unsynced
        self._files = files if files is not None else SystemFiles()
        self._encode = msgspec.msgpack.Encoder().encode
        self._number = end.segment_number
        self._tail_is_dirty = False
        self._left_behind: Path | None = None
        self._refusal: str | None = None
        self._closed = False
        self._settle_before(end)
        sizes = [path.stat().st_size for _, path in list_segments(directory)]
        self.segments = len(sizes)
        """The number of files of the journal."""
        self._bytes_before = sum(sizes)
        self._descriptor, self._size = self._begin(quarantined)
        self._sync = GroupSync(
            self._files,
            directory,
            self._descriptor,
            self.last_sequence,
            interval_seconds=sync_interval_seconds,
            on_change=on_change,
            on_sealed=on_sealed,
            stopwatch=stopwatch,
            observe_seconds=observe_seconds,
            start_helper=start_helper,
        )

    @property
    def synced_sequence(self) -> Sequence:
        """The last sequence that survives the loss of power."""
        return self._sync.synced_sequence

    @property
    def unsynced(self) -> int:
        """How many records wait for the disk."""
        return self.last_sequence - self._sync.synced_sequence

    @property
    def size_bytes(self) -> int:
        """The size of all its files together. It only grows."""
        return self._bytes_before + self._size

    @property
    def sync_seconds(self) -> float:
        """How long the current sync has taken so far, in seconds; 0 if there is none."""
        return self._sync.sync_seconds

    @property
    def failure(self) -> str | None:
        """Why a sync failed. From then on nothing can be appended."""
        if self._sync.failure is None:
            return None
        return (
            f"the disk refused to keep what was written ({_reason(self._sync.failure)}):"
            " check it, then restart the exchange on this directory"
        )

    @property
    def obstacle(self) -> str | None:
        """Why no record can be appended now, as far as is known. Everything except a failure and the
        end passes; see `try_again`.
        """
        if self.failure is not None:
            return self.failure
        if self._unsynced_are_too_many:
            return f"{self.unsynced} records wait for the disk, and no more may"
        return self._refusal

    def append(self, record: Sequenced) -> None:
        """Write one record. Raises `JournalUnavailable`; a later append may work, unless a sync failed."""
        if self._refusal is not None:
            self.try_again()
        if self._sync.failure is not None or self._unsynced_are_too_many or self._refusal is not None:
            raise JournalUnavailable(self.obstacle)
        payload = self._encode(record)
        if len(payload) > MAXIMUM_PAYLOAD_BYTES:
            raise JournalUnavailable(
                f"a record of {len(payload)} bytes is too large: the limit is {MAXIMUM_PAYLOAD_BYTES}"
            )
        try:
            if self._size >= self._segment_bytes:
                self._change_segments()
            self._write(frame(payload))
        except JournalUnavailable as refusal:
            self._refusal = f"{refusal}; the exchange goes on by itself as soon as this passes"
            raise JournalUnavailable(self.obstacle) from refusal
        self.last_sequence = record.sequence
        self._sync.appended(record.sequence)

    def try_again(self) -> None:
        """After a refused append, find out whether the next one will be taken; `obstacle` tells.

        `TRIAL_BYTES` must fit; otherwise a disk with room for a cancel but not for an order would count as full and as
        not full in turns. The trial is cut off again; a crash in between leaves an ordinary torn tail.
        """
        if self._refusal is None or self._sync.failure is not None or self._closed:
            return
        with suppress(JournalUnavailable):
            if self._size >= self._segment_bytes:
                self._change_segments()
            self._write(bytes(TRIAL_BYTES))
            self._size -= TRIAL_BYTES
            self._cut_back()
            self._refusal = None

    def settle(self) -> None:
        """Return when everything that was appended is on the disk. Raises `JournalUnavailable`."""
        if not self._sync.settle():
            raise JournalUnavailable(self.failure or "the disk has no room for the name of the journal's next segment")

    def close(self, *, clean: bool = True) -> None:
        """Close the file; after a clean close without a failed sync, write its mark and sync first.

        Nothing can be appended any more. Raises `JournalUnavailable`; the file is closed all the same.
        """
        self._sync.stop()
        try:
            if clean and self._sync.failure is None:
                self._leave_mark()
        except JournalUnavailable as unavailable:
            raise JournalUnavailable(f"the journal could not be closed in good order: {unavailable}") from unavailable
        except OSError as error:
            raise JournalUnavailable(f"the journal was closed, but cannot be synced ({_reason(error)})") from error
        finally:
            self._sync.close()
            # Its descriptor may soon be another file's.
            self._closed = True
            self._refusal = "the journal is closed"

    def _leave_mark(self) -> None:
        """Write the mark of a clean close. If it cannot be synced, remove it: the close was not clean."""
        if self._sync.is_changing_segments:
            self.settle()
        if self._left_behind is not None:
            # A later start would take it for the next segment, cut short by a crash.
            self._files.remove(self._left_behind)
        size = self._size
        self._write(frame(self._encode(CleanClose(self.last_sequence, self._live_hash()))))
        try:
            self._files.synchronize(self._descriptor)
            self._files.synchronize_path(self.directory)
        except OSError:
            self._size = size
            self._cut_back()
            raise

    def _settle_before(self, end: JournalEnd) -> None:
        """Sync what an earlier server may not have synced: no record may survive one that came before it.

        A sync of that server may have failed. Then the system shows content that the disk lacks, and will not sync it
        again. If its last segment is provisional, its change of segments is completed here, in the same order.
        """
        number, last_path = end.segment_number, end.last_path
        try:
            if last_path == provisional_path(self.directory, number):
                self._files.write_anew(segment_path(self.directory, number - 1))
                last_path = segment_path(self.directory, number)
                self._files.rename(provisional_path(self.directory, number), last_path)
            if last_path is not None and end.clean:
                self._files.synchronize_path(last_path)
            elif last_path is not None:
                self._files.write_anew(last_path)
            self._files.synchronize_path(self.directory)
        except OSError as error:
            raise JournalUnavailable(f"the journal in {self.directory} cannot be synced ({_reason(error)})") from error

    def _begin(self, quarantined: tuple[Sequence, ...]) -> tuple[int, int]:
        """Descriptor and size of this server's first segment.

        It is on the disk before anything in it is promised. If power is lost at once, it proves that this server ran,
        so that its epoch is not used again.
        """
        path = segment_path(self.directory, self._number + 1)
        descriptor, size = self._create_segment(path, self._live_hash(), quarantined)
        try:
            self._files.synchronize(descriptor)
            self._files.synchronize_path(self.directory)
        except OSError as error:
            self._discard(descriptor, path)
            raise JournalUnavailable(f"the journal in {self.directory} cannot be synced ({_reason(error)})") from error
        return descriptor, size

    @property
    def _unsynced_are_too_many(self) -> bool:
        return self._maximum_unsynced is not None and self.unsynced >= self._maximum_unsynced

    def _write(self, data: bytes) -> None:
        if self._tail_is_dirty:
            self._cut_back()
        try:
            written = self._files.write(self._descriptor, data)
        except OSError as error:
            self._cut_back()
            raise JournalUnavailable(f"the journal cannot be written ({_reason(error)})") from error
        if written != len(data):
            self._cut_back()
            raise JournalUnavailable("the journal cannot be written (the disk took only part of a record)")
        self._size += written

    def _cut_back(self) -> None:
        """Cut the file back to its last whole record; only after that may anything be written."""
        self._tail_is_dirty = True
        try:
            self._files.truncate(self._descriptor, self._size)
        except OSError as error:
            raise JournalUnavailable(
                f"the journal cannot be brought back to its last record ({_reason(error)})"
            ) from error
        self._tail_is_dirty = False

    def _change_segments(self) -> None:
        """Begin the next segment, unless the disk is still busy with the previous change.

        Until all of this one is on the disk, the next one's name is provisional. If power is lost meanwhile, this one
        may be torn, and then nothing after it counts.
        """
        if self._sync.is_changing_segments:
            return
        if self._tail_is_dirty:
            self._cut_back()
        provisional = provisional_path(self.directory, self._number + 1)
        sealed_bytes = self._size
        self._descriptor, self._size = self._create_segment(provisional, self._live_hash())
        self._bytes_before += sealed_bytes
        path = segment_path(self.directory, self._number)
        self._sync.go_on_in(Successor(self._descriptor, provisional, path, self.last_sequence))

    def _create_segment(self, path: Path, live_hash: str, quarantined: tuple[Sequence, ...] = ()) -> tuple[int, int]:
        """Descriptor and size of the segment after number `_number`, which is raised."""
        start = segment_start(
            SegmentHeader(
                FORMAT_VERSION,
                RULEBOOK_VERSION,
                self._scenario_hash,
                self.epoch,
                Sequence(self.last_sequence + 1),
                live_hash,
                self._boot_id,
                quarantined,
            )
        )
        try:
            if self._left_behind is not None:
                self._files.remove(self._left_behind)
                self._left_behind = None
            descriptor = self._files.create(path)
        except OSError as error:
            raise JournalUnavailable(f"the journal's next segment cannot be made ({_reason(error)})") from error
        try:
            written = self._files.write(descriptor, start)
        except OSError as error:
            self._discard(descriptor, path)
            raise JournalUnavailable(f"the journal's next segment cannot be written ({_reason(error)})") from error
        if written != len(start):
            self._discard(descriptor, path)
            raise JournalUnavailable("the journal's next segment cannot be written: the disk took only part of it")
        self._number += 1
        self.segments += 1
        return descriptor, written

    def _discard(self, descriptor: int, path: Path) -> None:
        self._files.close(descriptor)
        try:
            self._files.remove(path)
        except OSError:
            self._left_behind = path  # in the way of the next attempt, which removes it first


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
