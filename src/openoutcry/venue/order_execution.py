"""What happens to orders once they are accepted: enter, match, rest, amend, leave."""

from collections.abc import Sequence
from typing import Final

from openoutcry.clearing.fees import fee
from openoutcry.domain.events import LiquidityType, OrderAcknowledged, OrderCancelled, OrderExecuted, TradePrinted
from openoutcry.domain.orders import LIFE_CYCLE, Side, TimeInForce
from openoutcry.domain.reasons import CancelReason
from openoutcry.domain.types import ClientOrderId, Money, OrderId, Ticks, TradeId
from openoutcry.matching.continuous import Step, is_fillable, match
from openoutcry.matching.order import Order, new_order
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state import Holding, Market, Team, VenueState

# Looked up once: Python 3.11 takes a quarter of a microsecond to find a member of an enumeration, and compiled code
# looks each global of another module up in a dictionary.
acknowledged: Final = OrderAcknowledged
cancelled: Final = OrderCancelled
executed: Final = OrderExecuted
trade_printed: Final = TradePrinted
FOK_NOT_FILLABLE: Final = CancelReason.FOK_NOT_FILLABLE
IOC_REMAINDER: Final = CancelReason.IOC_REMAINDER
MARKET_REMAINDER: Final = CancelReason.MARKET_REMAINDER
SELF_TRADE_PREVENTION: Final = CancelReason.SELF_TRADE_PREVENTION

PARTIALLY_FILLED: Final = LIFE_CYCLE["partial_fill"]
FILLED: Final = LIFE_CYCLE["fill"]
CANCELLED: Final = LIFE_CYCLE["cancel"]


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
    is_quote: bool = False,
) -> Order:
    """Acknowledge a new order with these terms, trade it as far as it goes, and let the rest wait or leave."""
    order_id: OrderId = state.next_order_id  # type: ignore[assignment]
    state.next_order_id = order_id + 1
    team_id, instrument_id = team.team_id, market.instrument_id
    order = new_order(
        order_id,
        team_id,
        team.owner,
        instrument_id,
        side,
        price,
        quantity,
        time_in_force,
        post_only,
        client_order_id,
        outcome.now,
        is_quote,
    )
    team.seq = seq = team.seq + 1
    outcome.private.append(
        acknowledged(
            team_id, seq, order_id, client_order_id, instrument_id, side, price, quantity, quantity, time_in_force
        )
    )
    if time_in_force == "fok" and not is_fillable(market.book, order, state.self_trade_prevention):
        _close_unfilled(outcome, team, order, FOK_NOT_FILLABLE)
    else:
        trade(state, outcome, team, market, order)
    return order


def trade(state: VenueState, outcome: Outcome, team: Team, market: Market, order: Order) -> None:
    """Match an order that is not in the book, then rest, finish or cancel it."""
    if market not in outcome.markets:
        outcome.markets.append(market)
    side, remaining_quantity = order.side, order.remaining_quantity
    sides = market.book.sides
    expired = False
    if sides[1 - side].best_rank >= -order.rank:
        wanted = remaining_quantity
        steps, expired = match(market.book, order, state.self_trade_prevention)
        if steps:
            _settle(state, outcome, team, market, order, wanted, steps)
        remaining_quantity = order.remaining_quantity
    if not remaining_quantity:
        team.close(order)
    elif expired:
        _close_unfilled(outcome, team, order, SELF_TRADE_PREVENTION)
    elif order.price is None:
        _close_unfilled(outcome, team, order, MARKET_REMAINDER)
    elif order.time_in_force == "day":
        sides[side].add(order)
        team.open_orders[order.order_id] = order
        holding = team.holdings.get(order.instrument_id) or team.holding(market)
        holding.open_quantity[side] += remaining_quantity
        holding.open_orders[side] += 1
        if holding.counts_as_option:
            team.recount_exposure(holding)
    else:
        _close_unfilled(outcome, team, order, IOC_REMAINDER)


def cancel(outcome: Outcome, team: Team, market: Market, order: Order, reason: CancelReason) -> None:
    """Take a resting order out of the book for good."""
    _withdraw(outcome, team, market, order)
    del team.open_orders[order.order_id]
    _close_unfilled(outcome, team, order, reason)


def cancel_all(
    state: VenueState,
    outcome: Outcome,
    team: Team,
    reason: CancelReason,
    instrument_id: str | None = None,
    side: Side | None = None,
) -> None:
    """Cancel the team's open orders, oldest first; all of them, or those in one instrument or on one side."""
    for order in list(team.open_orders.values()):
        if instrument_id in (None, order.instrument_id) and side in (None, order.side):
            cancel(outcome, team, state.markets[order.instrument_id], order, reason)


