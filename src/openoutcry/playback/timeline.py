"""What a session's timeline shows: what happened when, the prices of underlyings, the largest trades."""

import heapq
from array import array
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final, Literal

from msgspec import Struct

from openoutcry.domain.events import (
    Announced,
    DutyJudged,
    Event,
    MarksPublished,
    NewsPublished,
    PhaseChanged,
    TeamReinstated,
    TeamSuspended,
    TradeBusted,
    TradePrinted,
)
from openoutcry.domain.identifiers import format_team_id, format_trade_id
from openoutcry.domain.types import MONEY_UNITS, TeamId, TimestampUs
from openoutcry.playback.moments import Moment
from openoutcry.venue.reading.queries import Queries

LARGEST: Final = 20
"""Trades that are kept of each session."""

MarkKind = Literal["phase", "halt", "news", "announcement", "sanction", "suspension", "bust"]


class Mark(Struct, frozen=True):
    """Something that happened, in a few words."""

    kind: MarkKind
    moment: Moment
    text: str
    team_id: str | None = None
    instrument_id: str | None = None


class Prices(Struct):
    """Of one underlying in one session: a point for each market second."""

    ms: "array[int]"
    price: "array[float]"
    sequence: "array[int]"


class LargeTrade(Struct, frozen=True):
    moment: Moment
    time: TimestampUs
    trade: TradePrinted


class Timeline:
    """A fold over events."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries
        self.marks: list[Mark] = []
        self.prices_count = 0
        self._prices: defaultdict[int, dict[str, Prices]] = defaultdict(dict)
        self._largest: defaultdict[int, list[tuple[float, int, LargeTrade]]] = defaultdict(list)
        self._trades = 0
        self._levels: dict[TeamId, int] = {}
        self._takers: Final[dict[type, Callable[[Moment, Any, TimestampUs], None]]] = {
            PhaseChanged: self._phase,
            NewsPublished: self._news,
            Announced: self._announcement,
            DutyJudged: self._duty,
            TeamSuspended: self._suspended,
            TeamReinstated: self._reinstated,
            TradeBusted: self._bust,
            MarksPublished: self._price,
            TradePrinted: self._trade,
        }

    def note(self, moment: Moment, time: TimestampUs, events: list[Event]) -> None:
        """Take the events of a command at this moment, and at this wall time."""
        takers = self._takers
        for event in events:
            take = takers.get(type(event))
            if take is not None:
                take(moment, event, time)

    def prices(self, session: int, after: int) -> dict[str, dict[str, list[float] | list[int]]]:
        """Of each underlying the points after so many."""
        return {
            symbol: {
                "ms": points.ms[after:].tolist(),
                "price": points.price[after:].tolist(),
                "sequence": points.sequence[after:].tolist(),
            }
            for symbol, points in self._prices.get(session, {}).items()
        }

    def largest_trades(self, session: int) -> list[LargeTrade]:
        """By value, largest first."""
        return [trade for _, _, trade in sorted(self._largest.get(session, ()), reverse=True)]

    def _phase(self, moment: Moment, event: PhaseChanged, _time: TimestampUs) -> None:
        where = "" if event.instrument_id is None else f"{event.instrument_id}: "
        text = f"{where}{event.phase.replace('_', ' ')} ({event.reason.replace('_', ' ')})"
        kind: MarkKind = "halt" if "halted" in (event.phase, event.previous_phase) else "phase"
        self.marks.append(Mark(kind, moment, text, instrument_id=event.instrument_id))

    def _news(self, moment: Moment, event: NewsPublished, _time: TimestampUs) -> None:
        self.marks.append(Mark("news", moment, event.headline))

    def _announcement(self, moment: Moment, event: Announced, _time: TimestampUs) -> None:
        self.marks.append(Mark("announcement", moment, event.text))

    def _duty(self, moment: Moment, event: DutyJudged, _time: TimestampUs) -> None:
        before = self._levels.get(event.team_id, 0)
        if event.level != before:
            self._levels[event.team_id] = event.level
            text = f"{self._name(event.team_id)}: level {event.level} of sanctions, {before} before"
            self.marks.append(Mark("sanction", moment, text, team_id=format_team_id(event.team_id)))

    def _suspended(self, moment: Moment, event: TeamSuspended, _time: TimestampUs) -> None:
        self._standing(moment, event.of_team_id, "suspended")

    def _reinstated(self, moment: Moment, event: TeamReinstated, _time: TimestampUs) -> None:
        self._standing(moment, event.of_team_id, "reinstated")

    def _standing(self, moment: Moment, team_id: TeamId, what: str) -> None:
        text = f"{self._name(team_id)} is {what}"
        self.marks.append(Mark("suspension", moment, text, team_id=format_team_id(team_id)))

    def _bust(self, moment: Moment, event: TradeBusted, _time: TimestampUs) -> None:
        text = f"{format_trade_id(event.trade_id)} is undone: {event.reason or 'no reason given'}"
        self.marks.append(Mark("bust", moment, text, instrument_id=event.instrument_id))

    def _price(self, moment: Moment, event: MarksPublished, _time: TimestampUs) -> None:
        self.prices_count += 1
        of_session = self._prices[moment.session]
        for mark in event.underlyings:
            points = of_session.get(mark.symbol)
            if points is None:
                points = of_session[mark.symbol] = Prices(array("q"), array("d"), array("q"))
            points.ms.append(moment.ms)
            points.price.append(mark.price / MONEY_UNITS)
            points.sequence.append(moment.sequence)

    def _trade(self, moment: Moment, event: TradePrinted, time: TimestampUs) -> None:
        instrument = self._queries.instrument(event.instrument_id)
        assert instrument is not None, "what trades is listed"  # noqa: S101
        value = abs(instrument.price_of(event.price)) * event.quantity * instrument.multiplier
        self._trades += 1
        heap = self._largest[moment.session]
        entry = value, -self._trades, LargeTrade(moment, time, event)
        if len(heap) < LARGEST:
            heapq.heappush(heap, entry)
        elif entry > heap[0]:
            heapq.heapreplace(heap, entry)

    def _name(self, team_id: TeamId) -> str:
        team = self._queries.team(team_id)
        return format_team_id(team_id) if team is None else team.team_name
