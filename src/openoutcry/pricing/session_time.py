"""Time in which prices move: seconds of sessions. Nights and weekends have none."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from openoutcry.domain.types import MarketTime

SESSION_SECONDS: Final = 19_800
"""Of a full session of the default game."""
SESSIONS_A_YEAR: Final = 252
YEAR_SECONDS: Final = SESSION_SECONDS * SESSIONS_A_YEAR
"""Seconds of sessions in a year of so many. Volatilities and rates are for a year."""

Integers = NDArray[np.int64]


class SessionHours(Struct, frozen=True):
    """From when to when prices move on one date, `YYYYMMDD`."""

    date: str
    opening: MarketTime
    close: MarketTime


class SessionTime:
    """The sessions ahead, in order of their dates, up to the last expiry that is priced."""

    __slots__ = ("_closes", "_dates", "_openings")

    def __init__(self, sessions: Iterable[SessionHours]) -> None:
        sessions = list(sessions)
        self._dates = [session.date for session in sessions]
        self._openings: Integers = np.array([session.opening for session in sessions], dtype=np.int64)
        self._closes: Integers = np.array([session.close for session in sessions], dtype=np.int64)

    def seconds_left(self, now: Integers, expiries: Sequence[str]) -> Integers:
        """Session seconds from each instant, a row, to the last close up to each date, a column. Before the opening,
        all of a session is ahead; after the last close, nothing.
        """
        left = np.maximum(self._closes - np.maximum(self._openings, now[:, None]), 0)
        until = np.zeros((len(now), len(self._dates) + 1), dtype=np.int64)
        np.cumsum(left, axis=1, out=until[:, 1:])
        return until.take([bisect_right(self._dates, expiry) for expiry in expiries], axis=1)
