"""One team from the venue's state to a snapshot and back: its orders, fills, holdings, standing and protection."""

from openoutcry.clearing.position import Position
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.rulebook import Rulebook
from openoutcry.domain.types import InstrumentId, OrderId, TeamId
from openoutcry.matching.order import Fill, Order, new_order
from openoutcry.venue.snapshots.snapshot import (
    DutySnapshot,
    HoldingSnapshot,
    OrderSnapshot,
    ProtectedGroupSnapshot,
    ProtectionSnapshot,
    StandingSnapshot,
    TeamSnapshot,
)
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.quote_protection import ProtectedGroup, QuoteProtection
from openoutcry.venue.state.standing import Standing
from openoutcry.venue.state.team import Guard, Holding, Team

Places = dict[InstrumentId, int]
"""The place of each instrument among the listed ones."""


def capture_team(team: Team, places: Places) -> TeamSnapshot:
    return TeamSnapshot(
        name=team.name,
        role=team.role,
        owner=team.owner,
        key_hash=team.key_hash,
        nonce=team.nonce,
        suspended=team.suspended,
        standing=None if team.standing is None else _capture_standing(team.standing),
        seq=team.seq,
        cash=team.account.cash,
        fees_paid=team.account.fees_paid,
        total_option_exposure=team.total_option_exposure,
        holdings=[_capture_holding(holding, places[instrument_id]) for instrument_id, holding in team.holdings.items()],
        open_orders=[_capture_order(order, places) for order in team.open_orders.values()],
        closed_orders=[_capture_order(order, places) for order in team.closed_orders],
        forgotten_orders=team.forgotten_orders,
        claims=dict(team.claims),
        fills=[*_fills_of_orders_alone(team), *team.fills],
        forgotten_fills=team.forgotten_fills,
        cancel_at=team.cancel_at,
        guards={name: (guard.grace_seconds, guard.due) for name, guard in team.guards.items()},
        protection=None if team.protection is None else _capture_protection(team.protection),
    )


def restore_team(snapshot: TeamSnapshot, team_id: TeamId, rulebook: Rulebook, markets: list[Market]) -> Team:
    rules, history = rulebook.roles[snapshot.role], rulebook.history
    team = Team(team_id, snapshot.name, snapshot.role, rules, snapshot.owner, snapshot.key_hash, history)
    team.nonce = snapshot.nonce
    team.suspended = snapshot.suspended
    team.seq = snapshot.seq
    team.account.cash = snapshot.cash
    team.account.fees_paid = snapshot.fees_paid
    team.total_option_exposure = snapshot.total_option_exposure
    instrument_ids = [market.instrument.instrument_id for market in markets]
    open_orders, closed_orders = (
        {order.order_id: _restore_order(order, team, instrument_ids) for order in orders}
        for orders in (snapshot.open_orders, snapshot.closed_orders)
    )
    for fill in snapshot.fills:
        order_id = fill[1].order_id
        order = closed_orders.get(order_id) or open_orders.get(order_id)
        if order is not None:
            order.keep_fill(fill)
    for holding in snapshot.holdings:
        _restore_holding(team.holding(markets[holding.market]), holding, open_orders)
    team.open_orders = open_orders
    team.working_sum = team.working_sum_made_anew()
    for restored in team.holdings.values():
        if restored.has_traded or restored.quote_entered is not None:
            team.to_be_summed(restored)
    team.closed_orders.extend(closed_orders.values())
    team.forgotten_orders = snapshot.forgotten_orders
    team.claims = dict(snapshot.claims)
    # A team with forgotten fills has as many as are kept, and these are the last.
    team.fills.extend(snapshot.fills)
    team.fill_count = snapshot.forgotten_fills + len(team.fills)
    team.cancel_at = snapshot.cancel_at
    for connection_id, (grace_seconds, due) in snapshot.guards.items():
        guard = team.guards[connection_id] = Guard(grace_seconds)
        guard.due = due
    if snapshot.protection is not None:
        team.protection = _restore_protection(snapshot.protection)
    return team


def _capture_standing(standing: Standing) -> StandingSnapshot:
    return StandingSnapshot(
        duties=[
            DutySnapshot(record.state, record.measured, record.since, record.outside_seconds)
            for record in standing.duties
        ],
        level=standing.level,
        level_since=standing.level_since,
        level_seconds=standing.level_seconds,
        clean_seconds=standing.clean_seconds,
        is_short=standing.is_short,
        barred_session=standing.barred_session,
        shares=list(standing.shares),
        excused=list(standing.excused),
    )


