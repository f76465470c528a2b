"""Instruments: list one, let it expire, and settle it."""

from typing import Any, Final

from openoutcry.domain.commands import (
    ExpireInstrument,
    ListInstrument,
    SettleInstrument,
)
from openoutcry.domain.day.phases import PHASE_RULES
from openoutcry.domain.day.tasks import CancelExpired, PayOut
from openoutcry.domain.events import (
    InstrumentExpired,
    InstrumentListed,
    InstrumentSettled,
)
from openoutcry.domain.instruments import Settlement, SymbolError, parse_symbol
from openoutcry.domain.reasons import ErrorCode, Reject, Verdict
from openoutcry.domain.types import MAX_INSTRUMENTS, MAX_MULTIPLIER, MAX_PRICE, MONEY_UNITS, MarketTime, TeamId
from openoutcry.venue.checks.market import instrument_expired, market_closed, unknown_instrument
from openoutcry.venue.handlers.handler import ACCEPTED, Handler
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.phases import end_own_phase
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.venue import VenueState
from openoutcry.venue.tasks.slices import work_off

_SECOND_US: Final = 1_000_000


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


def judge_instrument(state: VenueState, instrument_id: str) -> Verdict:
    """Refuse the command if there is no such instrument, or no more."""
    market = state.markets.get(instrument_id)
    if market is None:
        return unknown_instrument(instrument_id)
    return instrument_expired(market.instrument_id) if market.has_expired else ACCEPTED


def judge_expiry(state: VenueState, command: ExpireInstrument) -> Verdict:
    """Nothing expires in the midst of an auction."""
    verdict = judge_instrument(state, command.instrument_id)
    if isinstance(verdict, Reject):
        return verdict
    return _auction_under_way(state.markets[command.instrument_id]) or ACCEPTED


def expire_instrument(state: VenueState, outcome: Outcome, command: ExpireInstrument) -> None:
    _expire(state, outcome, state.markets[command.instrument_id])
    work_off(state, outcome)


def judge_settlement(state: VenueState, command: SettleInstrument) -> Verdict:
    """An instrument is settled once, at a price from zero up to the highest of its grid."""
    instrument_id = command.instrument_id
    market = state.markets.get(instrument_id)
    if market is None:
        return unknown_instrument(instrument_id)
    if market.settlement is not None:
        price = market.instrument.price_of(market.settlement.settlement_price)
        return Reject(
            ErrorCode.SETTLEMENT_FAILED,
            f"{instrument_id} has been settled already, at {price}",
            {"instrument_id": instrument_id, "settlement_price": price},
        )
    under_way = _auction_under_way(market)
    if under_way is not None:
        return under_way
    if not 0 <= command.settlement_price <= market.maximum_ticks:
        highest = market.instrument.price_of(market.maximum_ticks)
        return Reject(
            ErrorCode.INVALID_PRICE,
            f"{instrument_id} can be settled at a price from 0 to {highest}",
            {"minimum": market.instrument.price_of(0), "maximum": highest},
        )
    return ACCEPTED


def settle_instrument(state: VenueState, outcome: Outcome, command: SettleInstrument) -> None:
    market, day = state.markets[command.instrument_id], state.day
    if not market.has_expired:
        _expire(state, outcome, market)
    market_time = MarketTime(outcome.now // _SECOND_US) if day.market_time is None else day.market_time
    market.settlement = Settlement(command.settlement_price, command.underlying_price, market_time, day.utc_offset)
    market.mark = market.band = None
    for team in state.teams:
        if team.margin is not None:
            team.margin.look_up_anew()
    outcome.told(InstrumentSettled(market.instrument_id, market.settlement))
    day.begin(PayOut(market.instrument_id, TeamId(1)))
    work_off(state, outcome)


HANDLERS: Final[tuple[Handler[Any], ...]] = (
    Handler(ListInstrument, judge_listing, list_instrument),
    Handler(ExpireInstrument, judge_expiry, expire_instrument),
    Handler(SettleInstrument, judge_settlement, settle_instrument),
)


def _auction_under_way(market: Market) -> Reject | None:
    return market_closed(market.phase) if PHASE_RULES[market.phase].uncrosses else None


def _expire(state: VenueState, outcome: Outcome, market: Market) -> None:
    market.has_expired = True
    end_own_phase(state, outcome, market)
    outcome.told(InstrumentExpired(market.instrument_id))
    state.day.begin(CancelExpired(market.instrument_id))


def _refused(instrument_id: str, message: str) -> Reject:
    return Reject(ErrorCode.INVALID_INSTRUMENT, message, {"instrument_id": instrument_id})
