"""The cash check: equity covers the worst scenario, also with the order open."""

from openoutcry.domain.orders import SELL, SIDES
from openoutcry.domain.reasons import ErrorCode, Finding, Reject
from openoutcry.domain.types import MONEY_UNITS
from openoutcry.venue.bands import band_of
from openoutcry.venue.cash.requirement import equity, is_covered, largest_loss, requirement, requirement_with
from openoutcry.venue.checks.context import OrderContext
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.venue import VenueState


def check_cash(context: OrderContext) -> Finding:
    """An order that raises what equity must cover is refused if equity does not cover it then."""
    state, team, market, replaced = context.state, context.team, context.market, context.replaced
    margin, standing = team.margin, team.standing
    if margin is None or standing is None:
        return None
    if standing.is_barred_in(state.trading_session):
        return Reject(
            ErrorCode.INSUFFICIENT_CASH,
            "The team's equity fell below 0: it enters no more orders in this session",
            {"equity": equity(state, team) / MONEY_UNITS},
        )
    side = SIDES[context.side]
    price = context.price
    filled = 0 if replaced is None else replaced.filled_quantity
    if price is None:
        money = _worst_price(state, market, is_sell=side == SELL)
    else:
        money = price.ticks * market.instrument.tick_size
    own = equity(state, team)
    if replaced is None and is_covered(state, team, margin, own, largest_loss(market, side, context.quantity, money)):
        return None  # as of most orders: whatever it does in the worst scenario, equity covers it
    before = requirement(state, team, margin)
    after = requirement_with(state, team, margin, market, side, context.quantity - filled, money, replaced)
    if after <= before or own >= after:
        margin.at_most = max(before, after)
        return None
    return Reject(
        ErrorCode.INSUFFICIENT_CASH,
        f"With this order open, equity must cover {after / MONEY_UNITS:.2f}, and is {own / MONEY_UNITS:.2f}; a smaller"
        " order, or one that reduces a risk, may do",
        {
            "equity": own / MONEY_UNITS,
            "requirement": before / MONEY_UNITS,
            "requirement_after": after / MONEY_UNITS,
        },
    )


def _worst_price(state: VenueState, market: Market, *, is_sell: bool) -> int:
    """At what a market order may trade, in money units: the edge of the band; without one, the mark is taken."""
    band = band_of(state, market)
    if band is not None:
        lowest, highest = band
        return (lowest if is_sell else highest) * market.instrument.tick_size
    return 0 if market.mark is None else market.mark.value
