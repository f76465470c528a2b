"""Instruments: the organiser halts them and lets them trade again, and settles them."""

from openoutcry.access.caller import Caller
from openoutcry.access.refusals import Refused
from openoutcry.domain.commands import HaltInstrument, ResumeInstrument, SettleInstrument
from openoutcry.domain.reasons import ErrorCode
from openoutcry.domain.types import MONEY_UNITS, InstrumentId, Money
from openoutcry.operations.market import instrument_data
from openoutcry.operations.organiser.acting import carry_out, why
from openoutcry.operations.result import Result
from openoutcry.protocol.requests import ReasonRequest, SettleRequest
from openoutcry.protocol.responses import InstrumentsData
from openoutcry.protocol.translation.prices import price_from_wire
from openoutcry.runtime.exchange import Exchange


def halt_instrument(
    exchange: Exchange, caller: Caller, instrument_id: str, request: ReasonRequest
) -> Result[InstrumentsData]:
    """Stop trading in one instrument; halting it twice changes nothing."""
    return carry_out(
        exchange,
        HaltInstrument(InstrumentId(instrument_id), why(caller, request)),
        lambda _: instrument_data(exchange, instrument_id),
        "instrument halted",
        instrument_id=instrument_id,
    )


def resume_instrument(
    exchange: Exchange, caller: Caller, instrument_id: str, request: ReasonRequest
) -> Result[InstrumentsData]:
    return carry_out(
        exchange,
        ResumeInstrument(InstrumentId(instrument_id), why(caller, request)),
        lambda _: instrument_data(exchange, instrument_id),
        "instrument resumed",
        instrument_id=instrument_id,
    )


def settle_instrument(exchange: Exchange, caller: Caller, request: SettleRequest) -> Result[InstrumentsData]:
    """Pay out all positions in an instrument, which expires by it unless it has."""
    instrument_id = InstrumentId(request.instrument_id)
    instrument = exchange.sequencer.queries.instrument(instrument_id)
    price = price_from_wire(instrument, request.settlement_price)
    if instrument is not None and price.off_grid is not None:
        nearest = instrument.price_of(price.ticks)
        raise Refused(
            ErrorCode.INVALID_PRICE,
            f"{instrument_id} is settled at a multiple of {instrument.price_of(1)}; the nearest is {nearest}",
            {"tick_size": instrument.price_of(1), "nearest": nearest},
        )
    underlying = request.underlying_price
    underlying_price = None if underlying is None else Money(round(underlying * MONEY_UNITS))
    return carry_out(
        exchange,
        SettleInstrument(instrument_id, price.ticks, underlying_price, why(caller, request)),
        lambda _: instrument_data(exchange, instrument_id),
        "instrument settled",
        instrument_id=instrument_id,
    )