def restore_standing(standing: Standing, snapshot: StandingSnapshot) -> None:
    for record, kept in zip(standing.duties, snapshot.duties, strict=True):
        record.state = kept.state
        record.measured = kept.measured
        record.since = kept.since
        record.outside_seconds = kept.outside_seconds
    standing.level = snapshot.level
    standing.level_since = snapshot.level_since
    standing.level_seconds = snapshot.level_seconds
    standing.clean_seconds = snapshot.clean_seconds
    standing.is_short = snapshot.is_short
    standing.barred_session = snapshot.barred_session
    standing.shares.extend(snapshot.shares)
    standing.excused.extend(snapshot.excused)


def _capture_protection(protection: QuoteProtection) -> ProtectionSnapshot:
    return ProtectionSnapshot(
        default=protection.default,
        groups={
            underlying: ProtectedGroupSnapshot(
                settings=group.settings,
                quantity=group.quantity,
                delta=group.delta,
                vega=group.vega,
                window_ends=group.window_ends,
                is_frozen=group.is_frozen,
                frozen_until=group.frozen_until,
                is_to_be_judged=group.is_to_be_judged,
            )
            for underlying, group in protection.groups.items()
        },
    )


def _restore_protection(snapshot: ProtectionSnapshot) -> QuoteProtection:
    protection = QuoteProtection()
    protection.default = snapshot.default
    for underlying, captured in snapshot.groups.items():
        group = protection.groups[underlying] = ProtectedGroup(captured.settings)
        group.quantity = captured.quantity
        group.delta = captured.delta
        group.vega = captured.vega
        group.window_ends = captured.window_ends
        group.is_frozen = captured.is_frozen
        group.frozen_until = captured.frozen_until
        group.is_to_be_judged = captured.is_to_be_judged
    return protection


def _fills_of_orders_alone(team: Team) -> list[Fill]:
    """Fills that the team has forgotten but one of its kept orders has not, oldest first."""
    if not team.forgotten_fills:
        return []
    oldest = team.fills[0][1].seq
    orders = (*team.closed_orders, *team.open_orders.values())
    return sorted((fill for order in orders for fill in order.fills or () if fill[1].seq < oldest), key=_seq)


def _seq(fill: Fill) -> int:
    return fill[1].seq


def _capture_holding(holding: Holding, place: int) -> HoldingSnapshot:
    position = holding.position
    bid, ask = holding.quote(BUY), holding.quote(SELL)
    return HoldingSnapshot(
        market=place,
        has_traded=holding.has_traded,
        quantity=position.quantity,
        cost_basis=position.cost_basis,
        realized_pnl=position.realized_pnl,
        open_quantity=(holding.open_quantity[BUY], holding.open_quantity[SELL]),
        open_orders=(holding.open_orders[BUY], holding.open_orders[SELL]),
        quotes=(None if bid is None else bid.order_id, None if ask is None else ask.order_id),
        quote_entered=holding.quote_entered,
        quote_filled_at=(holding.quote_filled_at[BUY], holding.quote_filled_at[SELL]),
        exposure=holding.exposure,
    )


def _restore_holding(holding: Holding, snapshot: HoldingSnapshot, open_orders: dict[OrderId, Order]) -> None:
    position = holding.position = Position()
    position.quantity = snapshot.quantity
    position.cost_basis = snapshot.cost_basis
    position.realized_pnl = snapshot.realized_pnl
    holding.has_traded = snapshot.has_traded
    holding.open_quantity = list(snapshot.open_quantity)
    holding.open_orders = list(snapshot.open_orders)
    holding.quotes = [None if order_id is None else open_orders[order_id] for order_id in snapshot.quotes]
    holding.quote_entered = snapshot.quote_entered
    holding.quote_filled_at = list(snapshot.quote_filled_at)
    holding.exposure = snapshot.exposure


def _capture_order(order: Order, places: Places) -> OrderSnapshot:
    # By place, here and below: there may be a million of them.
    return OrderSnapshot(
        order.order_id,
        order.client_order_id,
        places[order.instrument_id],
        order.side,
        order.price,
        order.quantity,
        order.remaining_quantity,
        order.cumulative_value,
        order.status,
        order.time_in_force,
        order.post_only,
        order.is_quote,
        order.submitted_at,
    )


def _restore_order(snapshot: OrderSnapshot, team: Team, instrument_ids: list[InstrumentId]) -> Order:
    order = new_order(
        snapshot.order_id,
        team.team_id,
        team.owner,
        instrument_ids[snapshot.market],
        snapshot.side,
        snapshot.price,
        snapshot.quantity,
        snapshot.time_in_force,
        snapshot.post_only,
        snapshot.client_order_id,
        snapshot.submitted_at,
        snapshot.is_quote,
    )
    order.remaining_quantity = snapshot.remaining_quantity
    order.cumulative_value = snapshot.cumulative_value
    order.status = snapshot.status
    return order
