"""Drives the market: starts sessions, and takes every turn of a market second when it is due.

Every market second of a session has its tick and its steps, so what happens does not depend on how busy the machine is.
If turns come late, they are made up for one by one, each in a turn of the loop; where they are more than
`MOST_LATE_SECONDS` behind, the market's clock has stood still for the rest, as it does while the exchange is down.
"""

import datetime as dt
from typing import Final

import structlog

from openoutcry.domain.commands import Command, EndSession, PlanSession, SetSpeed, Why, WithdrawCommitment
from openoutcry.domain.reasons import Reject
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import MarketTime, TimestampUs
from openoutcry.domain.views import DayView
from openoutcry.runtime.clock import Clock
from openoutcry.runtime.sequencing.sequencer import Sequencer
from openoutcry.runtime.sequencing.timers import CallLater, TimerHandle
from openoutcry.runtime.sequencing.unavailable import Unavailable
from openoutcry.runtime.session.expiries import Expiries
from openoutcry.runtime.session.fairness import FairPlay
from openoutcry.runtime.session.lost_time import LostTime
from openoutcry.runtime.session.market_clock import SECOND_MS, MarketClock
from openoutcry.runtime.session.market_second import MarketSeconds
from openoutcry.runtime.session.plans import NextSession

MOST_LATE_SECONDS: Final = 1
"""Wall seconds by which market time may lag and still be made up for."""

RETRY_SECONDS: Final = 0.5
"""Seconds before the next attempt if the exchange cannot take a command now, or a tick fails."""

LONGEST_SLEEP_SECONDS: Final = 1.0
"""Most seconds that the driver sleeps: the loop's clock stops while the machine is suspended, and wall time is set."""

WORK_SECONDS: Final = 0.001
"""Seconds before it looks again whether the work that a tick has begun is done."""

MINUTE_US: Final = 60_000_000
_SECOND_US: Final = 1_000_000

_log: Final = structlog.get_logger()


