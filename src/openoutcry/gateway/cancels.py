"""Cancelling: one order by either of its ids, or many at once. Executed before the answer."""

from typing import Any

from openoutcry.domain.commands import CancelOrder, MassCancel
from openoutcry.domain.events import OrderCancelled
from openoutcry.domain.identifiers import NO_ID, format_order_id, parse_order_id
from openoutcry.domain.reasons import Reject
from openoutcry.domain.types import InstrumentId, OrderId
from openoutcry.gateway.http.answer import Answer
from openoutcry.gateway.http.receipts import Receipt
from openoutcry.gateway.sequencing import accepted, change, perform, refusal, rejected
from openoutcry.protocol.responses import CancelledData
from openoutcry.runtime.exchange import Exchange


def cancel_order(exchange: Exchange, receipt: Receipt, order_id: str) -> Answer[Any]:
    """Cancel one order. An id that cannot be read names no order, and is answered like any that is not there."""
    return _cancel(exchange, receipt, parse_order_id(order_id))


def cancel_by_client_id(exchange: Exchange, receipt: Receipt, client_order_id: str) -> Answer[Any]:
    """Cancel the team's order with this client order id."""
    order = exchange.sequencer.queries.order_by_client_id(receipt.team_id, client_order_id)
    return _cancel(exchange, receipt, OrderId(NO_ID) if order is None else order.order_id)


def mass_cancel(
    exchange: Exchange, receipt: Receipt, instrument_id: str | None, side: str | None
) -> Answer[CancelledData]:
    """Cancel all the team's orders, or those in one instrument, or on one side; says which."""
    command = MassCancel(receipt.team_id, None if instrument_id is None else InstrumentId(instrument_id), side)
    refused = refusal(exchange, receipt, command)
    if refused is not None:
        return refused
    sequenced, events = change(exchange, command)
    cancelled = [format_order_id(event.order_id) for event in events if isinstance(event, OrderCancelled)]
    return accepted(receipt, sequenced, CancelledData(cancelled))


def _cancel(exchange: Exchange, receipt: Receipt, order_id: OrderId) -> Answer[Any]:
    sequenced, _ = perform(exchange, CancelOrder(receipt.team_id, order_id))
    if isinstance(sequenced.verdict, Reject):
        return rejected(receipt, sequenced, sequenced.verdict)
    return accepted(receipt, sequenced, order_id=format_order_id(order_id))
