"""The journal's helper without a thread: its rounds are timers of its process, and take as long as the disk does."""

from collections.abc import Callable

from openoutcry.journal.sync import Helper, Work
from proofs.chaos.machine.disk import SimulatedDisk
from proofs.chaos.machine.loop import VirtualLoop
from proofs.chaos.machine.process import Process


class SimulatedHelper:
    """A round begins when it is woken, an interval after the last at the earliest, and has its effect at its end."""

    def __init__(
        self, work: Work, interval_seconds: float, process: Process, loop: VirtualLoop, disk: SimulatedDisk
    ) -> None:
        self._work = work
        self._interval_seconds = interval_seconds
        self._process = process
        self._loop = loop
        self._disk = disk
        self._free_at = 0.0
        self._is_busy = False
        self._has_ended = False

    def wake(self) -> None:
        if self._is_busy or self._has_ended:
            return
        self._is_busy = True
        pause = max(0.0, self._free_at - self._loop.time())
        self._process.call_later(pause + self._seconds_of_a_sync(), self._run)

    def stop(self) -> None:
        self._has_ended = True

    def _run(self) -> None:
        self._is_busy = False
        self._free_at = self._loop.time() + self._interval_seconds
        if not self._has_ended and not self._work():
            self.stop()

    def _seconds_of_a_sync(self) -> float:
        return self._disk.trouble.sync_seconds * self._disk.chance.uniform(0.5, 2.0)


def helpers_of(process: Process, loop: VirtualLoop, disk: SimulatedDisk) -> Callable[[Work, float], Helper]:
    """How the journal of this process starts its helper."""
    return lambda work, interval_seconds: SimulatedHelper(work, interval_seconds, process, loop, disk)
