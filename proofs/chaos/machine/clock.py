"""The clocks of a simulated machine: virtual time, a wall clock that can be set, and suspensions."""

from typing import Final

from openoutcry.runtime.clock import SystemClock
from proofs.chaos.machine.loop import VirtualLoop

BEGINNING_US: Final = 1_705_329_000_000_000
"""2024-01-15 14:30:00 UTC, the moment at which every simulation begins."""

SECOND_US: Final = 1_000_000


class SimulatedClock:
    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop
        self._offset_us = 0
        self._suspended_us = 0
        self.suspensions: list[tuple[int, int]] = []
        """From when to when, by `elapsed`."""

    def wall(self) -> int:
        """The wall clock in microseconds, as a person or a time server has set it."""
        return BEGINNING_US + self._offset_us + self.elapsed()

    def elapsed(self) -> int:
        """Microseconds since the beginning, by a clock that cannot be set and that counts suspensions."""
        return self._suspended_us + round(self._loop.time() * SECOND_US)

    def set_forward(self, seconds: float) -> None:
        """Move the wall clock as a person or a time server would: backwards where `seconds` < 0."""
        self._offset_us += round(seconds * SECOND_US)

    def suspend(self, seconds: float) -> None:
        """Suspend the whole world for so long: only the loop's clock stops."""
        began = self.elapsed()
        self._suspended_us += round(seconds * SECOND_US)
        self.suspensions.append((began, self.elapsed()))

    def of_a_process(self) -> SystemClock:
        """The system's clock as a new process of the exchange has it."""
        return SystemClock(lambda: self.wall() * 1000, lambda: self.elapsed() * 1000)
