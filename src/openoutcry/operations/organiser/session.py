"""The session: the organiser starts and ends it, moves it from phase to phase, and sets its speed."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, get_args

import structlog

from openoutcry.access.caller import Caller
from openoutcry.access.refusals import Refused, malformed
from openoutcry.domain.commands import HaltInstrument, ResumeInstrument, SetPhase
from openoutcry.domain.day.phases import Phase
from openoutcry.domain.reasons import ErrorCode, Reject
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import InstrumentId, TimestampUs
from openoutcry.operations.commands import accepted, rejected
from openoutcry.operations.market import market_data
from openoutcry.operations.organiser.acting import carry_out, why
from openoutcry.operations.result import Result
from openoutcry.protocol.requests import NEXT_MINUTE, HaltRequest, PhaseRequest, SessionRequest, SpeedRequest
from openoutcry.protocol.responses import MarketData
from openoutcry.protocol.timestamps import format_timestamp
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.session.driver import MarketDriver
from openoutcry.venue.handlers.day import MAX_SPEED

_log: Final = structlog.get_logger()

PHASES: Final[tuple[Phase, ...]] = get_args(Phase)

LONGEST_PLAN_DAYS: Final = 366
"""Days from now within which a session may be planned. An instant at the edge of the calendar cannot be written."""

_DAY_US: Final = 86_400_000_000


def set_phase(exchange: Exchange, caller: Caller, request: PhaseRequest) -> Result[MarketData]:
    phase = next((phase for phase in PHASES if phase == request.phase), None)
    if phase is None:
        raise malformed(
            "phase",
            f"phase must be one of {', '.join(PHASES)}, not {request.phase!r}",
            allowed=list(PHASES),
        )
    return carry_out(
        exchange,
        SetPhase(phase, why(caller, request)),
        lambda sequenced: market_data(exchange, sequenced.time),
        "phase set",
        phase=phase,
    )


def halt(exchange: Exchange, caller: Caller, request: HaltRequest) -> Result[MarketData]:
    """Halt one instrument, or without `instrument_id` all of them."""
    return _halt(exchange, HaltInstrument(_named(request), why(caller, request)), "trading halted")


def resume(exchange: Exchange, caller: Caller, request: HaltRequest) -> Result[MarketData]:
    """End a halt of one instrument, or without `instrument_id` that of all."""
    return _halt(exchange, ResumeInstrument(_named(request), why(caller, request)), "trading resumed")


def conduct_session(exchange: Exchange, caller: Caller, request: SessionRequest) -> Result[MarketData]:
    """Start a session, plan its start, or end it; ending one that is only planned drops the plan."""
    reason = why(caller, request)
    if request.action == "start":
        if request.at is None:
            return _drive(exchange, lambda driver: driver.start_session(reason), "session started")
        at = _instant(exchange, request.at)
        _refuse_if_open_by_hand(exchange)
        return _drive(exchange, lambda driver: driver.plan_session(at, reason), "session planned")
    if request.action != "end":
        raise malformed("action", f"action must be start or end, not {request.action!r}", allowed=["start", "end"])
    if request.at is not None:
        raise malformed("at", "at is for starting a session; one is ended at once")
    day = exchange.sequencer.queries.day()
    if day.planned_start is not None and not day.is_running:
        return _drive(exchange, lambda driver: driver.plan_session(None, reason), "planned session dropped")
    return _drive(exchange, lambda driver: driver.end_session(reason), "session ended")


def set_speed(exchange: Exchange, caller: Caller, request: SpeedRequest) -> Result[MarketData]:
    """Let market time go faster or slower from now on, until the session's end."""
    thousandths, reason = round(request.speed * 1_000), why(caller, request)
    if not 1 <= thousandths <= MAX_SPEED:
        raise malformed(
            "speed",
            f"speed must be from 0.001 to {MAX_SPEED // 1_000} market seconds a second, not {request.speed:g}",
            minimum=0.001,
            maximum=MAX_SPEED // 1_000,
        )
    return _drive(exchange, lambda driver: driver.set_speed(thousandths, reason), "speed set")


def _halt(exchange: Exchange, command: HaltInstrument | ResumeInstrument, happened: str) -> Result[MarketData]:
    where = command.instrument_id or "all"
    return carry_out(
        exchange, command, lambda sequenced: market_data(exchange, sequenced.time), happened, instrument_id=where
    )


def _named(request: HaltRequest) -> InstrumentId | None:
    return None if request.instrument_id is None else InstrumentId(request.instrument_id)


def _drive(exchange: Exchange, act: Callable[[MarketDriver], Sequenced], happened: str) -> Result[MarketData]:
    if not exchange.driver.has_day:
        raise Refused(
            ErrorCode.MARKET_CLOSED,
            "This scenario has no schedule, so there are no sessions to start, end or speed up; POST /admin/phase opens"
            " and closes the market",
        )
    exchange.coordinator.admit()
    sequenced = act(exchange.driver)
    if isinstance(sequenced.verdict, Reject):
        return rejected(sequenced, sequenced.verdict)
    _log.info(happened)
    return accepted(sequenced, market_data(exchange, sequenced.time))


def _refuse_if_open_by_hand(exchange: Exchange) -> None:
    """A session cannot start then. While one is under way, the next may be planned."""
    market = exchange.sequencer.queries.market()
    if market.phase != "closed" and not exchange.sequencer.queries.day().is_running and not exchange.sequencer.has_work:
        raise Refused(
            ErrorCode.MARKET_CLOSED, "The market is open by hand; close it before a session is planned or started"
        )


def _instant(exchange: Exchange, text: str) -> TimestampUs:
    if text == NEXT_MINUTE:
        return exchange.driver.next_full_minute()
    try:
        instant = datetime.fromisoformat(text)
        at = None if instant.utcoffset() is None else TimestampUs(round(instant.timestamp() * 1_000_000))
    except (ValueError, OverflowError):
        at = None
    if at is None:
        raise malformed(
            "at",
            f"at must be an instant with its offset from UTC, such as 2024-01-15T14:00:00Z, or {NEXT_MINUTE},"
            f" not {text!r}",
        )
    now = exchange.sequencer.time
    if not now < at <= now + LONGEST_PLAN_DAYS * _DAY_US:
        raise malformed(
            "at",
            f"at must be after now, {format_timestamp(now)}, and within {LONGEST_PLAN_DAYS} days, not {text!r};"
            " without it a session starts at once",
        )
    return at
