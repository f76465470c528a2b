"""Makes what was appended durable, a group at a time, in one helper thread, and never holds an append up.

Segments become durable in order: one gets its own name, and counts for anything, only when the one before it is whole
on the disk.
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
"""Shortest time from the end of one sync to the start of the next. A write that meets a sync takes twice as long: at
full load that is more than one in ten, and with 20 ms an order takes a fifth less of the processor."""

NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
"""Why a name may not be given now. Nothing of the files is unknown then, as it is after any other failure."""

OnChange = Callable[[Sequence, OSError | None], None]
"""Told what is synced, and why nothing more will be, if so."""


def ignore_change(_synced_sequence: Sequence, _failure: OSError | None) -> None:
    """For those who wait for nothing."""


Work = Callable[[], bool]
"""One round of work; False when no other will follow."""


class Helper(Protocol):
    """Does rounds of work beside the thread that appends."""

    def wake(self) -> None:
        """There is work: begin a round soon, though no sooner than the interval after the end of the last."""

    def stop(self) -> None:
        """End. What is not done stays undone."""


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
    """The segment after one that is full. It is written to at once, under a name that is provisional."""

    descriptor: int
    provisional_path: Path
    path: Path
    """Its own name."""
    follows: Sequence
    """The last in the full segment."""


class GroupSync:
    """Syncs the open segment, one of `directory` whose name is on the disk, whenever something was appended to it.

    `on_change` is called by the helper after each sync, `on_sealed` where each full segment was synced, once that is
    whole on the disk and its successor has its own name there. A failure is final, whatever it is: what the operating
    system then still has of the files is unknown, so nothing after it may count as durable. Closes segments: a full one
    after its last sync.
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
        self._observe_seconds = observe_seconds
        self._syncing = threading.Lock()
        self._sync_started: float | None = None
        self._helper = start_helper(self._work, interval_seconds)

    @property
    def sync_seconds(self) -> float:
        """How long the sync under way has taken so far; 0 while there is none."""
        started = self._sync_started
        return 0.0 if started is None else time.perf_counter() - started

    @property
    def is_changing_segments(self) -> bool:
        """Whether a full segment, or its successor's name, is still on its way to the disk."""
        return self._successor is not None

    def appended(self, sequence: Sequence) -> None:
        """Everything up to `sequence` has been written and waits for the disk."""
        self._appended = sequence
        self._helper.wake()

    def go_on_in(self, successor: Successor) -> None:
        """From here on everything is appended there. Not while `is_changing_segments`."""
        self._successor = successor
        self._helper.wake()

    def settle(self) -> bool:
        """Sync all that was appended now, however long that takes; whether it is synced.

        Where that ends a change of segments, `on_change` and `on_sealed` are called from here.
        """
        with self._syncing:
            return self._sync() and not self.is_changing_segments

    def stop(self) -> None:
        """End the helper. What it has not synced stays unsynced."""
        self._helper.stop()

    def close(self) -> None:
        """Let the files go, once the helper has ended."""
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
        """Sync what was appended until now; False once a sync has failed."""
        # Looked at in this order: then what was appended up to here stands in no segment but the open one and this
        # successor. The other way round, a successor could have come in between and have the last of it.
        target = self._appended
        successor = self._successor
        if self.failure is not None or (successor is None and target == self.synced_sequence):
            return self.failure is None
        self._sync_started = started = time.perf_counter()
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
        self._observe_seconds(time.perf_counter() - started)
        if successor is not None:
            self._successor = None
            self._on_sealed()
        return True

    def _hand_over(self, successor: Successor) -> bool:
        """Bring the full segment to the disk, for good; only then does its successor get its own name.

        False while the disk is too full for that: it is tried again with the next append.
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
