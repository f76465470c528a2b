"""Order entry, cancelling, amending, quoting."""

from typing import Annotated, Final

from litestar import Response
from litestar.openapi.spec import Example
from litestar.params import Body

from openoutcry.domain.reasons import ErrorCode
from openoutcry.gateway.rest.documentation import EXAMPLE_QUANTITY
from openoutcry.gateway.rest.framework.endpoints import Asked, endpoint
from openoutcry.gateway.rest.routes.parameters import ClientOrderPath, NarrowInstrument, NarrowSide, OrderPath
from openoutcry.gateway.rest.terms import Terms
from openoutcry.operations import order_changes, order_entry, protection, quotes
from openoutcry.protocol.queries import MassCancelQuery
from openoutcry.protocol.requests import (
    EXAMPLE_SYMBOL,
    AmendRequest,
    BatchRequest,
    CancelAfterRequest,
    OrderRequest,
    QuotesRequest,
)
from openoutcry.protocol.responses import (
    AmendData,
    ApiResponse,
    BatchData,
    CancelAfterData,
    CancelledData,
    DuplicateData,
    QuotesData,
)

_TAG: Final = "Orders"
_ORDERS: Final = Terms("team", "orders")
_CANCELS: Final = Terms("team", "cancels")
_VALIDATE: Final = Terms("team", "reads")

_ORDER_TERMS: Final = (
    ErrorCode.INVALID_SIDE,
    ErrorCode.INVALID_QUANTITY,
    ErrorCode.INVALID_PRICE,
    ErrorCode.INVALID_TIME_IN_FORCE,
    ErrorCode.MISSING_PRICE,
    ErrorCode.TEAM_SUSPENDED,
    ErrorCode.INVALID_INSTRUMENT,
    ErrorCode.MARKET_CLOSED,
    ErrorCode.INSTRUMENT_HALTED,
    ErrorCode.POSITION_LIMIT_EXCEEDED,
    ErrorCode.TOTAL_POSITION_LIMIT_EXCEEDED,
    ErrorCode.ORDER_SIZE_EXCEEDED,
    ErrorCode.POST_ONLY_WOULD_TRADE,
    ErrorCode.TWO_SIDED_QUOTING_NOT_ALLOWED,
)
_ENTRY: Final = (
    *_ORDER_TERMS,
    ErrorCode.DUPLICATE_CLIENT_ORDER_ID,
    ErrorCode.OPEN_ORDER_LIMIT_EXCEEDED,
    ErrorCode.CLIENT_ORDER_ID_LIMIT,
)

_LIMIT_ORDER: Final = {
    "instrument_id": EXAMPLE_SYMBOL,
    "side": "buy",
    "quantity": EXAMPLE_QUANTITY,
    "price": 100.0,
}
_MARKET_ORDER: Final = {
    "instrument_id": EXAMPLE_SYMBOL,
    "side": "sell",
    "quantity": 3,
    "order_type": "market",
}

_OrderBody = Annotated[
    OrderRequest,
    Body(examples=[Example("A limit order", value=_LIMIT_ORDER), Example("A market order", value=_MARKET_ORDER)]),
]
_BatchBody = Annotated[
    BatchRequest, Body(examples=[Example("Two orders", value={"orders": [_LIMIT_ORDER, _MARKET_ORDER]})])
]
_AmendBody = Annotated[AmendRequest, Body(examples=[Example("A smaller total", value={"quantity": 5})])]
_CancelAfterBody = Annotated[
    CancelAfterRequest, Body(examples=[Example("Unless renewed within ten seconds", value={"seconds": 10})])
]
_QuotesBody = Annotated[
    QuotesRequest,
    Body(
        examples=[
            Example(
                "One two-sided quote",
                value={
                    "quotes": [
                        {
                            "instrument_id": EXAMPLE_SYMBOL,
                            "bid_price": 99.5,
                            "bid_quantity": 10,
                            "ask_price": 100.5,
                            "ask_quantity": 10,
                        }
                    ]
                },
            )
        ]
    ),
]


@endpoint("POST", "/orders", _ORDERS, _TAG, "Submit order", refusals=_ENTRY, sequenced=True)
async def submit_order(asked: Asked, data: _OrderBody) -> Response[ApiResponse[DuplicateData]]:
    """Submit one order. The answer is the validator's verdict; acks and fills come on the WebSocket.

    `data` is null, or says `duplicate` where the same `client_order_id` with the same terms was accepted before.
    """
    return asked.answer(order_entry.submit_order, data)


