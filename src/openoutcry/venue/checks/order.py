"""The validation of an order: `CHECKS`, read from top to bottom. It reads the state and changes none of it.

A new check is a function in a file of its own, with its place in the list, in `find_fault` and in `find_quote_fault`.
"""

from collections.abc import Callable
from typing import Final

from openoutcry.domain.commands import Price, SubmitOrder
from openoutcry.domain.orders import SIDE_NAMES, Side
from openoutcry.domain.reasons import Finding
from openoutcry.matching.order import Order
from openoutcry.venue.checks.band import check_band
from openoutcry.venue.checks.cash import check_cash
from openoutcry.venue.checks.context import OrderContext
from openoutcry.venue.checks.delta import check_delta
from openoutcry.venue.checks.limits import check_limits
from openoutcry.venue.checks.market import check_market
from openoutcry.venue.checks.reduce_only import check_reduce_only
from openoutcry.venue.checks.sender import check_sender
from openoutcry.venue.checks.terms import check_terms
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.team import Team
from openoutcry.venue.state.venue import VenueState

CHECKS: Final[tuple[Callable[[OrderContext], Finding], ...]] = (
    check_sender,
    check_market,
    check_terms,
    check_band,
    check_limits,
    check_reduce_only,
    check_delta,
    check_cash,
)


def find_fault(state: VenueState, command: SubmitOrder, replaced: Order | None = None) -> Finding:
    """The finding of the first check that has one. `replaced` as in `OrderContext`."""
    team_id = command.team_id
    assert team_id > 0, "teams count from 1"  # noqa: S101
    context = OrderContext()
    context.state = state
    context.command = command
    context.team = state.teams[team_id - 1]
    context.side = command.side
    context.quantity = command.quantity
    context.price = command.price
    context.time_in_force = command.time_in_force
    context.post_only = command.post_only
    context.replaced = replaced
    # `CHECKS` written out, as a test holds it to be: a loop over functions costs Python 3.11 a thousand instructions. A
    # check that most scenarios do not have is called only where there is something to check: a call costs hundreds.
    return (
        check_sender(context)
        or check_market(context)
        or check_terms(context)
        or (None if context.market.band is None else check_band(context))
        or check_limits(context)
        or (
            None
            if context.team.standing is None
            else check_reduce_only(context) or check_delta(context) or check_cash(context)
        )
    )


def context_of_quotes(state: VenueState, team: Team) -> OrderContext:
    """For the sides of all quotes of a command, one after the other."""
    context = OrderContext()
    context.state = state
    context.team = team
    context.time_in_force = "day"
    context.replaced = None
    return context


def find_quote_fault(context: OrderContext, market: Market, side: Side, price: Price, quantity: int) -> Finding:
    """The same for one side of a quote, whose sender and market are judged already, once for both sides. It promises
    not to trade, where orders trade as they come.
    """
    context.market = market
    context.post_only = market.matches
    context.side = SIDE_NAMES[side]
    context.price = price
    context.quantity = quantity
    return (
        check_terms(context)
        or (None if market.band is None else check_band(context))
        or check_limits(context)
        or (
            None
            if context.team.standing is None
            else check_reduce_only(context) or check_delta(context) or check_cash(context)
        )
    )
