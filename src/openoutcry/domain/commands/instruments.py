"""Instruments' lives, halts, and trades that are taken back."""

from typing import final

from msgspec import Struct

from openoutcry.domain.commands.why import Why
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.types import InstrumentId, Money, Ticks, TradeId


@final
class ListInstrument(Struct, frozen=True, array_like=True, tag="list_instrument"):
    """Begin to trade an instrument. Its terms never change."""

    instrument: Instrument


@final
class HaltInstrument(Struct, frozen=True, array_like=True, tag="halt_instrument"):
    """Stop trading in one instrument, None: in all of them. Orders stay and can be cancelled."""

    instrument_id: InstrumentId | None
    why: Why | None = None


@final
class ResumeInstrument(Struct, frozen=True, array_like=True, tag="resume_instrument"):
    """Let a halted instrument trade again; None: the session, after a halt of all instruments."""

    instrument_id: InstrumentId | None
    why: Why | None = None


@final
class ExpireInstrument(Struct, frozen=True, array_like=True, tag="expire_instrument"):
    """End trading in an instrument for good; its orders are cancelled."""

    instrument_id: InstrumentId
    why: Why | None = None


@final
class SettleInstrument(Struct, frozen=True, array_like=True, tag="settle_instrument"):
    """Pay every position out at `settlement_price`, which the command carries: positions are zero after it.

    An instrument that has not expired expires by it. `underlying_price`: what the settlement price follows from.
    """

    instrument_id: InstrumentId
    settlement_price: Ticks
    underlying_price: Money | None = None
    why: Why | None = None


@final
class BustTrade(Struct, frozen=True, array_like=True, tag="bust_trade"):
    """Undo a trade: positions, money and fees of both sides. Orders stay as the trade left them."""

    trade_id: TradeId
    why: Why | None = None