class MarketDriver:
    """The one place from which sessions are started, planned, ended, and moved on.

    `next_session` None: the scenario has no day, and nothing is ever driven. Methods raise `Unavailable` as the
    sequencer does.
    """

    def __init__(
        self,
        sequencer: Sequencer,
        clock: Clock,
        call_later: CallLater,
        next_session: NextSession | None,
        seconds: MarketSeconds,
        expiries: Expiries | None = None,
        fair_play: FairPlay | None = None,
        *,
        starts_itself: bool = False,
    ) -> None:
        """`starts_itself`: `start` plans a session for the next full minute, if none is under way or planned."""
        self._sequencer = sequencer
        self._elapsed = clock.elapsed
        self._call_later = call_later
        self._next_session = next_session
        self._seconds = seconds
        self._expiries = expiries
        self._fair_play = fair_play
        self._starts_itself = starts_itself
        self._clock = MarketClock()
        self._lost_time = LostTime()
        self._wake_up: TimerHandle | None = None
        self._is_driven = False
        """Whether the clock is set for the session under way."""
        self.trouble: str | None = None
        """Why market time stands still, although it should pass; None once a tick has succeeded again."""

    @property
    def has_day(self) -> bool:
        return self._next_session is not None

    def start(self) -> None:
        """After a restart: market time goes on from the last tick; a planned start that has passed comes at once."""
        if self._next_session is None:
            return
        self._commit_and_reveal()
        day = self._day()
        if self._starts_itself and not day.is_running and day.planned_start is None:
            self._perform(PlanSession(self.next_full_minute()))
        self._follow()

    def stop(self) -> None:
        """Drive no more. The venue keeps its day."""
        if self._wake_up is not None:
            self._wake_up.cancel()
            self._wake_up = None

    def next_full_minute(self) -> TimestampUs:
        """The first one from now on, in wall time."""
        return TimestampUs((self._sequencer.time // MINUTE_US + 1) * MINUTE_US)

    def start_session(self, why: Why | None = None) -> Sequenced:
        """List what is to be traded, and start the next session."""
        assert self._next_session is not None, "asked for a scenario with a day"  # noqa: S101
        self._commit_and_reveal()
        day = self._day()
        command = self._next_session.start(day, self._sequencer.time, why)
        if not isinstance(self._sequencer.validate(command), Reject):
            command = self._next_session.with_world(command)
            self._settle_overdue(dt.date.fromisoformat(command.date))
            listed = self._sequencer.queries.instruments()
            for listing in self._next_session.listings(day, dt.date.fromisoformat(command.date), listed):
                self._perform(listing)
        sequenced = self._perform(command)
        if not isinstance(sequenced.verdict, Reject):
            self._seconds.start()
        self._follow()
        return sequenced

    def plan_session(self, at: TimestampUs | None, why: Why | None = None) -> Sequenced:
        """Start the next session at this instant of wall time; None: at none."""
        return self._change(PlanSession(at, why))

    def end_session(self, why: Why | None = None) -> Sequenced:
        return self._change(EndSession(why))

    def withdraw_commitment(self, why: Why | None = None) -> Sequenced:
        """Give up the commitment that waits for the next session, and commit to another seed at once."""
        sequenced = self._perform(WithdrawCommitment(why))
        self._commit_and_reveal()
        self._follow()
        return sequenced

    def set_speed(self, speed: int, why: Why | None = None) -> Sequenced:
        """Of market time, in thousandths."""
        return self._change(SetSpeed(speed, why))

    def tick(self) -> bool:
        """The next market second at once, whatever the clock says, after the steps that are left of the present one;
        False if the market stands still or is at work.
        """
        before = self._day().market_time
        while self._take_turn():
            if self._day().market_time != before:
                return True
        return False

    def _take_turn(self) -> bool:
        has_turned = self._seconds.take_turn()
        if has_turned:
            self.trouble = None
        return has_turned

    # ---- fair play --------------------------------------------------------------------------------------------

    def _commit_and_reveal(self) -> None:
        if self._fair_play is not None:
            self._fair_play.catch_up()

    @property
    def _is_to_be_fair(self) -> bool:
        return self._fair_play is not None and self._fair_play.is_due

    # ---- settlements -----------------------------------------------------------------------------------------

    def _next_settlement(self) -> Command | None:
        """Of an instrument that the last session has left unsettled."""
        return None if self._expiries is None else self._expiries.next_settlement()

    def _is_to_settle(self) -> bool:
        """Also if that cannot be found out, because the session's prices are lost: whoever tries it tells why."""
        try:
            return self._next_settlement() is not None
        except Exception:  # noqa: BLE001 - whatever prices are made with may raise
            return True

    def _settle_overdue(self, date: dt.date) -> None:
        """Settle what expired between the last session and the one of this date."""
        if self._expiries is not None:
            for settlement in list(self._expiries.settlements(date - dt.timedelta(days=1))):
                self._perform(settlement)

    # ---- by the clock ----------------------------------------------------------------------------------------

    def _change(self, command: Command) -> Sequenced:
        sequenced = self._perform(command)
        self._follow()
        return sequenced

    def _follow(self) -> None:
        """The session may be another, or have another speed."""
        day, elapsed = self._day(), self._elapsed()
        if not day.is_running:
            self._is_driven = False
            self._lost_time.end()
        elif not self._is_driven:
            assert day.market_time is not None, "a session has a market time"  # noqa: S101
            self._is_driven = True
            self._clock.set(elapsed, day.market_time * SECOND_MS, day.speed)
        else:
            self._clock.change_speed(elapsed, day.speed)
        self._arm(day)
        if not day.is_running:
            self.trouble = None

    def _arm(self, day: DayView) -> None:
        self.stop()
        if day.is_running and day.market_time is not None:
            self._sleep_until_due(day.market_time)
        elif self._is_to_be_fair or self._is_to_settle():
            self._sleep_at_most(0.0)
        elif day.planned_start is not None:
            self._sleep_at_most((day.planned_start - self._sequencer.time) / _SECOND_US)

    def _sleep_until_due(self, market_time: MarketTime) -> None:
        """Until the next turn of the session under way."""
        due = self._clock.due(self._seconds.next_due(market_time))
        self._sleep_at_most((due - self._elapsed()) / _SECOND_US)

    def _sleep_at_most(self, seconds: float) -> None:
        shortest = WORK_SECONDS if self._sequencer.has_work else 0.0
        self._sleep(min(max(seconds, shortest), LONGEST_SLEEP_SECONDS))

    def _sleep(self, seconds: float) -> None:
        self._wake_up = self._call_later(seconds, self._drive)

    def _drive(self) -> None:
        self._wake_up = None
        try:
            self._do_what_is_due()
        except Unavailable as unavailable:
            if self._sequencer.stopped_reason is None:
                self._stand_still(unavailable)
        except Exception as error:  # noqa: BLE001 - whatever marks and settlements are made with may raise
            self._stand_still(error)

    def _stand_still(self, error: Exception) -> None:
        """Tell why, once, and try again: market time then goes on from where it is."""
        self._is_driven = False
        self._sleep(RETRY_SECONDS)
        trouble = f"market time stands still: {type(error).__name__}; the log tells more"
        if trouble != self.trouble:
            self.trouble = trouble
            if isinstance(error, Unavailable):
                _log.warning("market time stands still", reason=str(error))
            else:
                _log.error("market time stands still, and a further tick is tried again and again", exc_info=error)

    def _do_what_is_due(self) -> None:
        queries = self._sequencer.queries
        market_time = queries.running_market_time()
        if market_time is not None:
            self._turn_if_due(market_time)
            market_time = queries.running_market_time()
            if market_time is not None and self._is_driven:
                # Most turns end here: a session goes on as it was. Who changes its speed follows it from there.
                self._sleep_until_due(market_time)
                return
        elif not self._sequencer.has_work:
            day = self._day()
            self._commit_and_reveal()
            settlement = self._next_settlement()
            if settlement is not None:
                self._perform(settlement)
            elif day.planned_start is not None and self._sequencer.time >= day.planned_start:
                self._start_as_planned()
        self._follow()

    def _turn_if_due(self, market_time: MarketTime) -> None:
        if not self._is_driven:
            return
        elapsed, market_ms = self._elapsed(), self._seconds.next_due(market_time)
        due = self._clock.due(market_ms)
        if elapsed < due or not self._take_turn():
            return
        if elapsed - due <= MOST_LATE_SECONDS * _SECOND_US:
            self._lost_time.keep_up(elapsed)
        else:
            self._lost_time.lose(elapsed, elapsed - due)
            self._clock.set(elapsed, market_ms, self._day().speed)

    def _start_as_planned(self) -> None:
        verdict = self.start_session().verdict
        if isinstance(verdict, Reject):
            _log.warning("the planned session could not start", reason=verdict.message)
            self._perform(PlanSession(None))

    def _perform(self, command: Command) -> Sequenced:
        return self._sequencer.perform(command)[0]

    def _day(self) -> DayView:
        return self._sequencer.queries.day()
