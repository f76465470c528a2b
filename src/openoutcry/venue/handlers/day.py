"""The day: a session's start and end, the tick that moves market time, and what is left of slices."""

import datetime as dt
import re
from itertools import pairwise
from typing import Any, Final

from openoutcry.domain.commands import (
    AdvanceMarket,
    ContinueWork,
    EndSession,
    PhaseAt,
    PlanSession,
    SetSpeed,
    StartSession,
)
from openoutcry.domain.day.phases import Phase
from openoutcry.domain.day.tasks import (
    EnterPhase,
    JudgeTeams,
    PublishMarks,
    PullQuotes,
    RunTimers,
    TellNews,
    TellSignal,
)
from openoutcry.domain.day.timers import BatchDue, PhaseDue
from openoutcry.domain.reasons import ErrorCode, Reject, Verdict
from openoutcry.venue.bands import renew_bands
from openoutcry.venue.duties.sampling import sample_duties
from openoutcry.venue.halts import watch_breaker
from openoutcry.venue.handlers.handler import ACCEPTED, Handler, accept
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.phases import enter_phase
from openoutcry.venue.state.venue import VenueState
from openoutcry.venue.tasks.slices import work_off

MAX_SPEED: Final = 1_000_000
"""Thousandths of market seconds a wall second."""

_TIMETABLES: Final[tuple[tuple[Phase, ...], ...]] = (
    ("pre_open", "opening_auction", "closed"),
    ("continuous", "closed"),
)
"""With an opening call, or without."""

_DIGEST: Final = re.compile("[0-9a-f]{64}")
_LONGEST_OFFSET: Final = 86_400
_SPEED_RULE: Final = f"Speed must be more than 0, and at most {MAX_SPEED // 1_000} market seconds a second"


def judge_start(state: VenueState, command: StartSession) -> Verdict:
    """Whether the venue is closed and at rest, and the command describes a day that comes after the last one."""
    day = state.day
    if day.is_running:
        return Reject(ErrorCode.MARKET_CLOSED, "A session is under way; end it before another starts")
    if state.phase != "closed":
        return Reject(ErrorCode.MARKET_CLOSED, "The market is open by hand; close it before a session starts")
    if day.tasks:
        return Reject(
            ErrorCode.MARKET_CLOSED, "The close of the last session is still under way; try again in a moment"
        )
    if state.fairness.is_promised and state.fairness.next_commitment is None:
        return Reject(ErrorCode.MARKET_CLOSED, "No seed is committed to for this session; try again in a moment")
    fault = _fault_of_timetable(command.timetable) or _fault_of_session(command)
    if fault is not None:
        return Reject(ErrorCode.MALFORMED_REQUEST, fault)
    if day.market_time is not None and command.timetable[0].at < day.market_time:
        return Reject(ErrorCode.MALFORMED_REQUEST, "Market time never goes back: start a session of a later date")
    return ACCEPTED


def start_session(state: VenueState, outcome: Outcome, command: StartSession) -> None:
    """The first phase begins at once; those after it have their timers."""
    day = state.day
    first, *later = command.timetable
    day.is_running = True
    day.planned_start = None
    day.session_date = command.date
    day.utc_offset = command.utc_offset
    day.market_time = first.at
    day.timetable = command.timetable
    day.speed = command.speed
    day.random_word = command.random_word
    day.effects.clear()
    day.watched.clear()
    day.breaker_halts = 0
    state.fairness.begin_session(len(state.teams), command.world_digest)
    day.timers.clear()
    batch = state.rulebook.game.batch
    if batch is not None:
        day.timers.set(day.batch_instant(1, batch.interval_seconds), BatchDue(1))
    for phase in later:
        day.timers.set(phase.at, PhaseDue(phase.phase, phase.earliest))
    enter_phase(state, outcome, first.phase, "organiser" if command.why is not None else "schedule")
    work_off(state, outcome)


def plan_session(state: VenueState, outcome: Outcome, command: PlanSession) -> None:  # noqa: ARG001
    state.day.planned_start = command.at


