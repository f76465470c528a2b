"""The process that builds snapshots, without a process: it takes its time, and outlives a server that is killed."""

from collections.abc import Callable
from typing import Final

from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.snapshots.builder import SnapshotBuilt, build_next
from openoutcry.runtime.recovery.snapshots.schedule import SnapshotFailed
from proofs.chaos.machine.disk import SimulatedDisk
from proofs.chaos.machine.loop import VirtualLoop
from proofs.chaos.machine.process import Process
from proofs.chaos.machine.projections import projections_of

BUILD_SECONDS: Final = 1.5
"""Longer than the event logs may lag behind; with less, builds would only ever fail."""


class SnapshotChild:
    """`SnapshotBuilder` of one process of the exchange, and its `RunBeside`."""

    def __init__(
        self, directory: DataDirectory, loop: VirtualLoop, disk: SimulatedDisk, process: Process, boot_id: str
    ) -> None:
        self._directory = directory
        self._loop = loop
        self._disk = disk
        self._process = process
        self._boot_id = boot_id
        self._is_stopped = False

    def run_beside(self, work: Callable[[], None]) -> Callable[[], None]:
        self._loop.call_later(BUILD_SECONDS, work)
        return lambda: None

    def build(self) -> SnapshotBuilt | None:
        if self._is_stopped or self._disk.boot_id != self._boot_id:
            raise SnapshotFailed("it was ended before it had come anywhere")
        try:
            built = build_next(self._directory, projections_of, patience_seconds=0)
        except Exception as error:
            raise SnapshotFailed(f"{type(error).__name__}: {error}") from error
        # It synced the logs with the machine's own means.
        self._disk.take_over(self._directory.events)
        return built

    def stop(self) -> None:
        """Only a living server can stop it: a killed one has no time to."""
        self._is_stopped = self._process.alive
