"""What the leaderboard shows, and when: standings are noted at full intervals of market time, and shown a while later.

A part of the scores' state: the same standings are shown at the same commands, live, after a restart and in a replay.
"""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Final

from msgspec import Struct, structs

from openoutcry.domain.events import DutyJudged, Event, InstrumentSettled, PositionUpdated, TradeBusted
from openoutcry.domain.scoring.rules import BoardRules
from openoutcry.domain.types import MarketTime
from openoutcry.scoring.entry import Entry
from openoutcry.scoring.match.session import Session
from openoutcry.scoring.surveillance.finding import Exclusion

_SETTLING: Final = frozenset[type]({InstrumentSettled, PositionUpdated})
"""What can settle the last of what has expired,"""
_CHANGES: Final = frozenset[type]({DutyJudged, TradeBusted})
"""and what changes a result even after that: an organiser's sanction, or a trade that is undone."""


class Standings(Struct, frozen=True, kw_only=True):
    """Everybody's inputs at one instant."""

    session: int
    """The number of the session, from 1."""
    session_date: str
    as_of: MarketTime
    utc_offset: int
    is_frozen: bool = False
    """Whether nothing newer is shown before the close."""
    is_final: bool = False
    """Whether the session has ended, and all that expired with it is settled."""
    entries: tuple[Entry, ...]
    exclusions: tuple[Exclusion, ...]


class _Kept(Struct, frozen=True, array_like=True):
    """Standings in few bytes: of entries, only the values. Those of `standings` are left out."""

    standings: Standings
    entries: list[tuple[Any, ...]]


class BoardState(Struct):
    waiting: list[_Kept]
    shown: _Kept | None
    number: int
    session: int
    interval: int
    is_closed: bool
    is_final: bool


class Board:
    """Told the session after every command. `number` counts what has been shown."""

    def __init__(
        self,
        rules: BoardRules,
        note: Callable[[], tuple[Sequence[Entry], Sequence[Exclusion]]],
        is_settled: Callable[[], bool],
    ) -> None:
        """`note`: everybody's inputs and what is excluded, as they are. `is_settled`: whether nothing that expired with
        the session still waits for its settlement.
        """
        self._rules: Final = rules
        self._note: Final = note
        self._is_settled: Final = is_settled
        self.shown: Standings | None = None
        """The newest. Until a session has some of its own, the result of the one before."""
        self.number = 0
        self._waiting: deque[Standings] = deque()
        """Noted, and not yet old enough; oldest first."""
        self._session = 0
        self._interval = 0
        """The newest that has been noted, counted in market time: boards are of full minutes."""
        self._is_closed = True
        """Whether the session's end has been seen,"""
        self._is_final = False
        """and its last settlement."""
        self._market_time: MarketTime | None = None
        """Of the last look. Not kept: a look too many changes nothing."""

    def follow(self, session: Session, events: Sequence[Event]) -> None:
        """After a command and its events."""
        if session.is_running:
            if session.market_time != self._market_time or session.number != self._session:
                self._market_time = session.market_time
                self._pass(session)
        elif events and session.number:
            self._end(session, events)

    def _pass(self, session: Session) -> None:
        if session.number != self._session:
            self._waiting.clear()
            self._session, self._is_closed, self._is_final = session.number, False, False
            self._interval = (session.opening_at - 1) // self._rules.interval_seconds
        rules, now, waiting = self._rules, session.market_time, self._waiting
        last = session.close_at - rules.frozen_seconds
        interval = now // rules.interval_seconds
        if interval > self._interval and now + rules.delay_seconds <= last:
            self._interval = interval
            waiting.append(self._standings(session))
        newest = None
        while waiting and waiting[0].as_of + rules.delay_seconds <= now:
            newest = waiting.popleft()
        if newest is None and self.shown is not None and self.shown.session == session.number:
            newest = self.shown if now >= last and not self.shown.is_frozen else None
        if newest is not None:
            self._show(structs.replace(newest, is_frozen=now >= last))

    def _end(self, session: Session, events: Sequence[Event]) -> None:
        """The result: at the close, once all is settled, and whenever something changes it after that."""
        if self._is_closed and not any(
            type(event) in _CHANGES or (not self._is_final and type(event) in _SETTLING) for event in events
        ):
            return
        is_final = self._is_final or self._is_settled()
        if is_final or not self._is_closed:
            self._waiting.clear()
            self._session, self._is_closed, self._is_final = session.number, True, is_final
            self._show(structs.replace(self._standings(session), is_final=is_final))

    def _standings(self, session: Session) -> Standings:
        entries, exclusions = self._note()
        return Standings(
            session=session.number,
            session_date=session.date,
            as_of=session.market_time,
            utc_offset=session.utc_offset,
            entries=tuple(entries),
            exclusions=tuple(exclusions),
        )

    def _show(self, standings: Standings) -> None:
        self.shown = standings
        self.number += 1

    # ---- captures -----------------------------------------------------------------------------------------------

    def state(self) -> BoardState:
        return BoardState(
            waiting=[_kept(each) for each in self._waiting],
            shown=None if self.shown is None else _kept(self.shown),
            number=self.number,
            session=self._session,
            interval=self._interval,
            is_closed=self._is_closed,
            is_final=self._is_final,
        )

    def restore(self, state: BoardState) -> None:
        self._waiting = deque(map(_whole, state.waiting))
        self.shown = None if state.shown is None else _whole(state.shown)
        self.number = state.number
        self._session, self._interval = state.session, state.interval
        self._is_closed, self._is_final = state.is_closed, state.is_final


def _kept(standings: Standings) -> _Kept:
    return _Kept(structs.replace(standings, entries=()), [structs.astuple(entry) for entry in standings.entries])


def _whole(kept: _Kept) -> Standings:
    fields = Entry.__struct_fields__
    entries = tuple(Entry(**dict(zip(fields, values, strict=True))) for values in kept.entries)
    return structs.replace(kept.standings, entries=entries)
