"""Trades: the organiser busts one."""

from typing import Final

import structlog

from openoutcry.access.caller import Caller
from openoutcry.access.echoes import echo
from openoutcry.access.refusals import not_found
from openoutcry.domain.commands import BustTrade
from openoutcry.domain.events import TradeBusted
from openoutcry.domain.identifiers import NO_ID, parse_trade_id
from openoutcry.domain.reasons import ErrorCode, Reject
from openoutcry.operations.commands import accepted, perform, rejected
from openoutcry.operations.organiser.acting import why
from openoutcry.operations.result import Result
from openoutcry.protocol.requests import ReasonRequest
from openoutcry.protocol.responses import BustedData
from openoutcry.runtime.exchange import Exchange

_log: Final = structlog.get_logger()


def bust_trade(exchange: Exchange, caller: Caller, trade_id: str, request: ReasonRequest) -> Result[BustedData]:
    """Undo a trade: positions, money and fees of both sides. Says which trade it was."""
    parsed = parse_trade_id(trade_id)
    if parsed == NO_ID:
        raise not_found(
            ErrorCode.TRADE_NOT_FOUND,
            f"There is no trade {echo(trade_id)!r}; ids look like TRD_11111",
            trade_id=echo(trade_id),
        )
    sequenced, events = perform(exchange, BustTrade(parsed, why(caller, request)))
    if isinstance(sequenced.verdict, Reject):
        return rejected(sequenced, sequenced.verdict)
    _log.info("trade busted", trade_id=trade_id)
    (busted,) = (event for event in events if isinstance(event, TradeBusted))
    return accepted(sequenced, exchange.translator.busted_data(busted))
