"""What happens to orders once they are accepted: enter, match, rest, amend, leave."""

from typing import Final

from openoutcry.domain.day.phases import PHASE_RULES
from openoutcry.domain.day.tasks import CancelOrdersOfTeam
from openoutcry.domain.orders import Side, TimeInForce
from openoutcry.domain.reasons import CancelReason
from openoutcry.domain.types import ClientOrderId, OrderId, Ticks
from openoutcry.matching.continuous import is_fillable, match
from openoutcry.matching.order import Order, new_order
from openoutcry.venue.bands import band_of
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.settlement import close_unfilled, settle
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.team import Holding, Team
from openoutcry.venue.state.venue import VenueState

# Looked up once: finding a member of an enumeration takes Python 3.11 a quarter of a microsecond.
FOK_NOT_FILLABLE: Final = CancelReason.FOK_NOT_FILLABLE
IOC_REMAINDER: Final = CancelReason.IOC_REMAINDER
MARKET_REMAINDER: Final = CancelReason.MARKET_REMAINDER
SELF_TRADE_PREVENTION: Final = CancelReason.SELF_TRADE_PREVENTION


def enter(
    state: VenueState,
    outcome: Outcome,
    team: Team,
    market: Market,
    side: Side,
    price: Ticks | None,
    quantity: int,
    time_in_force: TimeInForce = "day",
    post_only: bool = False,
    client_order_id: ClientOrderId | None = None,
) -> Order:
    """Acknowledge a new order with these terms, trade it as far as possible, and let the rest wait or leave.

    A market order trades up to the edge of the price band, where there is one.
    """
    order_id: OrderId = state.next_order_id  # type: ignore[assignment]
    state.next_order_id = order_id + 1
    order = new_order(
        order_id,
        team.team_id,
        team.owner,
        market.instrument_id,
        side,
        price,
        quantity,
        time_in_force,
        post_only,
        client_order_id,
        outcome.now,
    )
    if price is None:
        band = band_of(state, market)
        if band is not None:
            order.rank = -band[0] if side else band[1]
    outcome.acknowledged(team, market, order)
    if time_in_force == "fok" and market.matches and not is_fillable(market.book, order, state.self_trade_prevention):
        close_unfilled(outcome, team, order, FOK_NOT_FILLABLE)
    else:
        trade(state, outcome, team, market, order)
    return order


def enter_quote(
    state: VenueState,
    outcome: Outcome,
    team: Team,
    market: Market,
    holding: Holding,
    side: Side,
    price: Ticks,
    quantity: int,
) -> Order:
    """Acknowledge one side of a quote and let it rest. It has been judged to trade with nothing as it comes, so it is
    not matched as `enter` matches orders: most orders of a session are sides of quotes.
    """
    order_id: OrderId = state.next_order_id  # type: ignore[assignment]
    state.next_order_id = order_id + 1
    order = new_order(
        order_id,
        team.team_id,
        team.owner,
        market.instrument_id,
        side,
        price,
        quantity,
        "day",
        market.matches,
        None,
        outcome.now,
        True,
    )
    outcome.acknowledged(team, market, order)
    market.book.sides[side].add(order)
    team.open_orders[order_id] = order
    team.work(holding, order, quantity, 1)
    return order


def trade(state: VenueState, outcome: Outcome, team: Team, market: Market, order: Order) -> None:
    """Match an order that is not in the book, then rest, finish or cancel it. The outcome knows the market already."""
    side, remaining_quantity = order.side, order.remaining_quantity
    sides = market.book.sides
    expired = False
    if market.matches and sides[1 - side].best_rank >= -order.rank:
        wanted = remaining_quantity
        steps, expired = match(market.book, order, state.self_trade_prevention)
        if steps:
            settle(state, outcome, team, market, order, wanted, steps)
        remaining_quantity = order.remaining_quantity
    if not remaining_quantity:
        team.close(order)
    elif expired:
        close_unfilled(outcome, team, order, SELF_TRADE_PREVENTION)
    elif order.price is None:
        close_unfilled(outcome, team, order, MARKET_REMAINDER)
    elif order.time_in_force == "day" or market.gathers:
        sides[side].add(order)
        team.open_orders[order.order_id] = order
        holding = team.holdings.get(order.instrument_id) or team.holding(market)
        team.work(holding, order, remaining_quantity, 1)
        if order.time_in_force != "day":
            market.fleeting[order.order_id] = order
    else:
        close_unfilled(outcome, team, order, IOC_REMAINDER)


def cancel(outcome: Outcome, team: Team, market: Market, order: Order, reason: CancelReason) -> None:
    """Take a resting order out of the book for good."""
    _withdraw(outcome, team, market, order)
    del team.open_orders[order.order_id]
    close_unfilled(outcome, team, order, reason)


def cancel_all(
    state: VenueState,
    outcome: Outcome,
    team: Team,
    reason: CancelReason,
    instrument_id: str | None = None,
    side: Side | None = None,
) -> None:
    """Cancel the team's open orders, oldest first; all of them, or those in one instrument or on one side.

    Those stay that their instrument's phase lets nobody cancel.
    """
    for order in list(team.open_orders.values()):
        if instrument_id in (None, order.instrument_id) and side in (None, order.side):
            market = state.markets[order.instrument_id]
            if PHASE_RULES[market.phase].may_cancel:
                cancel(outcome, team, market, order, reason)


def cancel_all_in_time(state: VenueState, outcome: Outcome, team: Team, reason: CancelReason) -> None:
    """Cancel all of the team's open orders: now, or as soon as the auction has ended that they are in."""
    cancel_all(state, outcome, team, reason)
    if team.open_orders:
        state.day.begin_last(CancelOrdersOfTeam(team.team_id, OrderId(state.next_order_id), reason))


def reduce(outcome: Outcome, team: Team, market: Market, order: Order, quantity: int) -> None:
    """Make a resting order's total quantity smaller, in its place."""
    by = order.quantity - quantity
    outcome.touched(market)
    market.book.sides[order.side].reduce(order, by)
    team.work(team.holdings[order.instrument_id], order, -by, 0)
    order.change("amend")
    outcome.amended(team, order, kept_priority=True)


def replace(
    state: VenueState, outcome: Outcome, team: Team, market: Market, order: Order, quantity: int, price: Ticks
) -> None:
    """Give a resting order new terms at the back of the queue; a price that crosses trades at once."""
    _withdraw(outcome, team, market, order)
    order.remaining_quantity = quantity - order.filled_quantity
    order.quantity = quantity
    order.reprice(price)
    order.change("amend")
    outcome.amended(team, order, kept_priority=False)
    trade(state, outcome, team, market, order)
    # It has kept its place among the team's open orders, which are in order of their ids.
    if order.is_closed:
        del team.open_orders[order.order_id]


def _withdraw(outcome: Outcome, team: Team, market: Market, order: Order) -> None:
    """Take a resting order out of the book, for now or for good; the team's open orders are left to the caller."""
    outcome.touched(market)
    market.book.sides[order.side].remove(order)
    team.work(team.holdings[order.instrument_id], order, -order.remaining_quantity, -1)
