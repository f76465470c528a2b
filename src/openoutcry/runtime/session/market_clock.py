"""Market time by wall time: how fast it passes, and when its next second is due."""

from typing import Final

from openoutcry.domain.types import MarketTime

_SECOND_US: Final = 1_000_000


class MarketClock:
    """Market time while a session runs. It stands still until it is set, and goes on from there.

    Wall time is that of `Clock.elapsed`, in microseconds: setting the machine's clock moves no market time. Speed: as
    in `StartSession`, thousandths.
    """

    def __init__(self) -> None:
        self._elapsed = 0
        self._market_us = 0
        self._speed = 1_000

    def set(self, elapsed: int, market_time: MarketTime, speed: int) -> None:
        """At this wall time it is exactly this market time."""
        self._elapsed, self._market_us, self._speed = elapsed, market_time * _SECOND_US, speed

    def change_speed(self, elapsed: int, speed: int) -> None:
        """Go on from the market time of now, at another speed."""
        if speed != self._speed:
            self._market_us += (elapsed - self._elapsed) * self._speed // 1_000
            self._elapsed, self._speed = elapsed, speed

    def due(self, market_time: MarketTime) -> int:
        """The wall time at which it is this market time."""
        return self._elapsed + -((self._market_us - market_time * _SECOND_US) * 1_000 // self._speed)
