"""Entering orders: one, many, or none (validation alone). The result is the validator's verdict."""

from typing import Any, assert_never

from openoutcry.access.caller import Caller
from openoutcry.access.gate import take_token
from openoutcry.access.refusals import Refused
from openoutcry.domain.commands import SubmitOrder
from openoutcry.domain.identifiers import format_order_id
from openoutcry.domain.reasons import Accepted, Duplicate, ErrorCode, Reject
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import ClientOrderId, InstrumentId, OrderId, TeamId
from openoutcry.operations.commands import accepted, rejected, submit
from openoutcry.operations.result import Result
from openoutcry.protocol.requests import BatchRequest, OrderRequest
from openoutcry.protocol.responses import ApiResponse, BatchData, DuplicateData
from openoutcry.protocol.timestamps import format_timestamp
from openoutcry.protocol.translation.errors import error_info
from openoutcry.protocol.translation.prices import price_from_wire
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.sequencing.unavailable import Unavailable


def submit_order(exchange: Exchange, caller: Caller, request: OrderRequest) -> Result[DuplicateData]:
    """Submit one order; it is matched after the result was returned."""
    sequenced = submit(exchange, _command(exchange, caller.team_id, request))
    verdict = sequenced.verdict
    # Compared, not matched: a class pattern takes ten times as long on a msgspec Struct.
    if type(verdict) is Accepted:
        return accepted(sequenced, order_id=format_order_id(verdict.new_id))  # type: ignore[arg-type]
    match verdict:
        case Duplicate():
            order_id = format_order_id(OrderId(verdict.order_id))
            return accepted(sequenced, DuplicateData(duplicate=True), order_id)
        case Reject():
            return rejected(sequenced, verdict)
        case _:
            assert_never(verdict)


def validate_order(exchange: Exchange, caller: Caller, request: OrderRequest) -> Result[Any]:
    """The verdict that `submit_order` would give now; nothing is submitted, and no id is used."""
    verdict = exchange.sequencer.validate(_command(exchange, caller.team_id, request))
    return Result(exchange.clock.now(), reject=verdict if isinstance(verdict, Reject) else None)


def submit_batch(exchange: Exchange, caller: Caller, request: BatchRequest) -> Result[BatchData]:
    """Submit orders one after the other. Not atomic: each has its own verdict, in its own answer.

    Admission took one token; the other n - 1 are taken here, or nothing is submitted. If the exchange stops taking
    orders half-way, the answers of the others say so; if it took none, this raises `Unavailable`.
    """
    if caller.bucket is not None and len(request.orders) > 1:
        take_token(caller.bucket, len(request.orders) - 1)
    last: Sequenced | None = None
    results: list[ApiResponse[DuplicateData]] = []
    for order in request.orders:
        try:
            last = submit(exchange, _command(exchange, caller.team_id, order))
            results.append(_item(request, order, last))
        except Refused as refused:
            results.append(_failed_item(exchange, request, order, refused.reject))
        except Unavailable as unavailable:
            if last is None:
                raise
            reject = Reject(ErrorCode.SERVICE_UNAVAILABLE, str(unavailable))
            results.append(_failed_item(exchange, request, order, reject))
    if last is None:
        return Result(exchange.clock.now(), BatchData(results))
    return accepted(last, BatchData(results))


def _command(exchange: Exchange, team_id: TeamId, request: OrderRequest) -> SubmitOrder:
    """Raises `Refused` if the order's type and its price do not fit."""
    price = request.price
    if (price is None) != (request.order_type == "market"):
        raise _unfitting_price(price)
    instrument_id: InstrumentId = request.instrument_id  # type: ignore[assignment]
    client_order_id: ClientOrderId | None = request.client_order_id  # type: ignore[assignment]
    return SubmitOrder(
        team_id,
        instrument_id,
        request.side,
        request.quantity,
        None if price is None else price_from_wire(exchange.sequencer.queries.instrument(instrument_id), price),
        request.time_in_force,
        request.post_only,
        client_order_id,
    )


def _item(batch: BatchRequest, order: OrderRequest, sequenced: Sequenced) -> ApiResponse[DuplicateData]:
    """The answer that the order would have alone; without a `request_id` of its own it has the batch's."""
    verdict = sequenced.verdict
    item: ApiResponse[DuplicateData] = ApiResponse(
        success=not isinstance(verdict, Reject),
        request_id=order.request_id or batch.request_id or "",
        timestamp=format_timestamp(sequenced.time),
    )
    match verdict:
        case Accepted():
            item.order_id = format_order_id(OrderId(verdict.new_id))
        case Duplicate():
            item.order_id = format_order_id(OrderId(verdict.order_id))
            item.data = DuplicateData(duplicate=True)
        case Reject():
            item.error = error_info(verdict)
        case _:
            assert_never(verdict)
    return item


def _failed_item(
    exchange: Exchange, batch: BatchRequest, order: OrderRequest, reject: Reject
) -> ApiResponse[DuplicateData]:
    """The answer of an order that did not reach the sequencer."""
    return ApiResponse(
        success=False,
        request_id=order.request_id or batch.request_id or "",
        error=error_info(reject),
        timestamp=format_timestamp(exchange.clock.now()),
    )


def _unfitting_price(price: float | None) -> Refused:
    """The refusal of a limit order without a price, or of a market order with this one."""
    if price is None:
        return Refused(
            ErrorCode.MISSING_PRICE,
            'A limit order needs a price. An order that is to trade at any price says so: "order_type":"market"',
            {"field": "price"},
        )
    return Refused(
        ErrorCode.INVALID_PRICE,
        f"A market order has no price, but this one has {price}: leave the price out, or send a limit order",
        {"field": "price", "price": price},
    )
