"""What trades do to both sides: fees, money, positions, working quantities, reports."""

from collections.abc import Sequence
from typing import Final

from openoutcry.clearing.fees import fee
from openoutcry.domain.events import LiquidityType
from openoutcry.domain.orders import LIFE_CYCLE
from openoutcry.domain.reasons import CancelReason
from openoutcry.domain.types import Money, Ticks, TradeId
from openoutcry.matching.continuous import Step
from openoutcry.matching.order import Order
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.team import Holding, Team
from openoutcry.venue.state.venue import VenueState

SELF_TRADE_PREVENTION: Final = CancelReason.SELF_TRADE_PREVENTION

NO_FEES: Final = Money(0)

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
            # It has left the book, because its owner is the taker's.
            maker_team.work(maker_holding, maker, -left, -1)
            del maker_team.open_orders[maker.order_id]
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
        outcome.printed(market, trade_id, price, quantity, taker.side)
        maker_team.work(maker_holding, maker, -quantity, 0 if left else -1)
        if not left:
            del maker_team.open_orders[maker.order_id]
            maker_team.close(maker)
    # The taker was not in the book, but its position has changed, and with it the exposure.
    taker_team.work(taker_holding, taker, 0, 0)


def settle_auction(
    state: VenueState, outcome: Outcome, market: Market, buy: Order, sell: Order, price: Ticks, quantity: int
) -> None:
    """Settle what two orders have traded in an auction, at its price. Nobody pays for it."""
    value: Money = price * market.tick_value  # type: ignore[assignment]
    trade_id: TradeId = state.next_trade_id  # type: ignore[assignment]
    state.next_trade_id = trade_id + 1
    for order in (buy, sell):
        team = state.teams[order.team_id - 1]
        holding = team.holdings[order.instrument_id]
        left = order.remaining_quantity
        _fill(outcome, team, holding, order, trade_id, price, quantity, left, value, NO_FEES, "auction")
        team.work(holding, order, -quantity, 0 if left else -1)
        if not left:
            del team.open_orders[order.order_id]
            team.close(order)
    outcome.printed(market, trade_id, price, quantity, None)


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
    order.status = (PARTIALLY_FILLED if remaining_quantity else FILLED)[order.status]
    order.cumulative_value += price * quantity
    team.account.settle(holding.position, -quantity if order.side else quantity, value, fees)
    if not holding.is_to_be_summed or not holding.has_traded:
        team.traded(holding)
    fill = outcome.executed(team, holding, order, trade_id, price, quantity, remaining_quantity, liquidity_type, fees)
    team.keep_fill(order, fill)


def close_unfilled(outcome: Outcome, team: Team, order: Order, reason: CancelReason) -> None:
    """End an order that has left the book with remaining quantity."""
    order.status = CANCELLED[order.status]
    team.close(order)
    outcome.cancelled(team, order, reason)
