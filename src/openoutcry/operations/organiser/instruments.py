"""Instruments: the organiser halts them and lets them trade again."""

from openoutcry.access.caller import Caller
from openoutcry.domain.commands import HaltInstrument, ResumeInstrument
from openoutcry.domain.types import InstrumentId
from openoutcry.operations.market import instrument_data
from openoutcry.operations.organiser.acting import carry_out, why
from openoutcry.operations.result import Result
from openoutcry.protocol.requests import ReasonRequest
from openoutcry.protocol.responses import InstrumentsData
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
