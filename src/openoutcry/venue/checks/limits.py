"""The role's limits, and the book that the order would meet."""

from openoutcry.clearing.exposure import instrument_exposure
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.orders import SELL, SIDE_NAMES, SIDES, Side
from openoutcry.domain.reasons import ErrorCode, Finding, Reject
from openoutcry.domain.rulebook import RoleRules
from openoutcry.domain.types import Ticks
from openoutcry.venue.checks.calls import book_refused_in_call
from openoutcry.venue.checks.context import OrderContext


def check_limits(context: OrderContext) -> Finding:
    """Limits on positions are limits on the worst case: what the team would hold if every working order of one side
    filled. So no sequence of fills can break them. An order that can only shrink the position always passes.
    """
    team, market, replaced = context.team, context.market, context.replaced
    quantity, price, rules = context.quantity, context.price, team.rules
    if quantity > rules.maximum_order_size:
        return _order_too_large(quantity, rules)
    side = SIDES[context.side]
    if not market.matches:
        finding = book_refused_in_call(context, side)
        if finding is not None:
            return finding
    elif context.post_only:
        assert price is not None, "a post-only order has a price"  # noqa: S101
        ticks, opposite = price.ticks, market.book.sides[1 - side]
        if opposite.best_rank >= (ticks if side else -ticks):
            best = opposite.price_of_rank(opposite.best_rank)
            return _post_only_would_trade(market.instrument, side, ticks, best)
    if not team.has_limits:
        return None
    may_rest = price is not None and (context.time_in_force == "day" or not market.matches)
    if may_rest:
        open_orders = len(team.open_orders) if replaced is None else len(team.open_orders) - 1
        if open_orders >= rules.maximum_open_orders:
            return _too_many_open_orders(open_orders, rules)
    holding = team.holdings.get(market.instrument_id)
    # The position as this side sees it: negated for a sell.
    position = open_quantity = opposite_quantity = exposure_here = 0
    if holding is not None:
        position = -holding.position.quantity if side else holding.position.quantity
        open_quantity = holding.open_quantity[side]
        opposite_quantity = holding.open_quantity[1 - side]
        exposure_here = holding.exposure
    working_quantity = quantity
    if replaced is not None:
        open_quantity -= replaced.remaining_quantity
        working_quantity -= replaced.filled_quantity
    opened = open_quantity + working_quantity
    worst = position + opened
    if worst > 0 or position >= 0:
        limit = rules.option_position_limit if market.is_option else rules.spot_position_limit
        if worst > limit:
            return _position_too_large(quantity, -position if side else position, open_quantity, limit)
        if market.is_option:
            elsewhere = team.total_option_exposure - exposure_here
            exposure = elsewhere + instrument_exposure(position, opened, opposite_quantity)
            if exposure > rules.total_option_exposure:
                present = elsewhere + instrument_exposure(position, open_quantity, opposite_quantity)
                return _exposure_too_large(quantity, present, exposure, rules)
    if may_rest and not rules.may_rest_both_sides and holding is not None and holding.open_orders[1 - side]:
        return _both_sides_at_work(holding.open_orders[1 - side])
    return None


def _order_too_large(quantity: int, rules: RoleRules) -> Reject:
    maximum = rules.maximum_order_size
    return Reject(
        ErrorCode.ORDER_SIZE_EXCEEDED,
        f"An order may have at most {maximum} contracts, not {quantity}",
        {"order_quantity": quantity, "limit": maximum, "minimum": 1, "maximum": maximum},
    )


def _post_only_would_trade(instrument: Instrument, side: Side, ticks: Ticks, best_ticks: Ticks) -> Reject:
    other, nearest = ("bid", best_ticks + 1) if side == SELL else ("ask", best_ticks - 1)
    return Reject(
        ErrorCode.POST_ONLY_WOULD_TRADE,
        f"The best {other} is {instrument.price_of(best_ticks)}: a post-only {SIDE_NAMES[side]} at"
        f" {instrument.price_of(ticks)} would trade at once",
        {
            f"best_{other}": instrument.price_of(best_ticks),
            "nearest": instrument.price_of(nearest) if 0 < nearest <= instrument.maximum_ticks else None,
        },
    )


def _too_many_open_orders(open_orders: int, rules: RoleRules) -> Reject:
    return Reject(
        ErrorCode.OPEN_ORDER_LIMIT_EXCEEDED,
        f"The team has {open_orders} open orders, its limit; cancel one first",
        {"open_orders": open_orders, "limit": rules.maximum_open_orders},
    )


def _position_too_large(quantity: int, position: int, open_quantity: int, limit: int) -> Reject:
    return Reject(
        ErrorCode.POSITION_LIMIT_EXCEEDED,
        f"Order would exceed position limit of {limit}",
        {
            "current_position": position,
            "order_quantity": quantity,
            "limit": limit,
            "open_quantity": open_quantity,
        },
    )


def _exposure_too_large(quantity: int, present: int, exposure: int, rules: RoleRules) -> Reject:
    limit = rules.total_option_exposure
    return Reject(
        ErrorCode.TOTAL_POSITION_LIMIT_EXCEEDED,
        f"Order would bring the total option exposure to {exposure}; the limit is {limit}",
        {"current_exposure": present, "order_quantity": quantity, "limit": limit},
    )


def _both_sides_at_work(opposite_orders: int) -> Reject:
    return Reject(
        ErrorCode.TWO_SIDED_QUOTING_NOT_ALLOWED,
        "The role may not have buys and sells at work in one instrument at once; cancel those of the other side first",
        {"open_opposite_orders": opposite_orders},
    )
