"""Where the log of a bot goes that a script or a notebook runs, if that has not said where its logs go: to stderr."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

LOG: Final = "openoutcry.bot"
"""The name of the logger that is a bot's `self.log`."""
FORMAT: Final = "%(asctime)s %(levelname)s %(message)s"

_CLIENT: Final = "openoutcry.client"
_BOTH: Final = "openoutcry"


class _Shown:
    """How often the log is to be shown now, and what was changed for that."""

    def __init__(self) -> None:
        self._count = 0
        self._changed: Final = ExitStack()

    def begin(self) -> None:
        self._count += 1
        if self._count == 1:
            self._show()

    def end(self) -> None:
        self._count -= 1
        if not self._count:
            self._changed.close()

    def _show(self) -> None:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter(FORMAT))
        bots, client = logging.getLogger(LOG), logging.getLogger(_CLIENT)
        for log in [each for each in (bots, client) if not each.hasHandlers()]:
            log.addHandler(handler)
            self._changed.callback(log.removeHandler, handler)
            if log is bots and not bots.level and not logging.getLogger(_BOTH).level:
                bots.setLevel(logging.INFO)
                self._changed.callback(bots.setLevel, logging.NOTSET)


_SHOWN: Final = _Shown()


@contextmanager
def logs_shown() -> Iterator[None]:
    """Around the run of a bot: show its log from level `info`, and the client's warnings, on stderr.

    A logger for which the program has set a handler, be it on the root, is left alone; so is a level that it has set.
    """
    _SHOWN.begin()
    try:
        yield
    finally:
        _SHOWN.end()
