"""A team's questions about itself."""

from typing import Final

from litestar import Response

from openoutcry.domain.reasons import ErrorCode
from openoutcry.gateway.rest.framework.endpoints import Asked, endpoint
from openoutcry.gateway.rest.routes.parameters import (
    After,
    AfterOrder,
    Before,
    ClientOrderPath,
    FillsLimit,
    OrderPath,
    OrdersLimit,
    Status,
)
from openoutcry.gateway.rest.terms import Terms
from openoutcry.operations import account
from openoutcry.protocol.queries import DEFAULT_PAGE, FillsQuery, OrdersQuery
from openoutcry.protocol.responses import (
    AccountData,
    ApiResponse,
    FillsData,
    OrderData,
    OrdersData,
    PositionsData,
)

_TAG: Final = "Account"
_READ: Final = Terms("team", "reads")


@endpoint("GET", "/orders", _READ, _TAG, "List orders")
async def list_orders(
    asked: Asked,
    status: Status = "open",
    limit: OrdersLimit = None,
    after: AfterOrder = None,
    before: Before = None,
) -> Response[ApiResponse[OrdersData]]:
    """Open orders, oldest first, paged by `limit` and `after`; `omitted` says how many come after these.

    With `status=closed`: closed ones, newest first, paged by `limit` and `before`. Changes between two pages
    are on the private stream, after the first page's `as_of_seq`.
    """
    return asked.answer(account.list_orders, OrdersQuery(status=status, limit=limit, after=after, before=before))


@endpoint("GET", "/orders/{order_id:str}", _READ, _TAG, "Get order", refusals=(ErrorCode.ORDER_NOT_FOUND,))
async def show_order(asked: Asked, order_id: OrderPath) -> Response[ApiResponse[OrderData]]:
    """One of the team's own orders, open or closed, with its fills."""
    return asked.answer(account.show_order, order_id)


@endpoint(
    "GET",
    "/orders/by-client-id/{client_order_id:str}",
    _READ,
    _TAG,
    "Get order by client id",
    refusals=(ErrorCode.ORDER_NOT_FOUND,),
)
async def show_order_by_client_id(asked: Asked, client_order_id: ClientOrderPath) -> Response[ApiResponse[OrderData]]:
    """One of the team's own orders of this trading session. After a lost answer, ask here whether it was placed."""
    return asked.answer(account.show_order_by_client_id, client_order_id)


@endpoint("GET", "/positions", _READ, _TAG, "Get positions")
async def show_positions(asked: Asked) -> Response[ApiResponse[PositionsData]]:
    """The net position in every instrument that the team ever traded."""
    return asked.answer(account.show_positions)


@endpoint("GET", "/account", _READ, _TAG, "Get account")
async def show_account(asked: Asked) -> Response[ApiResponse[AccountData]]:
    """Cash, profit and loss, fees, exposure against limits, role, permissions, sanctions."""
    return asked.answer(account.show_account)


@endpoint("GET", "/fills", _READ, _TAG, "List fills")
async def list_fills(
    asked: Asked, after: After = None, limit: FillsLimit = DEFAULT_PAGE
) -> Response[ApiResponse[FillsData]]:
    """The team's fills, oldest first.

    If a team traded with itself, both fills of that trade are on one page, which may exceed `limit`.
    """
    return asked.answer(account.list_fills, FillsQuery(after=after, limit=limit))
