"""Refusals of those who trade where there is no market, or none at this time."""

from openoutcry.domain.reasons import ErrorCode, Reject


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
