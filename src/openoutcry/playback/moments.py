"""Moments of a recorded exchange: a command's place in the sequence, and the market time at which it came."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate, pairwise
from typing import Final

from msgspec import Struct

from openoutcry.domain.commands import AdvanceMarket, SetSpeed, StartSession
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import MarketTime, Sequence, TimestampUs
from openoutcry.protocol.timestamps import format_market_time
from openoutcry.venue.reading.queries import Queries

_LAST_OF_SECOND: Final = 999
_MS: Final = 1_000
_US_PER_MS: Final = 1_000
_REAL_TIME: Final = 1_000
"""Thousandths of market seconds a wall second."""


class Moment(Struct, frozen=True):
    """Just after the command `sequence`; 0: before the first one.

    `ms`: milliseconds of market time since the session's start. `session` counts sessions. It is 0 before the first
    one, and in a scenario without a day: there `ms` is wall time since the first command.
    """

    session: int
    ms: int
    sequence: Sequence


BEGINNING: Final = Moment(0, 0, Sequence(0))


class SessionSpan(Struct, frozen=True):
    """A session as far as it was read. `begins_at`: market time, as it is written on the wire; None in a session 0."""

    session: int
    date: str | None
    begins: Moment
    ends: Moment
    begins_at: str | None
    speed: float
    """Market seconds a wall second, by the last command that set it."""


class SavedSession(Struct, frozen=True):
    """A session's moments, to be kept in a file. `steps`: milliseconds from each to the next, from 0 to the first."""

    number: int
    first: Sequence
    date: str | None
    begins: MarketTime | None
    utc_offset: int
    speed: int
    steps: list[int]


class _Session:
    """`milliseconds` of each of its commands, the first of which is `first`."""

    def __init__(
        self,
        number: int,
        first: Sequence,
        *,
        date: str | None = None,
        begins: MarketTime | None = None,
        utc_offset: int = 0,
        speed: int = _REAL_TIME,
    ) -> None:
        self.number = number
        self.first = first
        self.date = date
        self.begins = begins
        self.utc_offset = utc_offset
        self.speed = speed
        self.milliseconds = array("q")

    def moment(self, place: int) -> Moment:
        return Moment(self.number, self.milliseconds[place], Sequence(self.first + place))


class Moments:
    """Of all commands so far, in order."""

    def __init__(self) -> None:
        self._sessions: list[_Session] = []
        self._tick: MarketTime | None = None
        self._tick_time = TimestampUs(0)
        self.last = BEGINNING

    def note(self, sequenced: Sequenced, queries: Queries) -> Moment:
        """The moment of the next command; `queries` read the venue just after it."""
        command, time = sequenced.command, sequenced.time
        sessions = self._sessions
        if not sessions:
            sessions.append(_Session(0, sequenced.sequence))
            self._tick_time = time
        if type(sequenced.verdict) is Accepted:
            if isinstance(command, AdvanceMarket):
                self._tick, self._tick_time = command.market_time, time
            elif isinstance(command, StartSession):
                self._tick, self._tick_time = queries.day().market_time, time
                sessions.append(
                    _Session(
                        sessions[-1].number + 1,
                        sequenced.sequence,
                        date=command.date,
                        begins=self._tick,
                        utc_offset=command.utc_offset,
                        speed=command.speed,
                    )
                )
            elif isinstance(command, SetSpeed):
                sessions[-1].speed = command.speed
        session = sessions[-1]
        session.milliseconds.append(max(self._milliseconds(session, time), self._last_of(session)))
        self.last = session.moment(-1 + len(session.milliseconds))
        return self.last

    def _milliseconds(self, session: _Session, time: TimestampUs) -> int:
        passed = time - self._tick_time
        if self._tick is None or session.begins is None:
            return passed // _US_PER_MS
        in_second = min(passed * session.speed // (_US_PER_MS * _REAL_TIME), _LAST_OF_SECOND)
        return (self._tick - session.begins) * _MS + in_second

    @staticmethod
    def _last_of(session: _Session) -> int:
        return session.milliseconds[-1] if session.milliseconds else 0

    def at(self, session: int, ms: int) -> Moment:
        """The last one of the session that is not after `ms`: its first if all are, and that before it if there is none
        of this session yet.
        """
        found = next((each for each in self._sessions if each.number == session), None)
        if found is None:
            return self.last
        return found.moment(max(bisect_right(found.milliseconds, ms) - 1, 0))

    def after(self, sequence: int) -> Moment:
        """Just after this command, or after the last one, if it is later."""
        if sequence <= 0:
            return BEGINNING
        if sequence >= self.last.sequence:
            return self.last
        place = bisect_right(self._sessions, sequence, key=lambda session: session.first) - 1
        session = self._sessions[place]
        return session.moment(sequence - session.first)

    @property
    def first(self) -> Moment | None:
        """Of the first command; None if there is none yet."""
        return self._sessions[0].moment(0) if self._sessions else None

    def saved(self) -> list[SavedSession]:
        """All of them, for `restore`."""
        return [
            SavedSession(
                each.number,
                each.first,
                each.date,
                each.begins,
                each.utc_offset,
                each.speed,
                [later - earlier for earlier, later in pairwise([0, *each.milliseconds])],
            )
            for each in self._sessions
        ]

    def restore(self, saved: Iterable[SavedSession]) -> None:
        """Have those that were saved. Nothing may be noted after it."""
        for each in saved:
            session = _Session(
                each.number,
                each.first,
                date=each.date,
                begins=each.begins,
                utc_offset=each.utc_offset,
                speed=each.speed,
            )
            session.milliseconds.extend(accumulate(each.steps))
            self._sessions.append(session)
            self.last = session.moment(-1 + len(session.milliseconds))

    def sessions(self) -> list[SessionSpan]:
        return [
            SessionSpan(
                session=each.number,
                date=each.date,
                begins=each.moment(0),
                ends=each.moment(len(each.milliseconds) - 1),
                begins_at=None if each.begins is None else format_market_time(each.begins, each.utc_offset),
                speed=each.speed / _REAL_TIME,
            )
            for each in self._sessions
        ]
