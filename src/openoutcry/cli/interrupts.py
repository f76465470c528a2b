"""SIGINT (Ctrl-C), SIGTERM and SIGHUP (the terminal is gone), from the start of a command to the end of its process."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """The signals that have come. The first raises `KeyboardInterrupt` in what runs, unless they are only counted."""

    def __init__(self) -> None:
        self.count = 0
        self._raise = True

    def only_count(self) -> None:
        """From now on nothing is broken off: what runs looks at `count` by itself."""
        self._raise = False

    def come(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1
        if self._raise:
            self._raise = False  # those that come while everything unwinds must not break that off
            raise KeyboardInterrupt


@contextmanager
def interrupts_end_cleanly() -> Iterator[Interrupts]:
    """Around a command: the first signal unwinds what was opened and ends with exit code 0; others change nothing.

    SIGHUP stays ignored where it was, as `nohup` has it. To be left at the end of the process: from then on none comes
    through, for there is nothing left that it could end.
    """
    interrupts = Interrupts()
    handled = [number for number in _SIGNALS if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN]
    for number in handled:
        signal.signal(number, interrupts.come)
    try:
        yield interrupts
    except KeyboardInterrupt:
        say_last("openoutcry: interrupted before it was done")
        raise SystemExit(0) from None
    finally:
        signal.pthread_sigmask(signal.SIG_BLOCK, handled)


def say_last(text: str) -> None:
    """A line on stderr, unless the terminal is gone."""
    with suppress(OSError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
