"""Watches from a thread of its own whether the handlers of bots return, and says where one is that does not."""

import ctypes
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Final

from openoutcry.client.bot.run import Run
from openoutcry.client.bot.stuck.whereabouts import files_of, place_in

LOOKS: Final = 10
"""How often it looks in the time that a handler has."""
SHORTEST_LOOK_SECONDS: Final = 0.05
_CALLS: Final = frozenset({Run._call.__code__, Run._finish.__code__})  # noqa: SLF001 - the frames that handlers are in
_DEBUGGERS: Final = ("bdb.py", "pdb.py")

Step = Callable[[FrameType], object]
"""What stays the same object as long as the watched thread does one and the same thing; of its innermost frame."""


class TakesTooLong(BaseException):
    """Raised in a handler that does not return. The text says where it was."""


class Watchdog:
    def __init__(
        self,
        seconds: float,
        step: Step,
        say: Callable[[Run, str], None],
        *,
        interrupts: bool,
        in_vain: Callable[[str], None],
        thread: int,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        """`say` is called in the watchdog's thread, once for each handler that takes longer than `seconds` of wall time
        in `thread`. If it `interrupts`, `TakesTooLong` is then raised in the handler, and again each time as long
        after; before the second time `in_vain` is called.
        """
        self._in_vain = in_vain
        self._seconds = seconds
        self._step = step
        self._say = say
        self._interrupts = interrupts
        self._thread = thread
        self._seen: object = None
        self._stopwatch = stopwatch
        self._since = stopwatch()
        self._is_told = False

    def watch(self, has_ended: threading.Event) -> None:
        while not has_ended.wait(max(self._seconds / LOOKS, SHORTEST_LOOK_SECONDS)):
            frame = sys._current_frames().get(self._thread)  # noqa: SLF001 - there is no other way
            if frame is not None:
                self._look(frame)
            del frame

    def _look(self, frame: FrameType) -> None:
        now, step = self._stopwatch(), self._step(frame)
        handling = _handling(frame)
        if handling is None or step is not self._seen:
            self._seen, self._since, self._is_told = step, now, False
        elif now - self._since >= self._seconds:
            run, name = handling
            place = place_in(frame, files_of(type(run.bot)))
            text = f"{name} has not returned for {self._seconds:g} seconds" + ("" if place is None else f": at {place}")
            if not self._is_told:
                self._say(run, text)
            elif self._interrupts:
                self._in_vain(f"{type(run.bot).__name__}: {text}, and cannot be interrupted")
            self._is_told, self._since = True, now
            if self._interrupts:
                _raise_in(self._thread, text)


@contextmanager
def watched(
    seconds: float,
    step: Step,
    say: Callable[[Run, str], None],
    *,
    interrupts: bool = False,
    in_vain: Callable[[str], None] = lambda _text: None,
) -> Iterator[None]:
    """Watch this thread: see `Watchdog`."""
    has_ended = threading.Event()
    watchdog = Watchdog(seconds, step, say, interrupts=interrupts, in_vain=in_vain, thread=threading.get_ident())
    thread = threading.Thread(target=watchdog.watch, args=(has_ended,), name="watchdog of bots", daemon=True)
    thread.start()
    try:
        yield
    finally:
        has_ended.set()
        thread.join()


def called_by(callers: frozenset[CodeType]) -> Step:
    """The frame that one of these functions has called: the outermost such."""

    def step(frame: FrameType) -> object:
        found: FrameType | None = None
        each: FrameType | None = frame
        while each is not None:
            if each.f_back is not None and each.f_back.f_code in callers:
                found = each
            each = each.f_back
        return found or _outermost_call(frame)

    return step


def _outermost_call(frame: FrameType) -> FrameType | None:
    each: FrameType | None = frame
    found = None
    while each is not None:
        if each.f_code in _CALLS:
            found = each
        each = each.f_back
    return found


def _handling(frame: FrameType) -> tuple[Run, str] | None:
    """Whose handler the thread is in, and which. None too if somebody looks at it in a debugger."""
    each: FrameType | None = frame
    handling: tuple[Run, str] | None = None
    while each is not None:
        if each.f_code.co_filename.endswith(_DEBUGGERS):
            return None
        if each.f_code in _CALLS and handling is None:
            handling = (each.f_locals["self"], each.f_locals["name"])
        each = each.f_back
    return handling


def _raise_in(thread: int, text: str) -> None:
    error = type("TakesTooLong", (TakesTooLong,), {"__str__": lambda _self: text})
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error))
