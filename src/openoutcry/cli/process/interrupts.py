"""SIGINT (Ctrl-C), SIGTERM and SIGHUP (the terminal is gone), from the start of a command to the end of its process."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final

_STDERR: Final = 2
"""The descriptor."""

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """Counts signals. The first raises `KeyboardInterrupt` in the running code, unless they are only counted."""

    def __init__(self) -> None:
        self.count = 0
        self._raise = True
        self._only_counted: int | None = None

    def only_count(self, most: int | None = None) -> None:
        """From now on signals interrupt nothing: the running code reads `count`. Past `most` of them, one does."""
        self._raise, self._only_counted = False, most

    def raise_again(self, known: int) -> None:
        """The next signal interrupts. If more than the `known` ones have come already, this raises at once."""
        self._raise = True
        if self.count > known:
            self._raise = False
            raise KeyboardInterrupt

    def come(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1
        if self._raise or (self._only_counted is not None and self.count > self._only_counted):
            self._raise, self._only_counted = False, None  # further signals must not interrupt the unwinding
            raise KeyboardInterrupt
        if self._only_counted == self.count:
            say_ending()


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


def say_ending() -> None:
    """After a first signal. It may come in the midst of a write to stderr."""
    with suppress(OSError):
        os.write(_STDERR, b"\nending in good order; once more ends it at once\n")


def say_last(text: str) -> None:
    """A line on stderr, unless the terminal is gone."""
    with suppress(OSError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
