"""Time in which prices move: seconds of sessions. Nights and weekends have none."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from openoutcry.domain.types import MarketTime

SESSION_SECONDS: Final = 19_800
"""Of a full session."""
SESSIONS_A_YEAR: Final = 252
"""Unless the scenario says otherwise."""
YEAR_SECONDS: Final = SESSION_SECONDS * SESSIONS_A_YEAR
"""Seconds of sessions in a year of so many. Volatilities and rates are for a year."""


class SessionHours(Struct, frozen=True):
    """From when to when prices move on one date, `YYYYMMDD`."""

    date: str
    opening: MarketTime
    close: MarketTime


class SessionTime:
    """The sessions ahead, in order of their dates, up to the last expiry that is priced."""

    __slots__ = ("_sessions",)

    def __init__(self, sessions: Iterable[SessionHours]) -> None:
        self._sessions = tuple(sessions)

    def seconds_left(self, now: MarketTime, expiry: str) -> int:
        """Session seconds from `now` to the last close up to the date `expiry`. Before the opening, all of a session
        is ahead; after the last close, nothing.
        """
        return sum(
            max(session.close - max(session.opening, now), 0) for session in self._sessions if session.date <= expiry
        )
