"""What trades do to both sides: fees, money, positions, what is left at work, and the reports of it."""

from collections.abc import Sequence
from typing import Final

from openoutcry.clearing.fees import fee
from openoutcry.domain.events import LiquidityType, OrderCancelled, OrderExecuted, TradePrinted
from openoutcry.domain.orders import LIFE_CYCLE
from openoutcry.domain.reasons import CancelReason
from openoutcry.domain.types import Money, Ticks, TradeId
from openoutcry.matching.continuous import Step
from openoutcry.matching.order import Order
from openoutcry.venue.market import Market
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state import VenueState
from openoutcry.venue.team import Holding, Team

cancelled: Final = OrderCancelled
executed: Final = OrderExecuted
trade_printed: Final = TradePrinted
SELF_TRADE_PREVENTION: Final = CancelReason.SELF_TRADE_PREVENTION

PARTIALLY_FILLED: Final = LIFE_CYCLE["partial_fill"]
FILLED: Final = LIFE_CYCLE["fill"]
CANCELLED: Final = LIFE_CYCLE["cancel"]


def settle(
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
            close_unfilled(outcome, maker_team, maker, SELF_TRADE_PREVENTION)
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


def close_unfilled(outcome: Outcome, team: Team, order: Order, reason: CancelReason) -> None:
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
