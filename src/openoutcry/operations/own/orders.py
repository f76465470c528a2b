"""A team's orders and fills. Every result names the last private event that it reflects (`as_of_seq`)."""

from typing import assert_never

from openoutcry.access.caller import Caller
from openoutcry.access.refusals import malformed, not_found
from openoutcry.domain.identifiers import NO_ID, parse_order_id, parse_trade_id
from openoutcry.domain.reasons import ErrorCode
from openoutcry.domain.types import OrderId, TradeId
from openoutcry.domain.views import OrderView
from openoutcry.operations.result import Result
from openoutcry.protocol.queries import DEFAULT_PAGE, MAX_PAGE, FillsQuery, OrdersQuery
from openoutcry.protocol.responses import FillsData, OrderData, OrdersData
from openoutcry.runtime.exchange import Exchange


def list_orders(exchange: Exchange, caller: Caller, query: OrdersQuery) -> Result[OrdersData]:
    """A page of open orders, oldest first, above `after`; or of closed ones kept, newest first, below `before`."""
    queries, team_id = exchange.sequencer.queries, caller.team_id
    match query.status:
        case "open":
            if query.before is not None:
                raise malformed("before", "before is for closed orders: add status=closed, or use after for open ones")
            orders, omitted = queries.open_orders_page(
                team_id,
                limit=MAX_PAGE if query.limit is None else query.limit,
                after=_order_named("after", query.after) or OrderId(NO_ID),
            )
            forgotten = 0
        case "closed":
            if query.after is not None:
                raise malformed("after", "after is for open orders: leave status out, or use before for closed ones")
            orders = queries.closed_orders(
                team_id,
                limit=DEFAULT_PAGE if query.limit is None else query.limit,
                before=_order_named("before", query.before),
            )
            omitted, forgotten = 0, queries.forgotten_orders(team_id)
        case _:
            assert_never(query.status)
    shown = [exchange.translator.order_info(order) for order in orders]
    data = OrdersData(shown, queries.last_seq(team_id), forgotten, omitted)
    return Result(exchange.clock.now(), data)


def show_order(exchange: Exchange, caller: Caller, order_id: str) -> Result[OrderData]:
    order = exchange.sequencer.queries.order(caller.team_id, parse_order_id(order_id))
    return _show(exchange, caller, order)


def show_order_by_client_id(exchange: Exchange, caller: Caller, client_order_id: str) -> Result[OrderData]:
    """One order by its client order id: shows whether an order whose answer was lost was placed."""
    order = exchange.sequencer.queries.order_by_client_id(caller.team_id, client_order_id)
    return _show(exchange, caller, order)


def list_fills(exchange: Exchange, caller: Caller, query: FillsQuery) -> Result[FillsData]:
    """Fills kept of trades after `after`, oldest first. A trade of the team with itself comes whole, beyond `limit`."""
    queries, team_id = exchange.sequencer.queries, caller.team_id
    after_id = TradeId(NO_ID)
    if query.after is not None:
        after_id = parse_trade_id(query.after)
        if after_id == NO_ID:
            raise malformed("after", f"after must be a trade id such as TRD_11111, not {query.after!r}")
    fills = queries.fills(team_id, after=after_id, limit=query.limit)
    shown = [exchange.translator.fill_info(fill) for fill in fills]
    data = FillsData(shown, queries.last_seq(team_id), queries.forgotten_fills(team_id))
    return Result(exchange.clock.now(), data)


def _order_named(parameter: str, order_id: str | None) -> OrderId | None:
    if order_id is None:
        return None
    parsed = parse_order_id(order_id)
    if parsed == NO_ID:
        raise malformed(parameter, f"{parameter} must be an order id such as ORD_67890, not {order_id!r}")
    return parsed


def _show(exchange: Exchange, caller: Caller, order: OrderView | None) -> Result[OrderData]:
    if order is None:
        kept = exchange.scenario.rulebook.history.closed_orders
        raise not_found(
            ErrorCode.ORDER_NOT_FOUND,
            f"The team has no such order, open or among its last {kept} closed ones; GET /orders lists the open ones,"
            " GET /orders?status=closed the closed ones, and the private stream from after_seq=0 has the events"
            " of all orders",
        )
    queries, translator, team_id = exchange.sequencer.queries, exchange.translator, caller.team_id
    data = OrderData(
        translator.order_info(order),
        [translator.fill_info(fill) for fill in queries.fills_of_order(team_id, order.order_id)],
        queries.last_seq(team_id),
    )
    return Result(exchange.clock.now(), data)
