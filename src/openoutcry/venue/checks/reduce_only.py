"""Reduce-only: a team may only make its positions smaller, or hedge its portfolio."""

from openoutcry.domain.orders import BUY, SIDES
from openoutcry.domain.reasons import ErrorCode, Finding, Reject
from openoutcry.venue.checks.context import OrderContext
from openoutcry.venue.duties.deltas import delta_with_open_orders


def check_reduce_only(context: OrderContext) -> Finding:
    """With everything that the team has open filled, the order brings its position nearer to 0 without crossing it; or,
    in a spot instrument, the portfolio's delta nearer to 0.
    """
    team, market, replaced = context.team, context.market, context.replaced
    standing = team.standing
    if standing is None or not standing.is_reduce_only or standing.is_barred_in(context.state.trading_session):
        return None
    side = SIDES[context.side]
    quantity = context.quantity
    position = open_quantity = 0
    holding = team.holdings.get(market.instrument_id)
    if holding is not None:
        # The position as this side sees it: negated for a sell.
        position = -holding.position.quantity if side else holding.position.quantity
        open_quantity = holding.open_quantity[side]
    if replaced is not None:
        quantity -= replaced.filled_quantity
        open_quantity -= replaced.remaining_quantity
    room = max(-position - open_quantity, 0)
    if quantity <= room:
        return None
    if not market.is_option:
        step = market.contract_delta if side == BUY else -market.contract_delta
        before = delta_with_open_orders(context.state, team)
        if replaced is not None:
            before -= replaced.remaining_quantity * step
        if abs(before + quantity * step) < abs(before):
            return None
    filled = 0 if replaced is None else replaced.filled_quantity
    return Reject(
        ErrorCode.REDUCE_ONLY,
        "The team is reduce-only: its orders may only bring positions nearer to 0, or, in a spot instrument, the"
        " portfolio's delta; GET /account tells why",
        {
            "current_position": -position if side else position,
            "order_quantity": context.quantity,
            "open_quantity": open_quantity,
            "maximum": room + filled if room else 0,
        },
    )
