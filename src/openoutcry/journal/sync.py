"""The one helper thread: makes what was appended durable, a group at a time, and never holds an append up."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from openoutcry.domain.types import Sequence
from openoutcry.journal.files import FileOperations

DEFAULT_SYNC_INTERVAL_SECONDS: Final = 0.005
"""Shortest time from the end of one sync to the start of the next."""


OnChange = Callable[[Sequence, OSError | None], None]
"""Told what is synced, and why nothing more will be, if so."""


def ignore_change(_synced_sequence: Sequence, _failure: OSError | None) -> None:
    """For those who wait for nothing."""


class GroupSync:
    """Syncs the open segment, which is new in `directory`, whenever something was appended to it.

    `on_change` is called in the helper thread after each sync. A failure is final: what the operating system then
    still has of the file is unknown, so nothing after it may count as durable.
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
        observe_seconds: Callable[[float], None] = lambda _seconds: None,
    ) -> None:
        self.synced_sequence = synced_sequence
        self.failure: OSError | None = None
        self._files = files
        self._directory = directory
        self._descriptor = descriptor
        self._appended = synced_sequence
        self._name_is_unsynced = True
        self._interval_seconds = interval_seconds
        self._on_change = on_change
        self._observe_seconds = observe_seconds
        self._wake = threading.Event()
        self._ending = threading.Event()
        self._syncing = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="journal-sync", daemon=True)
        self._thread.start()

    def appended(self, sequence: Sequence) -> None:
        """Everything up to `sequence` has been written and waits for the disk."""
        self._appended = sequence
        if not self._wake.is_set():
            self._wake.set()

    def settle(self, *, wait: bool) -> bool:
        """Whether all that was appended is synced. `wait`: sync it now, however long that takes."""
        if wait:
            with self._syncing:
                self._sync()
        return self.failure is None and self.synced_sequence == self._appended

    def switch(self, descriptor: int) -> None:
        """Go on with a new segment. The one before must be settled; the caller closes it."""
        with self._syncing:
            self._descriptor = descriptor
            self._name_is_unsynced = True

    def stop(self) -> None:
        """End the thread. What it has not synced stays unsynced."""
        self._ending.set()
        self._wake.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            self._wake.wait()
            if self._ending.is_set():
                return
            self._wake.clear()
            with self._syncing:
                going_on = self._sync()
            self._on_change(self.synced_sequence, self.failure)
            if not going_on or self._ending.wait(self._interval_seconds):
                return

    def _sync(self) -> bool:
        """Sync what was appended until now; False once a sync has failed."""
        target = self._appended
        if self.failure is not None or target == self.synced_sequence:
            return self.failure is None
        started = time.perf_counter()
        try:
            self._files.synchronize(self._descriptor)
            if self._name_is_unsynced:
                self._files.synchronize_path(self._directory)
                self._name_is_unsynced = False
        except OSError as error:
            self.failure = error
            return False
        self.synced_sequence = target
        self._observe_seconds(time.perf_counter() - started)
        return True