def reduce(outcome: Outcome, team: Team, market: Market, order: Order, quantity: int) -> None:
    """Make a resting order's total quantity smaller, in its place."""
    by = order.quantity - quantity
    if market not in outcome.markets:
        outcome.markets.append(market)
    market.book.sides[order.side].reduce(order, by)
    team.work(team.holdings[order.instrument_id], order.side, -by, 0)
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
    if market not in outcome.markets:
        outcome.markets.append(market)
    side = order.side
    market.book.sides[side].remove(order)
    holding = team.holdings[order.instrument_id]
    holding.open_quantity[side] -= order.remaining_quantity
    holding.open_orders[side] -= 1
    if holding.counts_as_option:
        team.recount_exposure(holding)


def _close_unfilled(outcome: Outcome, team: Team, order: Order, reason: CancelReason) -> None:
    order.status = CANCELLED[order.status]
    team.close(order)
    team.seq = seq = team.seq + 1
    outcome.private.append(
        cancelled(
            team.team_id,
            seq,
            order.order_id,
            order.client_order_id,
            order.instrument_id,
            order.side,
            order.remaining_quantity,
            reason,
        )
    )


def _settle(
    state: VenueState,
    outcome: Outcome,
    taker_team: Team,
    market: Market,
    taker: Order,
    wanted: int,
    steps: Sequence[Step],
) -> None:
    """Settle what matching has done with makers, each trade at the maker's price: money and positions of both sides,
    reports to both, one public print. `wanted` is what the taker had left before the first.
    """
    taker_holding = taker_team.holding(market)
    teams, tick_value = state.teams, market.tick_value
    for maker, quantity in steps:
        maker_team = teams[maker.team_id - 1]
        maker_holding = maker_team.holdings[maker.instrument_id]
        left = maker.remaining_quantity
        if not quantity:
            # It has left the book, for its owner is the taker's.
            del maker_team.open_orders[maker.order_id]
            maker_team.work(maker_holding, maker.side, -left, -1)
            _close_unfilled(outcome, maker_team, maker, SELF_TRADE_PREVENTION)
            continue
        wanted -= quantity
        price = maker.price
        assert price is not None, "only limit orders rest"  # noqa: S101
        value: Money = price * tick_value  # type: ignore[assignment]
        same_owner = maker.owner == taker.owner
        trade_id: TradeId = state.next_trade_id  # type: ignore[assignment]
        state.next_trade_id = trade_id + 1
        taker_fees = fee(taker_team.rules, quantity, True, same_owner)
        maker_fees = fee(maker_team.rules, quantity, False, same_owner)
        state.fees_collected += taker_fees + maker_fees  # type: ignore[assignment]
        _fill(outcome, taker_team, taker_holding, taker, trade_id, price, quantity, wanted, value, taker_fees, "taker")
        _fill(outcome, maker_team, maker_holding, maker, trade_id, price, quantity, left, value, maker_fees, "maker")
        side = maker.side
        maker_holding.open_quantity[side] -= quantity
        if not left:
            maker_holding.open_orders[side] -= 1
            del maker_team.open_orders[maker.order_id]
            maker_team.close(maker)
        if maker_holding.counts_as_option:
            maker_team.recount_exposure(maker_holding)
        printed = trade_printed(trade_id, maker.instrument_id, price, quantity, taker.side)
        market.trades.append((outcome.now, printed))
        outcome.public.append(printed)
    if taker_holding.counts_as_option:
        taker_team.recount_exposure(taker_holding)


def _fill(
    outcome: Outcome,
    team: Team,
    holding: Holding,
    order: Order,
    trade_id: TradeId,
    price: Ticks,
    quantity: int,
    remaining_quantity: int,
    value: Money,
    fees: Money,
    liquidity_type: LiquidityType,
) -> None:
    """Book one side of a trade, at `value` money per contract, and report the order as it stands right after it."""
    status = order.status = (PARTIALLY_FILLED if remaining_quantity else FILLED)[order.status]
    cumulative_value = order.cumulative_value = order.cumulative_value + price * quantity
    side = order.side
    team.account.settle(holding.position, -quantity if side else quantity, value, fees)
    if not holding.is_to_be_told:
        holding.has_traded = holding.is_to_be_told = True
        outcome.traded.append((team, holding))
    team.seq = seq = team.seq + 1
    event = executed(
        team.team_id,
        seq,
        order.order_id,
        order.client_order_id,
        trade_id,
        order.instrument_id,
        side,
        price,
        quantity,
        order.quantity - remaining_quantity,
        remaining_quantity,
        cumulative_value,
        status,
        liquidity_type,
        fees,
    )
    outcome.private.append(event)
    fill = (outcome.now, event)
    if order.fills is None:
        order.fills = [fill]
    else:
        order.fills.append(fill)
    team.fills.append(fill)
    team.fill_count += 1
