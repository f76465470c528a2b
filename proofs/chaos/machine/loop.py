"""An asyncio event loop on virtual time: when nothing is ready, time jumps to the next timer. No sockets or threads."""

import asyncio
from collections.abc import Callable
from contextvars import Context
from typing import Any, Final, TypeVarTuple

Ts = TypeVarTuple("Ts")

TURN_SECONDS: Final = 1e-7
"""The least time that a turn of the loop takes. Without it, rounding could keep a due time just ahead of the present,
and the wait for it would never end."""


class NothingLeftToHappen(Exception):  # noqa: N818 - a state of the simulated world
    """A task waits, but no timer is set and nothing is ready: it would wait for ever."""


class VirtualLoop(asyncio.BaseEventLoop):
    """Callbacks run in the order in which they were asked for, as on any asyncio loop; `steps` counts them."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = 0
        self._now = 0.0
        self._selector = _Leap(self)
        self._clock_resolution = TURN_SECONDS
        self._interruption: tuple[int, Callable[[], None]] | None = None

    def time(self) -> float:
        return self._now

    def leap(self, seconds: float) -> None:
        """Let so much time pass at once."""
        self._now += max(seconds, TURN_SECONDS)

    def interrupt_after(self, steps: int, interruption: Callable[[], None]) -> None:
        """Call `interruption` between two callbacks, after so many more of them; it replaces one that still waits."""
        self._interruption = (self.steps + steps, interruption)

    def call_soon(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        return super().call_soon(self._step, callback, args, context=context)

    def call_soon_threadsafe(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        return super().call_soon_threadsafe(self._step, callback, args, context=context)

    def _step(self, callback: Callable[..., object], args: tuple[Any, ...]) -> None:
        self.steps += 1
        if self._interruption is not None and self.steps > self._interruption[0]:
            _, interruption = self._interruption
            self._interruption = None
            interruption()
        callback(*args)

    # ---- what BaseEventLoop leaves to loops with sockets

    def _process_events(self, event_list: tuple[()]) -> None:
        pass

    def _write_to_self(self) -> None:
        pass


class _Leap:
    """Replaces a loop's wait for sockets: it returns at once, at the later time."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> tuple[()]:
        if timeout is None:
            raise NothingLeftToHappen("everybody waits, and nothing is on its way")
        self._loop.leap(timeout)
        return ()
