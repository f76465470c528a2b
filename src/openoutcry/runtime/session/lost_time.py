"""Wall time for which market time has stood still because ticks came too late: told when it begins, and in sum."""

from typing import Final

import structlog

KEPT_UP_SECONDS: Final = 10
"""Wall seconds without a loss after which ticks keep up again."""

_SECOND_US: Final = 1_000_000

_log: Final = structlog.get_logger()


class LostTime:
    """Times are in microseconds; `elapsed` is that of `Clock.elapsed`."""

    def __init__(self) -> None:
        self._lost = 0
        self._last_loss = 0

    def lose(self, elapsed: int, lost: int) -> None:
        """Market time has stood still this long. The first loss is told at once, further ones are added up."""
        if not self._lost:
            _log.warning("market time stood still: ticks come too late", seconds=lost / _SECOND_US)
        self._lost += lost
        self._last_loss = elapsed

    def keep_up(self, elapsed: int) -> None:
        """A tick has come in time."""
        if self._lost and elapsed - self._last_loss >= KEPT_UP_SECONDS * _SECOND_US:
            self.end()

    def end(self) -> None:
        """Tell the sum, if anything was lost since the last time."""
        if self._lost:
            _log.warning("ticks come in time again, or no more", seconds_lost=self._lost / _SECOND_US)
            self._lost = 0
