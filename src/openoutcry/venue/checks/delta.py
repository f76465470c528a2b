"""The limit of the portfolio's delta: an order that is filled in full must not take it further beyond."""

from openoutcry.domain.day.duties import DUTY_UNITS
from openoutcry.domain.orders import BUY, SIDES
from openoutcry.domain.reasons import ErrorCode, Finding, Reject
from openoutcry.venue.checks.context import OrderContext
from openoutcry.venue.duties.deltas import portfolio_delta


def check_delta(context: OrderContext) -> Finding:
    """On positions alone, at the last marks."""
    team, market, replaced = context.team, context.market, context.replaced
    rules = None if team.standing is None else team.standing.rules.delta
    if rules is None:
        return None
    filled = 0 if replaced is None else replaced.filled_quantity
    step = market.contract_delta if SIDES[context.side] == BUY else -market.contract_delta
    if not step:
        return None
    unit = context.state.delta_unit
    before = portfolio_delta(context.state, team)
    after = before + (context.quantity - filled) * step
    size = abs(after)
    if size <= rules.limit * unit or size <= abs(before):
        return None
    # As far as the limit on the other side, or back to where it is.
    reach = max(rules.limit * unit, abs(before))
    most = (reach - before) // step if step > 0 else (reach + before) // -step
    return Reject(
        ErrorCode.DELTA_LIMIT_EXCEEDED,
        f"Filled in full, the order would bring the portfolio's delta to {_told(after, unit)} contracts of the index;"
        f" the limit is {rules.limit} on either side",
        {
            "current_delta": _told(before, unit),
            "delta_after": _told(after, unit),
            "limit": rules.limit,
            "order_quantity": context.quantity,
            "maximum": most + filled if most else 0,
        },
    )


def _told(delta: int, unit: int) -> float:
    """In contracts of the index, for the refusal alone."""
    return delta * DUTY_UNITS // unit / DUTY_UNITS
