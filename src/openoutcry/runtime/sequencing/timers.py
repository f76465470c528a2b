"""What runs later in the loop."""

from collections.abc import Callable
from typing import Protocol


class TimerHandle(Protocol):
    def cancel(self) -> None: ...


class CallLater(Protocol):
    """Run a function after so many seconds: `loop.call_later`."""

    def __call__(self, delay: float, callback: Callable[[], None], /) -> TimerHandle: ...
