"""How many lines of one kind the log takes, so that no client can fill the disk by causing log lines."""

import logging
import time
from collections.abc import Callable, MutableMapping
from typing import Any, Final

import structlog

MAX_LINES: Final = 50
"""Lines of one kind in `WINDOW_SECONDS`. More are left out and counted; the next line of the kind says how many."""

WINDOW_SECONDS: Final = 10.0

MAX_KINDS: Final = 1_000
"""Kinds of lines that are told apart; all further kinds count as one."""

_ANY_OTHER: Final = "any other"


class LineRate:
    """Counts lines by kind: the text of a line without its varying parts."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._kinds: dict[str, _Kind] = {}

    def admit(self, kind: str) -> int | None:
        """None if this line is left out; otherwise the number of lines left out since the last one that was not."""
        if kind not in self._kinds and len(self._kinds) >= MAX_KINDS:
            kind = _ANY_OTHER
        return self._kinds.setdefault(kind, _Kind()).admit(self._monotonic())


class _Kind:
    def __init__(self) -> None:
        self._window_began = float("-inf")
        self._lines = 0
        self._left_out = 0

    def admit(self, now: float) -> int | None:
        if now - self._window_began >= WINDOW_SECONDS:
            self._window_began = now
            self._lines = 0
        if self._lines >= MAX_LINES:
            self._left_out += 1
            return None
        self._lines += 1
        left_out, self._left_out = self._left_out, 0
        return left_out


class BoundedLines(logging.Filter):
    """For a handler of `logging`. Lines of one place in the code are of one kind."""

    def __init__(self, rate: LineRate) -> None:
        super().__init__()
        self._rate = rate

    def filter(self, record: logging.LogRecord) -> bool:
        left_out = self._rate.admit(f"{record.pathname}:{record.lineno}")
        if left_out:
            record.msg, record.args = f"{record.getMessage()} (and {left_out} more of these since the last)", None
        return left_out is not None


def bounded_lines(rate: LineRate) -> structlog.typing.Processor:
    """For structlog. Lines with the same event are of one kind."""

    def process(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        left_out = rate.admit(str(event.get("event")))
        if left_out is None:
            raise structlog.DropEvent
        if left_out:
            event["left_out"] = left_out
        return event

    return process
