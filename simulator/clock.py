"""The wall clock of a simulated machine: virtual time, and whatever somebody did to the clock."""

from typing import Final

from openoutcry.domain.types import TimestampUs
from simulator.loop import VirtualLoop

BEGINNING_US: Final = 1_705_329_000_000_000
"""2024-01-15 14:30:00 UTC, the moment at which every simulation begins."""


class SimulatedClock:
    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop
        self._offset_us = 0
        self.leaps: list[tuple[TimestampUs, TimestampUs]] = []
        """From when to when it was set forward."""

    def now(self) -> TimestampUs:
        return TimestampUs(BEGINNING_US + self._offset_us + round(self._loop.time() * 1_000_000))

    def elapsed(self) -> int:
        return round(self._loop.time() * 1_000_000)

    def set_forward(self, seconds: float) -> None:
        """Move the clock as a person or a time server would: backwards where `seconds` < 0."""
        before = self.now()
        self._offset_us += round(seconds * 1_000_000)
        if seconds > 0:
            self.leaps.append((before, self.now()))