@endpoint("POST", "/orders/batch", _ORDERS, _TAG, "Submit orders", refusals=_ENTRY, sequenced=True)
async def submit_orders(asked: Asked, data: _BatchBody) -> Response[ApiResponse[BatchData]]:
    """Submit orders one after the other; not atomic. `results` holds the answer to each, in order.

    A batch of n costs n tokens; if the team has fewer, nothing is submitted.
    """
    return asked.answer(order_entry.submit_batch, data)


@endpoint("POST", "/orders/validate", _VALIDATE, _TAG, "Validate order", refusals=_ENTRY)
async def validate_order(asked: Asked, data: _OrderBody) -> Response[ApiResponse[None]]:
    """The full validation of an order, as things stand; nothing is submitted."""
    return asked.answer(order_entry.validate_order, data)


@endpoint(
    "PATCH",
    "/orders/{order_id:str}",
    _ORDERS,
    _TAG,
    "Amend order",
    refusals=(*_ORDER_TERMS, ErrorCode.AMEND_FAILED),
    sequenced=True,
)
async def amend_order(asked: Asked, order_id: OrderPath, data: _AmendBody) -> Response[ApiResponse[AmendData]]:
    """New terms for an open order; it keeps its id for life, and its place if only the quantity falls.

    `quantity` is the new total, filled part included. A new price that crosses trades at once. Where the order would
    meet one of its owner's own before any other, and self-trade prevention would cancel it, the amendment is
    `AMEND_FAILED` with `details.own_order_id`, and the order stays as it was. Terms that it has already change nothing:
    no event, and no `X-Sequence`.
    """
    return asked.answer(order_changes.amend_order, order_id, data)


@endpoint(
    "DELETE",
    "/orders/{order_id:str}",
    _CANCELS,
    _TAG,
    "Cancel order",
    refusals=(ErrorCode.CANCEL_FAILED, ErrorCode.TEAM_SUSPENDED),
    sequenced=True,
)
async def cancel_order(asked: Asked, order_id: OrderPath) -> Response[ApiResponse[None]]:
    """Cancel one open order."""
    return asked.answer(order_changes.cancel_order, order_id)


@endpoint(
    "DELETE",
    "/orders/by-client-id/{client_order_id:str}",
    _CANCELS,
    _TAG,
    "Cancel order by client id",
    refusals=(ErrorCode.CANCEL_FAILED, ErrorCode.TEAM_SUSPENDED),
    sequenced=True,
)
async def cancel_order_by_client_id(asked: Asked, client_order_id: ClientOrderPath) -> Response[ApiResponse[None]]:
    """Cancel one open order by the client's own id."""
    return asked.answer(order_changes.cancel_by_client_id, client_order_id)


@endpoint(
    "DELETE",
    "/orders",
    _CANCELS,
    _TAG,
    "Cancel orders",
    refusals=(ErrorCode.INVALID_SIDE, ErrorCode.INVALID_INSTRUMENT, ErrorCode.TEAM_SUSPENDED),
    sequenced=True,
)
async def cancel_orders(
    asked: Asked,
    instrument_id: NarrowInstrument = None,
    side: NarrowSide = None,
) -> Response[ApiResponse[CancelledData]]:
    """Cancel all open orders, or those in one instrument, or on one side; the answer lists their ids."""
    return asked.answer(order_changes.mass_cancel, MassCancelQuery(instrument_id=instrument_id, side=side))


@endpoint(
    "POST",
    "/orders/cancel-after",
    _CANCELS,
    _TAG,
    "Cancel after",
    refusals=(ErrorCode.TEAM_SUSPENDED,),
    sequenced=True,
)
async def cancel_after(asked: Asked, data: _CancelAfterBody) -> Response[ApiResponse[CancelAfterData]]:
    """Dead-man timer: all open orders are cancelled after so many seconds, unless it is renewed; 0 switches it off."""
    return asked.answer(protection.set_cancel_after, data)


@endpoint(
    "PUT",
    "/quotes",
    _ORDERS,
    _TAG,
    "Replace quotes",
    refusals=(ErrorCode.ROLE_NOT_PERMITTED, ErrorCode.TEAM_SUSPENDED, ErrorCode.MARKET_CLOSED),
    sequenced=True,
)
async def replace_quotes(asked: Asked, data: _QuotesBody) -> Response[ApiResponse[QuotesData]]:
    """Replace two-sided quotes in up to 50 instruments, each instrument at once; for market makers.

    A side that does not change keeps its order and its place. The request costs a token, and each side that changes or
    is refused 0.05 more; if the bucket has less, it owes the rest. A refused side does not affect the others; it is in
    its instrument's result. Where nothing changes the answer has no `X-Sequence`.
    """
    return asked.answer(quotes.replace_quotes, data)
