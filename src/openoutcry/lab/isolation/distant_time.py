"""Virtual time as a bot's process sees it: the exchange's own, which alone knows when what is to be called."""

from collections import deque
from collections.abc import Callable
from typing import Final

from openoutcry.domain.types import TimestampUs
from openoutcry.lab.isolation.messages import Action, Soon, TimerCancelled, TimerSet
from openoutcry.lab.virtual.time import Timer, VirtualTime


class DistantTime(VirtualTime):
    """Timers are set at the exchange, in one order with everybody else's, and ring when it says so.

    What is to be called soon is called in this process if nothing at the exchange would come before it; otherwise it
    gets its place there. So everything is called in the same order as in the exchange's process.
    """

    def __init__(self, tell: Callable[[Action], None]) -> None:
        super().__init__()
        self._tell: Final = tell
        self._soon: deque[Callable[[], None]] = deque()
        self._is_alone = False
        self._numbered = 0
        self._to_be_called: dict[int, Callable[[], None]] = {}

    # ---- a turn

    def begin(self, time: TimestampUs, *, is_alone: bool) -> None:
        """`is_alone`: nothing waits at the exchange."""
        self._time = time
        self._is_alone = is_alone

    def company_comes(self) -> None:
        """Something that was told to the exchange may be done there soon."""
        self._is_alone = False

    def run(self) -> None:
        """Call what is to be called in this process."""
        while self._soon:
            self._soon.popleft()()

    def ring(self, number: int) -> None:
        """Call what the exchange says is due."""
        callback = self._to_be_called.pop(number, None)
        if callback is not None:
            callback()

    # ---- the loop

    def call_soon(self, callback: Callable[[], None], /) -> None:
        if self._is_alone:
            self._soon.append(callback)
        else:
            self._tell(Soon(self._kept(callback)))

    def call_soon_threadsafe(self, callback: Callable[[], None], /) -> None:
        self.call_soon(callback)

    def call_at(self, instant: int, callback: Callable[[], None], /) -> Timer:
        return self.call_later((instant - self._time) / 1_000_000, callback)

    def call_later(self, delay: float, callback: Callable[[], None], /) -> Timer:
        number = self._kept(callback)
        self._tell(TimerSet(number, delay))
        return _DistantTimer(callback, lambda: self._cancelled(number))

    def leap(self) -> bool:
        raise RuntimeError("in a process of its own a bot cannot make time pass")

    def pass_seconds(self, seconds: float) -> None:
        raise RuntimeError(f"in a process of its own a bot cannot make {seconds} seconds pass")

    def _kept(self, callback: Callable[[], None]) -> int:
        self._numbered += 1
        self._to_be_called[self._numbered] = callback
        return self._numbered

    def _cancelled(self, number: int) -> None:
        if self._to_be_called.pop(number, None) is not None:
            self._tell(TimerCancelled(number))


class _DistantTimer(Timer):
    __slots__ = ("_cancelled",)

    def __init__(self, callback: Callable[[], None], cancelled: Callable[[], None]) -> None:
        super().__init__(callback)
        self._cancelled = cancelled

    def cancel(self) -> None:
        if not self.is_cancelled:
            self.is_cancelled = True
            self._cancelled()
