"""The part of a loop's timers that the exchange uses: run a function later, or cancel that."""

from collections.abc import Callable
from typing import Protocol


class TimerHandle(Protocol):
    def cancel(self) -> None: ...


class CallLater(Protocol):
    """Run a function after so many seconds: `loop.call_later`."""

    def __call__(self, delay: float, callback: Callable[[], None], /) -> TimerHandle: ...
