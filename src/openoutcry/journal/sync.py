"""Syncs appended records to the disk in groups, in one helper thread, without delaying appends.

Segments become durable in order: a segment gets its final name, and counts, only when the one before it is whole on the
disk.
"""

import errno
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from msgspec import Struct

from openoutcry.domain.types import Sequence
from openoutcry.journal.files import FileOperations

DEFAULT_SYNC_INTERVAL_SECONDS: Final = 0.005
"""Shortest time from the end of one sync to the start of the next, in seconds. A write during a sync takes twice as
long. At full load that is more than one write in ten; with 20 ms an order takes a fifth less processor time."""

NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
"""Errors that only delay a renaming. After any other failure the state of the files is unknown."""

OnChange = Callable[[Sequence, OSError | None], None]
"""Called with the last synced sequence, and with the failure after which nothing more is synced."""


def ignore_change(_synced_sequence: Sequence, _failure: OSError | None) -> None:
    """A callback that does nothing."""


Work = Callable[[], bool]
"""One round of work; False if no other follows."""


class Helper(Protocol):
    """Does rounds of work beside the thread that appends."""

    def wake(self) -> None:
        """Begin a round soon, but not before the interval since the end of the last one has passed."""

    def stop(self) -> None:
        """End the helper. Work that waits is not done."""


StartHelper = Callable[[Work, float], Helper]
"""A helper for this work, with so many seconds between rounds."""


class HelperThread:
    """A thread of its own."""

    def __init__(self, work: Work, interval_seconds: float) -> None:
        self._work = work
        self._interval_seconds = interval_seconds
        self._woken = threading.Event()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="journal-sync", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        if not self._woken.is_set():
            self._woken.set()

    def stop(self) -> None:
        self._ending.set()
        self._woken.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            self._woken.wait()
            if self._ending.is_set():
                return
            self._woken.clear()
            if not self._work() or self._ending.wait(self._interval_seconds):
                return


class Successor(Struct, frozen=True):
    """The segment after a full one. It takes records at once, under a provisional name."""

    descriptor: int
    provisional_path: Path
    path: Path
    """Its own name."""
    follows: Sequence
    """The last sequence in the full segment."""


class GroupSync:
    """Syncs the open segment of `directory` whenever something was appended to it. Its name must be on the disk.

    The helper calls `on_change` after each sync. It calls `on_sealed` for each full segment once that is whole on the
    disk and its successor has its final name there. Every failure is final: afterwards it is unknown what the operating
    system still has of the files, so nothing more may count as durable. Closes each full segment after its last sync.
    """

    def __init__(
        self,
        files: FileOperations,
        directory: Path,
        descriptor: int,
        synced_sequence: Sequence,
        *,
        interval_seconds: float = DEFAULT_SYNC_INTERVAL_SECONDS,
        on_change: OnChange = ignore_change,
        on_sealed: Callable[[], None] = lambda: None,
        stopwatch: Callable[[], float] = time.perf_counter,
        observe_seconds: Callable[[float], None] = lambda _seconds: None,
        start_helper: StartHelper = HelperThread,
    ) -> None:
        self.synced_sequence = synced_sequence
        self.failure: OSError | None = None
        self._files = files
        self._directory = directory
        self._descriptor = descriptor
        self._successor: Successor | None = None
        self._appended = synced_sequence
        self._on_change = on_change
        self._on_sealed = on_sealed
        self._stopwatch = stopwatch
        self._observe_seconds = observe_seconds
        self._syncing = threading.Lock()
        self._sync_started: float | None = None
        self._helper = start_helper(self._work, interval_seconds)

    @property
    def sync_seconds(self) -> float:
        """How long the current sync has taken so far, in seconds; 0 if there is none."""
        started = self._sync_started
        return 0.0 if started is None else self._stopwatch() - started

    @property
    def is_changing_segments(self) -> bool:
        """Whether a full segment, or its successor's name, is still on its way to the disk."""
        return self._successor is not None

    def appended(self, sequence: Sequence) -> None:
        """Everything up to `sequence` has been written and waits for the disk."""
        self._appended = sequence
        self._helper.wake()

    def go_on_in(self, successor: Successor) -> None:
        """All further records are appended to `successor`. Not to be called while `is_changing_segments`."""
        self._successor = successor
        self._helper.wake()

    def settle(self) -> bool:
        """Sync everything appended so far, however long that takes; whether it succeeded.

        If that ends a change of segments, `on_change` and `on_sealed` are called from here.
        """
        with self._syncing:
            return self._sync() and not self.is_changing_segments

    def stop(self) -> None:
        """End the helper. Records that it has not synced stay unsynced."""
        self._helper.stop()

    def close(self) -> None:
        """Close the files, once the helper has ended."""
        self._files.close(self._descriptor)
        if self._successor is not None and self._successor.descriptor != self._descriptor:
            self._files.close(self._successor.descriptor)

    def _work(self) -> bool:
        try:
            with self._syncing:
                going_on = self._sync()
        except Exception as error:  # noqa: BLE001 - or everybody would wait for a helper that is gone
            self.failure = OSError(f"the sync failed with {type(error).__name__}: {error}")
            going_on = False
        self._on_change(self.synced_sequence, self.failure)
        return going_on

    def _sync(self) -> bool:
        """Sync everything appended so far; False once a sync has failed."""
        # Read in this order: then everything appended up to here is in the open segment or in this successor. The other
        # way round, a successor could come in between and hold the last records.
        target = self._appended
        successor = self._successor
        if self.failure is not None or (successor is None and target == self.synced_sequence):
            return self.failure is None
        self._sync_started = started = self._stopwatch()
        try:
            if successor is not None and not self._hand_over(successor):
                return True
            self._files.synchronize(self._descriptor)
            if successor is not None:
                self._files.synchronize_path(self._directory)
        except OSError as error:
            self.failure = error
            return False
        finally:
            self._sync_started = None
        self.synced_sequence = max(target, self.synced_sequence)
        self._observe_seconds(self._stopwatch() - started)
        if successor is not None:
            self._successor = None
            self._on_sealed()
        return True

    def _hand_over(self, successor: Successor) -> bool:
        """Sync the full segment; only then does its successor get its final name.

        False while the disk is too full for that: the next append tries again.
        """
        self._files.synchronize(self._descriptor)
        self.synced_sequence = successor.follows
        self._on_change(self.synced_sequence, None)
        try:
            self._files.rename(successor.provisional_path, successor.path)
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            return False
        full, self._descriptor = self._descriptor, successor.descriptor
        self._files.close(full)
        return True
