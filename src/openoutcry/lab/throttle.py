"""Lets a simulation pass no faster than can be watched."""

import time
from collections.abc import Callable

from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.scenarios.model import Scenario

LEAST_SECONDS = 0.01
"""What is not worth sleeping for."""


class Throttle:
    """Sleeps when virtual time is ahead of the machine's clock. Market seconds at `speed` for each of its seconds."""

    def __init__(
        self,
        speed: float,
        scenario: Scenario,
        virtual: VirtualTime,
        stopwatch: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Raises `ValueError` unless the speed is more than 0."""
        if not speed > 0:
            raise ValueError(f"speed is {speed}: it must be more than 0 market seconds a second, such as 30")
        own = 1.0 if scenario.session is None else scenario.session.speed
        self._us_a_second = speed / own * 1_000_000
        self._virtual = virtual
        self._stopwatch = stopwatch
        self._sleep = sleep
        self._began: tuple[float, int] | None = None

    def hold_back(self) -> None:
        now = self._virtual.now()
        if self._began is None:
            self._began = self._stopwatch(), now
        began_at, began_us = self._began
        ahead = (now - began_us) / self._us_a_second - (self._stopwatch() - began_at)
        if ahead > LEAST_SECONDS:
            self._sleep(ahead)
