"""SIGINT (Ctrl-C), SIGTERM and SIGHUP (the terminal is gone), from the start of a command to the end of its process."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """Counts signals. The first raises `KeyboardInterrupt` in the running code, unless they are only counted."""

    def __init__(self) -> None:
        self.count = 0
        self._raise = True

    def only_count(self) -> None:
        """From now on signals interrupt nothing: the running code reads `count`."""
        self._raise = False

    def come(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1
        if self._raise:
            self._raise = False  # further signals must not interrupt the unwinding
            raise KeyboardInterrupt


@contextmanager
def interrupts_end_cleanly(exit_code: int = 0) -> Iterator[Interrupts]:
    """Around a command: the first signal unwinds what was opened and ends with this exit code; others change nothing.

    0 is for what runs until it is told to end; a check or a measurement that was cut short is no success.
    SIGHUP stays ignored if it was ignored, as under `nohup`. To be left at the end of the process: signals are
    blocked from then on.
    """
    interrupts = Interrupts()
    handled = [number for number in _SIGNALS if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN]
    for number in handled:
        signal.signal(number, interrupts.come)
    try:
        yield interrupts
    except KeyboardInterrupt:
        say_last("openoutcry: interrupted before it was done")
        raise SystemExit(exit_code) from None
    finally:
        signal.pthread_sigmask(signal.SIG_BLOCK, handled)


def say_last(text: str) -> None:
    """A line on stderr, unless the terminal is gone."""
    with suppress(OSError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
