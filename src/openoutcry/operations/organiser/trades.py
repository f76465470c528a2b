"""Trades: the organiser busts one."""

from typing import Final

import structlog

from openoutcry.access.caller import Caller
from openoutcry.domain.commands import BustTrade
from openoutcry.domain.events import TradeBusted
from openoutcry.domain.identifiers import parse_trade_id
from openoutcry.domain.reasons import Reject
from openoutcry.operations.commands import accepted, perform, rejected
from openoutcry.operations.organiser.acting import why
from openoutcry.operations.result import Result
from openoutcry.protocol.requests import ReasonRequest
from openoutcry.protocol.responses import BustedData
from openoutcry.runtime.exchange import Exchange

_log: Final = structlog.get_logger()


def bust_trade(exchange: Exchange, caller: Caller, trade_id: str, request: ReasonRequest) -> Result[BustedData]:
    """Undo a trade: positions, money and fees of both sides. Says which trade it was."""
    sequenced, events = perform(exchange, BustTrade(parse_trade_id(trade_id), why(caller, request)))
    if isinstance(sequenced.verdict, Reject):
        return rejected(sequenced, sequenced.verdict)
    _log.info("trade busted", trade_id=trade_id)
    (busted,) = (event for event in events if isinstance(event, TradeBusted))
    return accepted(sequenced, exchange.translator.busted_data(busted))