def judge_speed(state: VenueState, command: SetSpeed) -> Verdict:
    if not state.day.is_running:
        return Reject(ErrorCode.MARKET_CLOSED, "No session is under way: market time stands still")
    if not 0 < command.speed <= MAX_SPEED:
        return Reject(ErrorCode.MALFORMED_REQUEST, _SPEED_RULE, {"field": "speed", "maximum": MAX_SPEED // 1_000})
    return ACCEPTED


def set_speed(state: VenueState, outcome: Outcome, command: SetSpeed) -> None:  # noqa: ARG001
    state.day.speed = command.speed


def judge_end(state: VenueState, command: EndSession) -> Verdict:  # noqa: ARG001 - a judge
    if not state.day.is_running:
        return Reject(ErrorCode.MARKET_CLOSED, "No session is under way")
    return ACCEPTED


def end_session(state: VenueState, outcome: Outcome, command: EndSession) -> None:  # noqa: ARG001
    """Close whatever the timetable says, once what is under way is done. Market time stands still from now on."""
    state.day.is_running = False
    state.day.timers.clear()
    state.day.begin_last(EnterPhase("closed", "organiser"))
    work_off(state, outcome)


def judge_tick(state: VenueState, command: AdvanceMarket) -> Verdict:
    """Ticks go forward, in a session, once all that the tick before began is done. Marks may come at its very start."""
    day = state.day
    if not day.is_running or day.market_time is None:
        return Reject(ErrorCode.MARKET_CLOSED, "No session is under way: market time stands still")
    if day.tasks:
        return Reject(ErrorCode.MARKET_CLOSED, "The exchange is still at work on the market second before this one")
    is_start = command.market_time == day.market_time == day.timetable[0].at
    if command.market_time <= day.market_time and not is_start:
        return Reject(ErrorCode.MALFORMED_REQUEST, "Market time only goes forward")
    places = [mark.place for mark in command.marks]
    if places and not 0 <= min(places) <= max(places) < len(state.markets):
        return Reject(ErrorCode.MALFORMED_REQUEST, "A mark names a place at which no instrument is listed")
    return ACCEPTED


def advance_market(state: VenueState, outcome: Outcome, command: AdvanceMarket) -> None:
    """One market second, in this order: what duties were found to be on the old marks; marks, time, breaker, timers,
    sanctions, pulls of quotes; only then does anything show the new prices, and then news and signals are told.

    At the start of a session no second has passed: there is what the command brings, and nothing else comes of it.
    """
    day = state.day
    if command.market_time == day.market_time:
        _take_marks(state, outcome, command)
    else:
        sample_duties(state, outcome, command.market_time)
        _take_marks(state, outcome, command)
        day.market_time = command.market_time
        watch_breaker(state, outcome, command.market_time)
        day.begin(RunTimers())
        if state.rulebook.game.judges_teams:
            day.begin(JudgeTeams())
        if any(team.protection is not None and team.protection.pulls for team in state.teams):
            day.begin(PullQuotes())
    if command.underlyings or command.marks:
        day.begin(PublishMarks())
    for item in command.news:
        day.begin(TellNews(item))
    for signal in command.signals:
        day.begin(TellSignal(signal))
    work_off(state, outcome)


def continue_work(state: VenueState, outcome: Outcome, command: ContinueWork) -> None:
    work_off(state, outcome, command.budget)


HANDLERS: Final[tuple[Handler[Any], ...]] = (
    Handler(StartSession, judge_start, start_session),
    Handler(PlanSession, accept, plan_session),
    Handler(SetSpeed, judge_speed, set_speed),
    Handler(EndSession, judge_end, end_session),
    Handler(AdvanceMarket, judge_tick, advance_market),
    Handler(ContinueWork, accept, continue_work),
)


def _take_marks(state: VenueState, outcome: Outcome, command: AdvanceMarket) -> None:
    for underlying in command.underlyings:
        state.day.underlyings[underlying.symbol] = underlying.price
    if command.marks:
        markets = list(state.markets.values())
        for mark in command.marks:
            market = markets[mark.place]
            market.mark = mark
            if market.indicates:
                outcome.touched(market)
    renew_bands(state)


def _fault_of_timetable(timetable: tuple[PhaseAt, ...]) -> str | None:
    """What is wrong with it, if anything."""
    if len(timetable) < 2:
        return "A timetable has at least two phases: the one that a session begins with, and closed"
    if any(earlier.at >= later.at for earlier, later in pairwise(timetable)):
        return "Each phase of a timetable begins after the one before it"
    if any(line.earliest > line.at for line in timetable):
        return "No phase of a timetable begins before its earliest instant"
    phases = tuple(line.phase for line in timetable)
    if phases not in _TIMETABLES:
        allowed = "; or ".join(", ".join(each) for each in _TIMETABLES)
        return f"The phases of a timetable are {allowed}; not {', '.join(phases)}"
    return None


def _fault_of_session(command: StartSession) -> str | None:
    try:
        dt.date.fromisoformat(command.date)
    except ValueError:
        return f"The date of a session is an ISO date, such as 2024-01-15, not {command.date!r}"
    if not -_LONGEST_OFFSET < command.utc_offset < _LONGEST_OFFSET:
        return "The offset from UTC must be less than a day"
    if not 0 < command.speed <= MAX_SPEED:
        return _SPEED_RULE
    if not 0 <= command.random_word < 2**64:
        return "The random word has 64 bits"
    if command.world_digest is not None and _DIGEST.fullmatch(command.world_digest) is None:
        return "The digest of a world is a SHA-256 in hexadecimal"
    return None
