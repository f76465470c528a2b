"""Instruments: list one, halt it, let it trade again."""

from typing import Any, Final

from openoutcry.domain.commands import HaltInstrument, ListInstrument, ResumeInstrument
from openoutcry.domain.events import InstrumentHalted, InstrumentListed, InstrumentResumed
from openoutcry.domain.instruments import SymbolError, parse_symbol
from openoutcry.domain.reasons import ErrorCode, Reject, Verdict
from openoutcry.domain.types import MAX_INSTRUMENTS, MAX_MULTIPLIER, MAX_PRICE, MONEY_UNITS
from openoutcry.venue.checks.market import unknown_instrument
from openoutcry.venue.handlers.handler import ACCEPTED, Handler
from openoutcry.venue.market import Market
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.phases import follow
from openoutcry.venue.state import VenueState
from openoutcry.venue.tasks.slices import work_off


def judge_listing(state: VenueState, command: ListInstrument) -> Verdict:
    """Whether the instrument is new, is what its symbol says, and its numbers keep all amounts within their bounds."""
    instrument = command.instrument
    instrument_id = instrument.instrument_id
    if instrument_id in state.markets:
        return _refused(instrument_id, f"{instrument_id} is listed already")
    if len(state.markets) >= MAX_INSTRUMENTS:
        return _refused(instrument_id, f"The exchange lists at most {MAX_INSTRUMENTS} instruments, and has that many")
    try:
        underlying, option = parse_symbol(instrument_id)
    except SymbolError as error:
        return _refused(instrument_id, str(error))
    kind = "spot" if option is None else "option"
    if instrument.kind != kind or instrument.underlying != underlying or instrument.option != option:
        return _refused(instrument_id, f"The symbol {instrument_id} says otherwise than the instrument's terms")
    if not 0 < instrument.tick_size <= MAX_PRICE * MONEY_UNITS:
        return _refused(instrument_id, f"The tick of {instrument_id} must be positive, and at most the highest price")
    if not 0 < instrument.multiplier <= MAX_MULTIPLIER:
        return _refused(instrument_id, f"The multiplier of {instrument_id} must be 1 to {MAX_MULTIPLIER}")
    return ACCEPTED


def list_instrument(state: VenueState, outcome: Outcome, command: ListInstrument) -> None:
    instrument = command.instrument
    state.list_market(Market(instrument))
    outcome.told(InstrumentListed(instrument))


def judge_instrument(state: VenueState, command: HaltInstrument | ResumeInstrument) -> Verdict:
    """Refuse the command if there is no such instrument."""
    return ACCEPTED if command.instrument_id in state.markets else unknown_instrument(command.instrument_id)


def halt(state: VenueState, outcome: Outcome, command: HaltInstrument) -> None:
    market = state.markets[command.instrument_id]
    market.own_phase = "halted"
    follow(state, outcome, market)
    outcome.told(InstrumentHalted(command.instrument_id))


def resume(state: VenueState, outcome: Outcome, command: ResumeInstrument) -> None:
    market = state.markets[command.instrument_id]
    market.own_phase = None
    follow(state, outcome, market)
    outcome.told(InstrumentResumed(command.instrument_id))
    work_off(state, outcome)


HANDLERS: Final[tuple[Handler[Any], ...]] = (
    Handler(ListInstrument, judge_listing, list_instrument),
    Handler(HaltInstrument, judge_instrument, halt),
    Handler(ResumeInstrument, judge_instrument, resume),
)


def _refused(instrument_id: str, message: str) -> Reject:
    return Reject(ErrorCode.INVALID_INSTRUMENT, message, {"instrument_id": instrument_id})
