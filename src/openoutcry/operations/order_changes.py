"""Changing orders: amending one, cancelling one by either of its ids, or many at once. Executed before the result."""

from typing import Any

from openoutcry.access.caller import Caller
from openoutcry.access.refusals import malformed
from openoutcry.domain.commands import AmendOrder, CancelOrder, MassCancel
from openoutcry.domain.events import OrderAmended, OrderCancelled
from openoutcry.domain.identifiers import NO_ID, format_order_id, parse_order_id
from openoutcry.domain.reasons import Reject
from openoutcry.domain.types import InstrumentId, OrderId
from openoutcry.operations.commands import accepted, change, perform, refusal, rejected
from openoutcry.operations.result import Result
from openoutcry.protocol.queries import MassCancelQuery
from openoutcry.protocol.requests import AmendRequest
from openoutcry.protocol.responses import AmendData, CancelledData
from openoutcry.protocol.translation.prices import price_from_wire
from openoutcry.runtime.exchange import Exchange


def amend_order(exchange: Exchange, caller: Caller, order_id: str, request: AmendRequest) -> Result[AmendData]:
    """Give an order a new total quantity, a new price, or both; says whether it kept its place.

    An order that already has these terms is not touched: it keeps its place, and there is no event and no sequence.
    """
    if request.quantity is None and request.price is None:
        raise malformed("quantity", "An amendment needs a quantity (the new total), a price, or both")
    queries, amended_id = exchange.sequencer.queries, parse_order_id(order_id)
    price = None
    if request.price is not None:
        order = queries.order(caller.team_id, amended_id)
        price = price_from_wire(None if order is None else queries.instrument(order.instrument_id), request.price)
    sequenced, events = change(exchange, AmendOrder(caller.team_id, amended_id, request.quantity, price))
    if isinstance(sequenced.verdict, Reject):
        return rejected(sequenced, sequenced.verdict)
    amended = [event for event in events if isinstance(event, OrderAmended)]
    kept_priority = all(event.kept_priority for event in amended)
    return accepted(sequenced, AmendData(kept_priority), format_order_id(amended_id))


def cancel_order(exchange: Exchange, caller: Caller, order_id: str) -> Result[Any]:
    """Cancel one order. An id that cannot be read is answered like one of an order that does not exist."""
    return _cancel(exchange, caller, parse_order_id(order_id))


def cancel_by_client_id(exchange: Exchange, caller: Caller, client_order_id: str) -> Result[Any]:
    """Cancel the team's order with this client order id."""
    order = exchange.sequencer.queries.order_by_client_id(caller.team_id, client_order_id)
    return _cancel(exchange, caller, OrderId(NO_ID) if order is None else order.order_id)


def mass_cancel(exchange: Exchange, caller: Caller, query: MassCancelQuery) -> Result[CancelledData]:
    """Cancel all the team's orders, or those in one instrument, or on one side; says which."""
    instrument_id = None if query.instrument_id is None else InstrumentId(query.instrument_id)
    command = MassCancel(caller.team_id, instrument_id, query.side)
    refused = refusal(exchange, command)
    if refused is not None:
        return refused
    sequenced, events = change(exchange, command)
    cancelled = [format_order_id(event.order_id) for event in events if isinstance(event, OrderCancelled)]
    return accepted(sequenced, CancelledData(cancelled))


def _cancel(exchange: Exchange, caller: Caller, order_id: OrderId) -> Result[Any]:
    sequenced, _ = perform(exchange, CancelOrder(caller.team_id, order_id))
    if isinstance(sequenced.verdict, Reject):
        return rejected(sequenced, sequenced.verdict)
    return accepted(sequenced, order_id=format_order_id(order_id))
