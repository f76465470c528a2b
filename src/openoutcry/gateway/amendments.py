"""Amending an order: new terms under the same id. Executed before the answer."""

from openoutcry.access.refusals import malformed
from openoutcry.domain.commands import AmendOrder
from openoutcry.domain.events import OrderAmended
from openoutcry.domain.identifiers import format_order_id, parse_order_id
from openoutcry.domain.reasons import Reject
from openoutcry.gateway.http.answer import Answer
from openoutcry.gateway.http.receipts import Receipt
from openoutcry.gateway.sequencing import accepted, change, rejected
from openoutcry.protocol.requests import AmendRequest
from openoutcry.protocol.responses import AmendData
from openoutcry.protocol.translation.prices import price_from_wire
from openoutcry.runtime.exchange import Exchange


def amend_order(exchange: Exchange, receipt: Receipt, order_id: str, request: AmendRequest) -> Answer[AmendData]:
    """Give an order a new total quantity, a new price, or both; says whether it kept its place.

    One that has these terms already keeps its place and is not touched: no event, and no place in the sequence.
    """
    if request.quantity is None and request.price is None:
        raise malformed("quantity", "An amendment needs a quantity (the new total), a price, or both")
    queries, amended_id = exchange.sequencer.queries, parse_order_id(order_id)
    price = None
    if request.price is not None:
        order = queries.order(receipt.team_id, amended_id)
        price = price_from_wire(None if order is None else queries.instrument(order.instrument_id), request.price)
    sequenced, events = change(exchange, AmendOrder(receipt.team_id, amended_id, request.quantity, price))
    if isinstance(sequenced.verdict, Reject):
        return rejected(receipt, sequenced, sequenced.verdict)
    amended = [event for event in events if isinstance(event, OrderAmended)]
    kept_priority = all(event.kept_priority for event in amended)
    return accepted(receipt, sequenced, AmendData(kept_priority), format_order_id(amended_id))
