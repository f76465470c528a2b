"""The order's market: the instrument exists, and trades now."""

from openoutcry.domain.day.phases import PHASE_RULES, Phase
from openoutcry.domain.reasons import ErrorCode, Finding, Reject
from openoutcry.venue.checks.context import OrderContext
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.venue import VenueState


def check_market(context: OrderContext) -> Finding:
    """Finds the order's market for the checks that come after it."""
    state, instrument_id = context.state, context.command.instrument_id
    market = state.markets.get(instrument_id)
    if market is None:
        return unknown_instrument(instrument_id)
    if market.phase != "continuous" and not PHASE_RULES[market.phase].may_enter:
        return not_trading(state, market)
    context.market = market
    return None


def unknown_instrument(instrument_id: str) -> Reject:
    return Reject(
        ErrorCode.INVALID_INSTRUMENT,
        f"There is no instrument {instrument_id!r}; GET /instruments lists those there are",
        {"instrument_id": instrument_id},
    )


def not_trading(state: VenueState, market: Market) -> Reject:
    """Why the market takes no orders now: it has expired, it alone is halted, or the session's phase has no entry."""
    if market.has_expired:
        return instrument_expired(market.instrument_id)
    if market.phase == "halted" and state.phase != "halted":
        return instrument_halted(market.instrument_id)
    return market_closed(market.phase)


def market_closed(phase: Phase) -> Reject:
    if phase == "closed":
        message = "The market is closed; GET /market and the market channel tell when it opens"
    elif phase == "halted":
        message = "Trading is halted: orders can be cancelled, not entered or amended; GET /market tells what is next"
    else:
        message = "An auction is under way: orders can be neither entered nor cancelled until it has ended, in a moment"
    return Reject(ErrorCode.MARKET_CLOSED, message, {"phase": phase})


def cannot_cancel(phase: Phase) -> Reject:
    """Why an order cannot leave its book now."""
    return Reject(
        ErrorCode.CANCEL_FAILED,
        "The market is closed: its orders are being cancelled"
        if phase == "closed"
        else "An auction is under way: orders can be neither entered nor cancelled until it has ended, in a moment",
        {"phase": phase},
    )


def instrument_halted(instrument_id: str) -> Reject:
    return Reject(
        ErrorCode.INSTRUMENT_HALTED,
        f"Trading in {instrument_id} is halted; orders can be cancelled, not entered or amended",
        {"instrument_id": instrument_id},
    )


def instrument_expired(instrument_id: str) -> Reject:
    return Reject(
        ErrorCode.INSTRUMENT_EXPIRED,
        f"{instrument_id} has expired and is traded no more; GET /instruments lists those that are",
        {"instrument_id": instrument_id},
    )
