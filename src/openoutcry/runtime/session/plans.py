"""What starts a session: its date and timetable, the instruments to be listed, as commands."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from openoutcry.domain.commands import ListInstrument, PhaseAt, StartSession, Why
from openoutcry.domain.day.draws import draw
from openoutcry.domain.day.game_rules import DayRules
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.types import MarketTime, TimestampUs
from openoutcry.domain.views import DayView
from openoutcry.runtime.session.prices import opening_price
from openoutcry.scenarios.calendar import calendar_of, trading_day_on_or_after
from openoutcry.scenarios.chain import chain_of
from openoutcry.scenarios.model import Scenario, SessionPlan
from openoutcry.scenarios.timetable import Timetable, timetable

OPENING_END: Final = 0
"""Counter of `draw`: when the opening call ends. Those that the venue draws have other counters."""

WordOf = Callable[[str], int]
"""64 random bits for the session of an ISO date."""

DrawWorld = Callable[[str], str]
"""Draws the world of the session of an ISO date, and gives its digest."""


class NextSession:
    """Commands that start the next session of a scenario."""

    def __init__(
        self, scenario: Scenario, plan: SessionPlan, word_of: WordOf, draw_world: DrawWorld | None = None
    ) -> None:
        self._scenario = scenario
        self._plan = plan
        self._rules = scenario.rulebook.game.day or DayRules()
        self._calendar = calendar_of(scenario.calendar)
        self._word_of = word_of
        self._draw_world = draw_world

    def start(self, day: DayView, now: TimestampUs, why: Why | None) -> StartSession:
        """The command that starts it, after `day`, at this wall time."""
        return self.start_on(self.date(day, now), why)

    def start_on(self, date: dt.date, why: Why | None) -> StartSession:
        """The command that starts the session of this date."""
        hours = timetable(date, self._plan.hours, self._scenario.time_zone, self._calendar)
        word = self._word_of(date.isoformat())
        return StartSession(
            date.isoformat(), hours.utc_offset, self._phases(hours, word), self._plan.speed * 1_000, word, why=why
        )

    def with_world(self, command: StartSession) -> StartSession:
        """The command with the world that is drawn for it, if the market is simulated."""
        return command if self._draw_world is None else replace(command, world_digest=self._draw_world(command.date))

    def listings(self, day: DayView, date: dt.date, listed: Iterable[Instrument]) -> list[ListInstrument]:
        """The instruments of that session that are not listed yet. Later strikes are around the last price."""
        chain = self._scenario.chain
        if chain is None:
            return []
        spot = opening_price(self._scenario, day)
        known = {instrument.instrument_id for instrument in listed}
        return [
            ListInstrument(instrument)
            for instrument in chain_of(chain, date, spot, self._calendar)
            if instrument.instrument_id not in known
        ]

    def date(self, day: DayView, now: TimestampUs) -> dt.date:
        """The scenario's date, else today; after an earlier session the next day. Moved to a trading day."""
        first = self._scenario.session_date
        if first is None:
            date = dt.datetime.fromtimestamp(now / 1_000_000, ZoneInfo(self._scenario.time_zone)).date()
        else:
            date = dt.date.fromisoformat(first)
        if day.session_date is not None:
            date = max(date, dt.date.fromisoformat(day.session_date) + dt.timedelta(days=1))
        return trading_day_on_or_after(self._calendar, date)

    def _phases(self, hours: Timetable, word: int) -> tuple[PhaseAt, ...]:
        close = PhaseAt("closed", hours.close_at, hours.close_at)
        if hours.call_at >= hours.opening_at:
            return PhaseAt("continuous", hours.call_at, hours.call_at), close
        latest, span = hours.opening_at, self._rules.opening_random_seconds
        earliest = MarketTime(max(latest - span, hours.call_at + 1))
        opening = MarketTime(earliest + draw(word, OPENING_END) % (latest - earliest + 1))
        return (
            PhaseAt("pre_open", hours.call_at, hours.call_at),
            PhaseAt("opening_auction", opening, earliest),
            close,
        )
