"""The day: a session's start and end, the tick that moves market time, and what is left of slices."""

from typing import Any, Final

from openoutcry.domain.commands import AdvanceMarket, ContinueWork, EndSession, StartSession
from openoutcry.domain.reasons import ErrorCode, Reject, Verdict
from openoutcry.domain.tasks import PublishMarks, RunTimers
from openoutcry.domain.timers import BatchDue, PhaseDue
from openoutcry.venue.handlers.handler import ACCEPTED, Handler, accept
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.phases import enter_phase
from openoutcry.venue.state import VenueState
from openoutcry.venue.tasks.slices import work_off


def judge_start(state: VenueState, command: StartSession) -> Verdict:
    """Whether no session is under way, and the timetable is one."""
    if state.day.is_running:
        return Reject(ErrorCode.MARKET_CLOSED, "A session is under way; end it before another starts")
    if state.phase != "closed":
        return Reject(ErrorCode.MARKET_CLOSED, "The market is open by hand; close it before a session starts")
    instants = [phase.at for phase in command.timetable]
    if not instants or instants != sorted(instants):
        return Reject(ErrorCode.MALFORMED_REQUEST, "A timetable needs phases in the order of their instants")
    if state.day.market_time is not None and instants[0] < state.day.market_time:
        return Reject(ErrorCode.MALFORMED_REQUEST, "Market time never goes back: start a session of a later date")
    return ACCEPTED


def start_session(state: VenueState, outcome: Outcome, command: StartSession) -> None:
    """The first phase begins at once; those after it have their timers."""
    day = state.day
    first, *later = command.timetable
    day.is_running = True
    day.session_date = command.date
    day.utc_offset = command.utc_offset
    day.market_time = first.at
    day.timetable = command.timetable
    day.speed = command.speed
    day.random_word = command.random_word
    batch = state.rulebook.game.batch
    if batch is not None:
        day.timers.set(day.batch_instant(1, batch.interval_seconds), BatchDue(1))
    for phase in later:
        day.timers.set(phase.at, PhaseDue(phase.phase))
    enter_phase(state, outcome, first.phase)
    work_off(state, outcome)


def judge_end(state: VenueState, command: EndSession) -> Verdict:  # noqa: ARG001 - a judge
    if not state.day.is_running:
        return Reject(ErrorCode.MARKET_CLOSED, "No session is under way")
    return ACCEPTED


def end_session(state: VenueState, outcome: Outcome, command: EndSession) -> None:  # noqa: ARG001
    """Close at once, whatever the timetable says; market time stands still from now on."""
    day = state.day
    day.is_running = False
    day.timers.clear()
    enter_phase(state, outcome, "closed")
    work_off(state, outcome)


def judge_tick(state: VenueState, command: AdvanceMarket) -> Verdict:
    """Ticks go forward, in a session, once all that the tick before began is done."""
    day = state.day
    if not day.is_running or day.market_time is None:
        return Reject(ErrorCode.MARKET_CLOSED, "No session is under way: market time stands still")
    if day.tasks:
        return Reject(ErrorCode.MARKET_CLOSED, "The exchange is still at work on the market second before this one")
    if command.market_time <= day.market_time:
        return Reject(ErrorCode.MALFORMED_REQUEST, "Market time only goes forward")
    if any(not 0 <= mark.place < len(state.markets) for mark in command.marks):
        return Reject(ErrorCode.MALFORMED_REQUEST, "A mark names a place at which no instrument is listed")
    return ACCEPTED


def advance_market(state: VenueState, outcome: Outcome, command: AdvanceMarket) -> None:
    """One market second, in this order: marks, time, timers; only then does anything show the new prices."""
    day = state.day
    for underlying in command.underlyings:
        day.underlyings[underlying.symbol] = underlying.price
    if command.marks:
        markets = list(state.markets.values())
        for mark in command.marks:
            market = markets[mark.place]
            market.mark = mark
            if market.indicates:
                outcome.touched(market)
    day.market_time = command.market_time
    day.begin(RunTimers())
    if command.underlyings or command.marks:
        day.begin(PublishMarks())
    work_off(state, outcome)


def continue_work(state: VenueState, outcome: Outcome, command: ContinueWork) -> None:
    work_off(state, outcome, command.budget)


HANDLERS: Final[tuple[Handler[Any], ...]] = (
    Handler(StartSession, judge_start, start_session),
    Handler(EndSession, judge_end, end_session),
    Handler(AdvanceMarket, judge_tick, advance_market),
    Handler(ContinueWork, accept, continue_work),
)
