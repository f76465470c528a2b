"""When snapshots are made: after each seal, one at a time, beside the server. A failure does not affect the server.

Every failure is logged and counted, and the next attempt comes with the next seal or after a pause.
"""

import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Final, Protocol

import msgspec
import structlog

from openoutcry.runtime.recovery.snapshots.builder import SnapshotBuilt
from openoutcry.runtime.sequencing.timers import CallLater, TimerHandle

RETRY_SECONDS: Final = 5.0
"""Seconds of pause after a failed attempt, unless a segment is sealed before. It doubles with each failure in a row."""

LONGEST_RETRY_SECONDS: Final = 600.0
"""The pause doubles up to this."""

_log: Final = structlog.get_logger()


class SnapshotFailed(Exception):  # noqa: N818 - what happened, named
    """No snapshot was made; the text says why."""


class SnapshotBuilder(Protocol):
    def build(self) -> SnapshotBuilt | None:
        """Build the next snapshot, however long that takes; None if there is nothing new.

        Raises `SnapshotFailed`.
        """

    def stop(self) -> None:
        """Make the current build fail soon, and any later one at once. Called from another thread."""


class ChildProcess:
    """Builds in a process of its own."""

    def __init__(self, directory: Path) -> None:
        self._command = [sys.executable, "-P", "-m", "openoutcry.bootstrap.snapshot_process", str(directory)]
        self._guard = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def build(self) -> SnapshotBuilt | None:
        with self._guard:
            if self._stopped:
                raise SnapshotFailed("the exchange is ending")
            try:
                process = self._process = subprocess.Popen(  # noqa: S603 - our own program
                    self._command,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    start_new_session=True,  # Ctrl-C is for the server, which stops this process
                )
            except OSError as error:
                raise SnapshotFailed(f"its process cannot be started: {error}") from error
        told, complaints = process.communicate()
        if process.returncode != 0:
            last_words = complaints.decode(errors="replace").strip().rpartition("\n")[2]
            raise SnapshotFailed(last_words or f"its process ended with exit code {process.returncode}")
        try:
            return msgspec.json.decode(told, type=SnapshotBuilt | None)
        except msgspec.DecodeError as error:
            raise SnapshotFailed(f"its process did not say what it made ({error})") from error

    def stop(self) -> None:
        with self._guard:
            self._stopped = True
            if self._process is not None:
                self._process.terminate()


RunBeside = Callable[[Callable[[], None]], Callable[[], None]]
"""Starts a function beside the loop. Calling the result waits for its end."""


def run_in_thread(work: Callable[[], None]) -> Callable[[], None]:
    """A daemon thread, which a process need not wait for."""
    thread = threading.Thread(target=work, name="snapshot", daemon=True)
    thread.start()
    return thread.join


class SnapshotSchedule:
    """Runs the builder in a thread that only waits for it. Everything else happens in the loop, including
    `call_later`.
    """

    def __init__(
        self,
        builder: SnapshotBuilder,
        call_in_loop: Callable[[Callable[[], None]], object],
        call_later: CallLater,
        run_beside: RunBeside = run_in_thread,
        stopwatch: Callable[[], float] = perf_counter,
    ) -> None:
        """`stopwatch`: seconds, by which builds are measured."""
        self.last: SnapshotBuilt | None = None
        """The newest snapshot made since the start."""
        self.built = 0
        self.failures = 0
        self.failure: str | None = None
        """Why the latest attempt failed; None if it succeeded."""
        self._builder = builder
        self._call_in_loop = call_in_loop
        self._call_later = call_later
        self._run_beside = run_beside
        self._stopwatch = stopwatch
        self._wait_for_build: Callable[[], None] | None = None
        self._build_started = 0.0
        self._sealed_meanwhile = False
        self._closed = False
        self._retry_seconds = RETRY_SECONDS
        self._retry: TimerHandle | None = None

    @property
    def is_building(self) -> bool:
        return self._wait_for_build is not None

    @property
    def building_seconds(self) -> float:
        """How long the current build has taken so far, in seconds; 0 if there is none."""
        return self._stopwatch() - self._build_started if self.is_building else 0.0

    def segment_sealed(self) -> None:
        """A segment was sealed: begin a snapshot now, or after the current one."""
        if self._closed:
            return
        if self._wait_for_build is not None:
            self._sealed_meanwhile = True
            return
        self._sealed_meanwhile = False
        self._cancel_retry()
        self._build_started = self._stopwatch()
        try:
            self._wait_for_build = self._run_beside(self._build)
        except Exception as error:  # noqa: BLE001 - the system has no thread to spare, for one
            self._finish(None, f"it cannot be begun ({_described(error)})")

    def close(self) -> None:
        """Make no more snapshots; the current build is given up."""
        self._closed = True
        self._cancel_retry()
        self._builder.stop()
        if self._wait_for_build is not None:
            self._wait_for_build()

    def _build(self) -> None:
        built: SnapshotBuilt | None = None
        failure: str | None = None
        try:
            built = self._builder.build()
        except SnapshotFailed as error:
            failure = str(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the schedule must hear of the end
            failure = _described(error)
        self._call_in_loop(partial(self._finish, built, failure))

    def _finish(self, built: SnapshotBuilt | None, failure: str | None) -> None:
        self._wait_for_build = None
        if self._closed:
            return
        self.failure = failure
        if failure is not None:
            self.failures += 1
            _log.warning(
                "no snapshot was made: a start will have more to replay",
                reason=failure,
                next_attempt_within=self._retry_seconds,
            )
            self._retry = self._call_later(self._retry_seconds, self.segment_sealed)
            self._retry_seconds = min(self._retry_seconds * 2, LONGEST_RETRY_SECONDS)
            return
        self._retry_seconds = RETRY_SECONDS
        if built is not None:
            self.built += 1
            self.last = built
            without = {"without_projections": built.failed_projections} if built.failed_projections else {}
            _log.info("snapshot made", sequence=built.sequence, seconds=round(built.seconds, 2), **without)
        if self._sealed_meanwhile:
            self.segment_sealed()

    def _cancel_retry(self) -> None:
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None


def _described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
