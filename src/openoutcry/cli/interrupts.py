"""Ctrl-C and SIGTERM outside the server's own loop: both end a command in good order."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def interrupts_end_cleanly() -> Iterator[None]:
    """Around a command: SIGTERM counts as Ctrl-C, and either unwinds what was opened and ends with exit code 0."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    except KeyboardInterrupt:
        sys.stderr.write("openoutcry: ended before it was done\n")
        raise SystemExit(0) from None
    finally:
        signal.signal(signal.SIGTERM, before)
