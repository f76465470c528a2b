"""Market time by wall time: how fast it passes, and when an instant of it comes."""

from typing import Final

SECOND_MS: Final = 1_000
"""Market time has seconds; between two of them, milliseconds say when something is due."""
_MILLISECOND_US: Final = 1_000


class MarketClock:
    """Market time while a session runs. It stands still until it is set, and goes on from there.

    Wall time is that of `Clock.elapsed`, in microseconds: setting the machine's clock moves no market time. Speed: as
    in `StartSession`, thousandths.
    """

    def __init__(self) -> None:
        self._elapsed = 0
        self._market_us = 0
        self._speed = 1_000

    def set(self, elapsed: int, market_ms: int, speed: int) -> None:
        """At this wall time it is exactly this market time, in milliseconds."""
        self._elapsed, self._market_us, self._speed = elapsed, market_ms * _MILLISECOND_US, speed

    def change_speed(self, elapsed: int, speed: int) -> None:
        """Go on from the market time of now, at another speed."""
        if speed != self._speed:
            self._market_us += (elapsed - self._elapsed) * self._speed // 1_000
            self._elapsed, self._speed = elapsed, speed

    def due(self, market_ms: int) -> int:
        """The wall time at which it is this market time, in milliseconds."""
        return self._elapsed + -((self._market_us - market_ms * _MILLISECOND_US) * 1_000 // self._speed)
