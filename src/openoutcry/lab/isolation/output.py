"""What a bot's code prints: told line by line, like what it logs, as far as somebody could want to read it."""

import io
import logging
from collections.abc import Callable
from typing import Final

LINES_TOLD: Final = 1_000
LONGEST_LINE: Final = 2_000


class Output(io.TextIOBase):
    """Stands in for `sys.stdout` and `sys.stderr`."""

    def __init__(self, tell: Callable[[int, str], None]) -> None:
        super().__init__()
        self._tell = tell
        self._line = ""
        self._told = 0

    def writable(self) -> bool:
        return True

    def write(self, text: str, /) -> int:
        *lines, rest = text.split("\n")
        for line in lines:
            self._say(self._line + line)
            self._line = ""
        self._line = (self._line + rest)[:LONGEST_LINE]
        return len(text)

    def _say(self, line: str) -> None:
        self._told += 1
        if self._told <= LINES_TOLD:
            self._tell(logging.INFO, line[:LONGEST_LINE])
        if self._told == LINES_TOLD:
            self._tell(logging.WARNING, f"it has printed {LINES_TOLD} lines; further ones are not shown")


class TellingHandler(logging.Handler):
    """Tells what the bot logs."""

    def __init__(self, tell: Callable[[int, str], None]) -> None:
        super().__init__()
        self._say = tell

    def emit(self, record: logging.LogRecord) -> None:
        self._say(record.levelno, self.format(record))
