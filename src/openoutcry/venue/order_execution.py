"""What happens to orders once they are accepted: enter, match, rest, amend, leave."""

from openoutcry.clearing.fees import fee
from openoutcry.domain.events import LiquidityType, TradePrinted
from openoutcry.domain.orders import Side
from openoutcry.domain.reasons import CancelReason
from openoutcry.domain.types import Ticks
from openoutcry.matching.continuous import is_fillable, match
from openoutcry.matching.order import Order
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state import Market, Team, VenueState


def enter(state: VenueState, outcome: Outcome, team: Team, market: Market, order: Order) -> None:
    """Acknowledge a new order, trade it as far as it goes, and let the rest wait or leave."""
    team.order_ids.append(order.order_id)
    outcome.acknowledged(team, order)
    prevention = state.rulebook.self_trade_prevention
    if order.time_in_force == "fok" and not is_fillable(market.book, order, prevention):
        _close_unfilled(outcome, team, order, CancelReason.FOK_NOT_FILLABLE)
        return
    trade(state, outcome, team, market, order)


def trade(state: VenueState, outcome: Outcome, team: Team, market: Market, order: Order) -> None:
    """Match an order that is not in the book, then rest, finish or cancel it."""
    remaining = order.remaining_quantity
    steps, expired = match(market.book, order, state.rulebook.self_trade_prevention)
    for maker, quantity in steps:
        if quantity:
            remaining -= quantity
            _fill(state, outcome, market, team, order, maker, quantity, remaining)
        else:
            _expire_maker(state, outcome, market, maker)
    if not remaining:
        team.closed_orders[order.order_id] = order
    elif expired:
        _close_unfilled(outcome, team, order, CancelReason.SELF_TRADE_PREVENTION)
    elif order.price is None:
        _close_unfilled(outcome, team, order, CancelReason.MARKET_REMAINDER)
    elif order.time_in_force == "day":
        _rest(outcome, team, market, order)
    else:
        _close_unfilled(outcome, team, order, CancelReason.IOC_REMAINDER)


def cancel(outcome: Outcome, team: Team, market: Market, order: Order, reason: CancelReason) -> None:
    """Take a resting order out of the book for good."""
    _withdraw(outcome, team, market, order)
    _close_unfilled(outcome, team, order, reason)


def cancel_all(
    state: VenueState,
    outcome: Outcome,
    team: Team,
    reason: CancelReason,
    instrument_id: str | None = None,
    side: Side | None = None,
) -> None:
    """Cancel the team's open orders, oldest entry first; all of them, or those in one instrument or on one side."""
    for order in list(team.open_orders.values()):
        if instrument_id in (None, order.instrument_id) and side in (None, order.side):
            cancel(outcome, team, state.markets[order.instrument_id], order, reason)


def reduce(outcome: Outcome, team: Team, market: Market, order: Order, quantity: int) -> None:
    """Make a resting order's total quantity smaller (or leave it), in its place."""
    by = order.quantity - quantity
    if by:
        market.book.reduce(order, by)
        team.work(team.holdings[order.instrument_id], order.side, -by, 0)
        outcome.touched(market, order)
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


def _rest(outcome: Outcome, team: Team, market: Market, order: Order) -> None:
    market.book.add(order)
    team.open_orders[order.order_id] = order
    team.work(team.holding(market.instrument), order.side, order.remaining_quantity, 1)
    outcome.touched(market, order)


def _withdraw(outcome: Outcome, team: Team, market: Market, order: Order) -> None:
    """Take a resting order out of the book, for now or for good."""
    market.book.remove(order)
    _no_longer_works(outcome, team, market, order, order.remaining_quantity)


def _no_longer_works(outcome: Outcome, team: Team, market: Market, order: Order, quantity: int) -> None:
    """Account for an order of which `quantity` was at work and that has left the book."""
    del team.open_orders[order.order_id]
    team.work(team.holdings[order.instrument_id], order.side, -quantity, -1)
    outcome.touched(market, order)


def _close_unfilled(outcome: Outcome, team: Team, order: Order, reason: CancelReason) -> None:
    order.change("cancel")
    team.closed_orders[order.order_id] = order
    outcome.cancelled(team, order, reason)


def _expire_maker(state: VenueState, outcome: Outcome, market: Market, maker: Order) -> None:
    team = state.team(maker.team_id)
    _no_longer_works(outcome, team, market, maker, maker.remaining_quantity)
    _close_unfilled(outcome, team, maker, CancelReason.SELF_TRADE_PREVENTION)


def _fill(
    state: VenueState,
    outcome: Outcome,
    market: Market,
    taker_team: Team,
    taker: Order,
    maker: Order,
    quantity: int,
    taker_remaining: int,
) -> None:
    """Settle one trade at the maker's price: money and positions of both sides, reports to both, one public print."""
    price = maker.price
    assert price is not None, "only limit orders rest"  # noqa: S101
    trade_id = state.take_trade_id()
    maker_team = state.team(maker.team_id)
    same_owner = maker.owner == taker.owner
    for team, order, remaining, is_taker in (
        (taker_team, taker, taker_remaining, True),
        (maker_team, maker, maker.remaining_quantity, False),
    ):
        order.change("partial_fill" if remaining else "fill")
        order.cumulative_value += price * quantity
        fees = fee(team.rules, quantity, is_taker=is_taker, same_owner=same_owner)
        state.fees_collected += fees  # type: ignore[assignment]
        holding = team.holding(market.instrument)
        holding.has_traded = True
        signed_quantity = -quantity if order.side else quantity
        team.account.settle(holding.position, signed_quantity, price * market.tick_value, fees)  # type: ignore[arg-type]
        if is_taker:
            if holding.counts_as_option:
                team.recount_exposure(holding)
        else:
            team.work(holding, order.side, -quantity, 0 if remaining else -1)
            if not remaining:
                del team.open_orders[order.order_id]
                team.closed_orders[order.order_id] = order
        liquidity: LiquidityType = "taker" if is_taker else "maker"
        outcome.executed(team, order, trade_id, price, quantity, remaining, order.status, liquidity, fees)
    outcome.touched(market, maker)
    printed = TradePrinted(trade_id, maker.instrument_id, price, quantity, taker.side)
    market.trades.append((outcome.now, printed))
    outcome.told(printed)
