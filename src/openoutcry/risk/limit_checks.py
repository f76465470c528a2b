"""Checks of an order against its role's limits and against the book it would meet."""

from openoutcry.domain.instruments import Instrument
from openoutcry.domain.orders import SELL
from openoutcry.domain.reasons import ErrorCode, Reject
from openoutcry.domain.rulebook import RoleRules
from openoutcry.risk.exposure import instrument_exposure, only_reduces, worst_case
from openoutcry.risk.proposal import Finding, Proposal


def check_order_size(proposal: Proposal) -> Finding:
    quantity, maximum = proposal.command.quantity, proposal.rules.maximum_order_size
    if quantity <= maximum:
        return None
    return Reject(
        ErrorCode.ORDER_SIZE_EXCEEDED,
        f"An order may have at most {maximum} contracts, not {quantity}",
        {"order_quantity": quantity, "limit": maximum, "minimum": 1, "maximum": maximum},
    )


def check_post_only(proposal: Proposal) -> Finding:
    command = proposal.command
    best = proposal.best_opposite_rank
    if not command.post_only or best is None or command.price is None:
        return None
    instrument = proposal.instrument
    assert instrument is not None, "the instrument is checked first"  # noqa: S101
    sells = proposal.side == SELL
    ticks = command.price.ticks
    best_ticks = best if sells else -best
    if (ticks > best_ticks) if sells else (ticks < best_ticks):
        return None
    other, nearest = ("bid", best_ticks + 1) if sells else ("ask", best_ticks - 1)
    return Reject(
        ErrorCode.POST_ONLY_WOULD_TRADE,
        f"The best {other} is {instrument.price_of(best_ticks)}: a post-only {command.side} at"
        f" {instrument.price_of(ticks)} would trade at once",
        {
            f"best_{other}": instrument.price_of(best_ticks),
            "nearest": instrument.price_of(nearest) if 0 < nearest <= instrument.maximum_ticks else None,
        },
    )


def check_open_orders(proposal: Proposal) -> Finding:
    maximum = proposal.rules.maximum_open_orders
    if proposal.open_orders < maximum or not proposal.may_rest:
        return None
    return Reject(
        ErrorCode.OPEN_ORDER_LIMIT_EXCEEDED,
        f"The team has {proposal.open_orders} open orders, which is all it may have; cancel one first",
        {"open_orders": proposal.open_orders, "limit": maximum},
    )


def check_position_limit(proposal: Proposal) -> Finding:
    """The instrument's limit, on the worst case; an order that can only reduce always passes."""
    instrument, position = proposal.instrument, proposal.signed_position
    assert instrument is not None, "the instrument is checked first"  # noqa: S101
    limit = position_limit(proposal.rules, instrument)
    worst = worst_case(position, proposal.open_quantity, proposal.working_quantity)
    if worst <= limit or only_reduces(position, worst):
        return None
    return Reject(
        ErrorCode.POSITION_LIMIT_EXCEEDED,
        f"Order would exceed position limit of {limit}",
        {
            "current_position": -position if proposal.side == SELL else position,
            "order_quantity": proposal.command.quantity,
            "limit": limit,
            "open_quantity": proposal.open_quantity,
        },
    )


def check_total_exposure(proposal: Proposal) -> Finding:
    """The sum over all options of the worst case on either side."""
    instrument, position = proposal.instrument, proposal.signed_position
    assert instrument is not None, "the instrument is checked first"  # noqa: S101
    if instrument.kind != "option":
        return None
    limit = proposal.rules.total_option_exposure
    opened = proposal.open_quantity + proposal.working_quantity
    here = instrument_exposure(position, opened, proposal.opposite_quantity)
    total = proposal.total_elsewhere + here
    if total <= limit or only_reduces(position, position + opened):
        return None
    return Reject(
        ErrorCode.TOTAL_POSITION_LIMIT_EXCEEDED,
        f"Order would bring the total option exposure to {total}; the limit is {limit}",
        {
            "current_exposure": proposal.total_elsewhere
            + instrument_exposure(position, proposal.open_quantity, proposal.opposite_quantity),
            "order_quantity": proposal.command.quantity,
            "limit": limit,
        },
    )


def check_two_sided(proposal: Proposal) -> Finding:
    """Some roles may not have a bid and an ask at work in one instrument at once."""
    if proposal.rules.may_rest_both_sides or not proposal.opposite_orders or not proposal.may_rest:
        return None
    return Reject(
        ErrorCode.TWO_SIDED_QUOTING_NOT_ALLOWED,
        "The role may not have buys and sells at work in one instrument at once; cancel those of the other side first",
        {"open_opposite_orders": proposal.opposite_orders},
    )


def position_limit(rules: RoleRules, instrument: Instrument) -> int:
    """The most contracts or lots that the role may hold in `instrument`, long or short."""
    return rules.option_position_limit if instrument.kind == "option" else rules.spot_position_limit
