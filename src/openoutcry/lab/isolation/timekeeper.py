"""Watches wall time while an exchange waits for a bot's process."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

_LOOK_SECONDS: Final = 0.1
"""How often it looks."""


class Timekeeper:
    """One thread for all bots of a match, of which one at a time is waited for."""

    def __init__(self, stopwatch: Callable[[], float] = time.monotonic) -> None:
        self._stopwatch = stopwatch
        self._deadline: tuple[float, Callable[[], None]] | None = None
        self._has_ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="timekeeper of isolated bots", daemon=True)
        self._thread.start()

    @contextmanager
    def allowing(self, seconds: float, too_late: Callable[[], None]) -> Iterator[None]:
        """Call `too_late` in the thread of the timekeeper if this takes longer than so many seconds of wall time."""
        self._deadline = (self._stopwatch() + seconds, too_late)
        try:
            yield
        finally:
            self._deadline = None

    def end(self) -> None:
        self._has_ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._has_ended.wait(_LOOK_SECONDS):
            deadline = self._deadline
            if deadline is not None and self._stopwatch() > deadline[0]:
                deadline[1]()
                if self._deadline is deadline:
                    self._deadline = None
