"""Checks of an order against its role's limits and against the book it would meet."""

from openoutcry.clearing.exposure import instrument_exposure
from openoutcry.domain.commands import SubmitOrder
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.orders import SELL, Side
from openoutcry.domain.reasons import ErrorCode, Reject
from openoutcry.domain.rulebook import RoleRules
from openoutcry.domain.types import Ticks


def check_limits(
    command: SubmitOrder,
    quantity: int,
    instrument: Instrument,
    is_option: bool,
    rules: RoleRules,
    side: Side,
    best_opposite: Ticks | None,
    may_rest: bool,
    signed_position: int,
    open_quantity: int,
    working_quantity: int,
    opposite_quantity: int,
    opposite_orders: int,
    open_orders: int,
    exposure_elsewhere: int,
) -> Reject | None:
    """The third part of the validation, read from top to bottom, of an order whose terms are sound.

    `quantity` is the command's, `is_option` the instrument's. `best_opposite`: the best price that a post-only order
    would meet, None for any other order. `may_rest`: whether it could come to rest in the book. `signed_position`: the
    position as its side sees it, negated for a sell. `open_quantity` and `opposite_quantity` are at work on its own and
    the other side, without what it would replace; `working_quantity` would be: its quantity, less what is filled
    already of an order that is amended. `open_orders` are the team's, `opposite_orders` its orders on the other side of
    this instrument, and `exposure_elsewhere` its option exposure in all others.

    Limits on positions are limits on the worst case: what the team would hold if every working order of one side
    filled. So no sequence of fills can break them. An order that can do nothing but shrink the position passes always.
    """
    if quantity > rules.maximum_order_size:
        return _order_too_large(quantity, rules)
    if best_opposite is not None:
        assert command.price is not None, "a post-only order has a price"  # noqa: S101
        ticks = command.price.ticks
        trades = ticks <= best_opposite if side == SELL else ticks >= best_opposite
        if trades:
            return _post_only_would_trade(command, instrument, side, ticks, best_opposite)
    if may_rest and open_orders >= rules.maximum_open_orders:
        return _too_many_open_orders(open_orders, rules)
    opened = open_quantity + working_quantity
    worst = signed_position + opened
    may_grow = worst > 0 or signed_position >= 0
    limit = rules.option_position_limit if is_option else rules.spot_position_limit
    if worst > limit and may_grow:
        position = -signed_position if side == SELL else signed_position
        return _position_too_large(quantity, position, open_quantity, limit)
    if is_option:
        exposure = exposure_elsewhere + instrument_exposure(signed_position, opened, opposite_quantity)
        if exposure > rules.total_option_exposure and may_grow:
            present = exposure_elsewhere + instrument_exposure(signed_position, open_quantity, opposite_quantity)
            return _exposure_too_large(quantity, present, exposure, rules)
    if may_rest and opposite_orders and not rules.may_rest_both_sides:
        return _both_sides_at_work(opposite_orders)
    return None


def _order_too_large(quantity: int, rules: RoleRules) -> Reject:
    maximum = rules.maximum_order_size
    return Reject(
        ErrorCode.ORDER_SIZE_EXCEEDED,
        f"An order may have at most {maximum} contracts, not {quantity}",
        {"order_quantity": quantity, "limit": maximum, "minimum": 1, "maximum": maximum},
    )


def _post_only_would_trade(
    command: SubmitOrder, instrument: Instrument, side: Side, ticks: Ticks, best_ticks: Ticks
) -> Reject:
    other, nearest = ("bid", best_ticks + 1) if side == SELL else ("ask", best_ticks - 1)
    return Reject(
        ErrorCode.POST_ONLY_WOULD_TRADE,
        f"The best {other} is {instrument.price_of(best_ticks)}: a post-only {command.side} at"
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
