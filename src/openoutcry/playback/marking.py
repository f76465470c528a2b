"""Finds in what happens what a timeline shows."""

from collections.abc import Callable
from typing import Any, Final

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
from openoutcry.domain.types import MONEY_UNITS, Sequence, TeamId, TimestampUs
from openoutcry.playback.moments import Moment
from openoutcry.playback.timeline import LargeTrade, Mark, MarkKind, Timeline
from openoutcry.protocol.stream import Trade
from openoutcry.venue.reading.queries import Queries

WriteTrade = Callable[[TradePrinted, TimestampUs, Sequence], Trade]


class Marking:
    """A fold over events, which fills a timeline."""

    def __init__(self, timeline: Timeline, queries: Queries, write: WriteTrade) -> None:
        """`write`: makes the message of a trade."""
        self._timeline = timeline
        self._marks = timeline.marks
        self._queries = queries
        self._write = write
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

    def _phase(self, moment: Moment, event: PhaseChanged, _time: TimestampUs) -> None:
        where = "" if event.instrument_id is None else f"{event.instrument_id}: "
        text = f"{where}{event.phase.replace('_', ' ')} ({event.reason.replace('_', ' ')})"
        kind: MarkKind = "halt" if "halted" in (event.phase, event.previous_phase) else "phase"
        self._marks.append(Mark(kind, moment, text, instrument_id=event.instrument_id))

    def _news(self, moment: Moment, event: NewsPublished, _time: TimestampUs) -> None:
        self._marks.append(Mark("news", moment, event.headline))

    def _announcement(self, moment: Moment, event: Announced, _time: TimestampUs) -> None:
        self._marks.append(Mark("announcement", moment, event.text))

    def _duty(self, moment: Moment, event: DutyJudged, _time: TimestampUs) -> None:
        before = self._levels.get(event.team_id, 0)
        if event.level != before:
            self._levels[event.team_id] = event.level
            text = f"{self._name(event.team_id)}: level {event.level} of sanctions, {before} before"
            self._marks.append(Mark("sanction", moment, text, team_id=format_team_id(event.team_id)))

    def _suspended(self, moment: Moment, event: TeamSuspended, _time: TimestampUs) -> None:
        self._standing(moment, event.of_team_id, "suspended")

    def _reinstated(self, moment: Moment, event: TeamReinstated, _time: TimestampUs) -> None:
        self._standing(moment, event.of_team_id, "reinstated")

    def _standing(self, moment: Moment, team_id: TeamId, what: str) -> None:
        text = f"{self._name(team_id)} is {what}"
        self._marks.append(Mark("suspension", moment, text, team_id=format_team_id(team_id)))

    def _bust(self, moment: Moment, event: TradeBusted, _time: TimestampUs) -> None:
        text = f"{format_trade_id(event.trade_id)} is undone: {event.reason or 'no reason given'}"
        self._marks.append(Mark("bust", moment, text, instrument_id=event.instrument_id))

    def _price(self, moment: Moment, event: MarksPublished, _time: TimestampUs) -> None:
        self._timeline.prices_count += 1
        for mark in event.underlyings:
            self._timeline.note_price(mark.symbol, moment, mark.price / MONEY_UNITS)

    def _trade(self, moment: Moment, event: TradePrinted, time: TimestampUs) -> None:
        instrument = self._queries.instrument(event.instrument_id)
        assert instrument is not None, "what trades is listed"  # noqa: S101
        value = abs(instrument.price_of(event.price)) * event.quantity * instrument.multiplier
        if self._timeline.is_large(moment.session, value):
            self._timeline.note_large_trade(value, LargeTrade(moment, self._write(event, time, moment.sequence)))

    def _name(self, team_id: TeamId) -> str:
        team = self._queries.team(team_id)
        return format_team_id(team_id) if team is None else team.team_name
