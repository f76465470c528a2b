"""Orders that wait for an auction: those that cannot wait are refused, and those that would meet their own owner's.

So an auction never has an order that must trade at once, and never a trade of an owner with itself, unless the
scenario allows that.
"""

from openoutcry.domain.day.phases import PHASE_RULES
from openoutcry.domain.identifiers import format_order_id
from openoutcry.domain.orders import Side
from openoutcry.domain.reasons import ErrorCode, Finding, Reject
from openoutcry.domain.types import Ticks
from openoutcry.matching.order import Order
from openoutcry.venue.checks.context import OrderContext


def terms_refused_in_call(context: OrderContext) -> Finding:
    """A limit order, good for the day; between batch auctions `ioc` and `fok` too, which live until the next one."""
    if context.price is None:
        return Reject(
            ErrorCode.ORDER_TYPE_NOT_ALLOWED,
            "Orders wait for an auction now, and the auction needs limits: give a price",
            {"order_type": "market", "allowed": ["limit"]},
        )
    if context.time_in_force != "day" and PHASE_RULES[context.market.phase].is_call:
        return Reject(
            ErrorCode.INVALID_TIME_IN_FORCE,
            f"Orders wait for an auction now, so none can be {context.time_in_force!r}; time_in_force must be 'day'",
            {"time_in_force": context.time_in_force, "allowed": ["day"]},
        )
    return None


def book_refused_in_call(context: OrderContext, side: Side) -> Finding:
    """No promise not to trade, which an auction could not keep, and no price that an own order's reaches.

    A post-only order from before the call may shrink in its place.
    """
    price, replaced = context.price, context.replaced
    assert price is not None, "in a call every order has a price"  # noqa: S101
    shrinks = replaced is not None and price.ticks == replaced.price and context.quantity <= replaced.quantity
    if context.post_only and not shrinks:
        return Reject(
            ErrorCode.POST_ONLY_WOULD_TRADE,
            "Orders wait for an auction now, and any of them may trade in it: enter it without post_only",
        )
    if context.state.self_trade_prevention == "none":
        return None
    own = _own_order_reached(context, side, price.ticks)
    return None if own is None else _meets_own(context, side, price.ticks, own)


def _own_order_reached(context: OrderContext, side: Side, ticks: Ticks) -> Order | None:
    """The best order of the owner on the other side, of any of its teams, if the price reaches it.

    Looks through the owner's open orders, and only where one of its teams has some on the other side.
    """
    market = context.market
    lowest_rank = ticks if side else -ticks
    if market.book.sides[1 - side].best_rank < lowest_rank:
        return None
    found: Order | None = None
    for team in context.state.teams_of_owner[context.team.owner]:
        holding = team.holdings.get(market.instrument_id)
        if holding is None or not holding.open_orders[1 - side]:
            continue
        for order in team.open_orders.values():
            if order.rank >= lowest_rank and order.side != side and order.instrument_id == market.instrument_id:
                found = order
                lowest_rank = order.rank + 1
    return found


def _meets_own(context: OrderContext, side: Side, ticks: Ticks, own: Order) -> Reject:
    assert own.price is not None, "only limit orders rest"  # noqa: S101
    instrument = context.market.instrument
    nearest = own.price + 1 if side else own.price - 1
    return Reject(
        ErrorCode.SELF_TRADE_NOT_ALLOWED if context.replaced is None else ErrorCode.AMEND_FAILED,
        f"At {instrument.price_of(ticks)} the order could meet {format_order_id(own.order_id)}, of the same owner, in"
        " the auction. Cancel or amend that order first, or choose a price that does not reach it",
        {
            "own_order_id": format_order_id(own.order_id),
            "own_price": instrument.price_of(own.price),
            "nearest": instrument.price_of(nearest) if 0 < nearest <= instrument.maximum_ticks else None,
        },
    )
