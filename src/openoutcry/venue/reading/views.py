"""Frozen copies of what the venue holds."""

from openoutcry.clearing.exposure import position_limit
from openoutcry.domain.day.duties import DUTY_UNITS
from openoutcry.domain.day.quote_protection import ProtectedGroupView
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.types import Money, TimestampUs
from openoutcry.domain.views import (
    AccountView,
    DutyView,
    ExposureView,
    FillView,
    OrderView,
    StandingView,
    TeamView,
)
from openoutcry.matching.order import Fill, Order
from openoutcry.venue.cash.requirement import equity, requirement
from openoutcry.venue.duties.deltas import portfolio_delta
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.quote_protection import ProtectedGroup
from openoutcry.venue.state.team import Holding, Team
from openoutcry.venue.state.venue import VenueState


def account_view(state: VenueState, team: Team) -> AccountView:
    return AccountView(
        team_id=team.team_id,
        team_name=team.name,
        role=team.role,
        suspended=team.suspended,
        cash=team.account.cash,
        realized_pnl=Money(sum(holding.position.realized_pnl for holding in team.holdings.values())),
        unrealized_pnl=Money(
            sum(
                _unrealized_pnl(state.markets[instrument_id], holding)
                for instrument_id, holding in team.holdings.items()
            )
        ),
        fees_paid=team.account.fees_paid,
        open_orders=len(team.open_orders),
        total_option_exposure=team.total_option_exposure,
        exposure=tuple(
            ExposureView(
                instrument_id=instrument_id,
                position=holding.position.quantity,
                open_buy_quantity=holding.open_quantity[BUY],
                open_sell_quantity=holding.open_quantity[SELL],
                limit=position_limit(team.rules, state.markets[instrument_id].instrument),
            )
            for instrument_id, holding in sorted(team.holdings.items())
            if state.markets[instrument_id].settlement is None
        ),
        delta=portfolio_delta(state, team) * DUTY_UNITS // state.delta_unit,
        standing=standing_view(state, team),
        equity=Money(equity(state, team)),
        requirement=None if team.margin is None else Money(requirement(state, team, team.margin)),
    )


def standing_view(state: VenueState, team: Team) -> StandingView | None:
    """None if no rule of the game binds the team."""
    standing = team.standing
    if standing is None:
        return None
    return StandingView(
        duties=tuple(
            DutyView(
                duty=record.duty,
                state=record.state,
                measured=record.measured,
                required=record.required,
                since=record.since,
            )
            for record in standing.duties
        ),
        level=standing.level,
        level_since=standing.level_since,
        is_reduce_only=standing.is_reduce_only,
        utc_offset=state.day.utc_offset,
    )


def _unrealized_pnl(market: Market, holding: Holding) -> Money:
    """The open position at its mark, less what it cost; a settled one at what it pays.

    Where the venue is told no marks, the mark is the median of best bid, best ask and last trade, those that exist: a
    lone quote moves it no further than to the next of the others. None of them: there is no mark, and this is 0.
    """
    position, settlement, mark = holding.position, market.settlement, market.mark
    held = position.quantity
    if not held:
        return Money(0)
    if settlement is not None:
        return Money(held * settlement.settlement_price * market.tick_value - position.cost_basis)
    if mark is not None:
        return Money(held * mark.value * market.instrument.multiplier - position.cost_basis)
    prices: list[int] = [side.best.price for side in market.book.sides if side.best is not None]
    if market.trades:
        prices.append(market.trades[-1][1].price)
    if not prices:
        return Money(0)
    prices.sort()
    doubled_median: int = prices[(len(prices) - 1) // 2] + prices[len(prices) // 2]
    return Money(held * doubled_median * market.tick_value // 2 - position.cost_basis)


def team_view(team: Team) -> TeamView:
    return TeamView(team_id=team.team_id, team_name=team.name, role=team.role, suspended=team.suspended)


def protected_group_view(
    underlying: str, group: ProtectedGroup, per_index: int, moment: TimestampUs, utc_offset: int | None
) -> ProtectedGroupView:
    is_counting, is_frozen = group.is_counting_at(moment), group.is_frozen_at(moment)
    return ProtectedGroupView(
        group=underlying,
        settings=group.settings,
        quantity=group.quantity if is_counting else 0,
        delta=abs(group.delta) // per_index if is_counting else 0,
        vega=abs(group.vega) if is_counting else 0,
        window_ends=group.window_ends if is_counting else None,
        is_frozen=is_frozen,
        frozen_until=group.frozen_until if is_frozen else None,
        utc_offset=utc_offset,
    )


def order_view(order: Order) -> OrderView:
    return OrderView(
        order_id=order.order_id,
        client_order_id=order.client_order_id,
        instrument_id=order.instrument_id,
        side=order.side,
        price=order.price,
        quantity=order.quantity,
        remaining_quantity=order.remaining_quantity,
        status=order.status,
        time_in_force=order.time_in_force,
        post_only=order.post_only,
        submitted_at=order.submitted_at,
    )


def fill_view(fill: Fill, busted: bool) -> FillView:
    time, event = fill
    return FillView(
        trade_id=event.trade_id,
        order_id=event.order_id,
        client_order_id=event.client_order_id,
        instrument_id=event.instrument_id,
        side=event.side,
        price=event.price,
        quantity=event.quantity,
        liquidity_type=event.liquidity_type,
        fees=event.fees,
        time=time,
        busted=busted,
    )
