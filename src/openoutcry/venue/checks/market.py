"""The order's market: the instrument exists, and trades now."""

from openoutcry.domain.reasons import ErrorCode, Finding, Reject
from openoutcry.venue.checks.context import OrderContext


def check_market(context: OrderContext) -> Finding:
    """Finds the order's market for the checks that come after it."""
    state, instrument_id = context.state, context.command.instrument_id
    market = state.markets.get(instrument_id)
    if market is None:
        return unknown_instrument(instrument_id)
    if state.phase != "continuous":
        return market_closed()
    if market.halted:
        return instrument_halted(instrument_id)
    context.market = market
    return None


def unknown_instrument(instrument_id: str) -> Reject:
    return Reject(
        ErrorCode.INVALID_INSTRUMENT,
        f"There is no instrument {instrument_id!r}; GET /instruments lists those there are",
        {"instrument_id": instrument_id},
    )


def market_closed() -> Reject:
    return Reject(
        ErrorCode.MARKET_CLOSED,
        "The market is closed; GET /market and the market channel tell when it opens",
        {"phase": "closed"},
    )


def instrument_halted(instrument_id: str) -> Reject:
    return Reject(
        ErrorCode.INSTRUMENT_HALTED,
        f"Trading in {instrument_id} is halted; orders can be cancelled, not entered or amended",
        {"instrument_id": instrument_id},
    )
