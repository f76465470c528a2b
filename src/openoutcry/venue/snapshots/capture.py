"""From the venue's state to a snapshot and back. A new field of the venue must be added here too, or in
`session`; a test checks all of them.

Not kept, because it follows from the rest: the rulebook, which the scenario has; indexes of teams; price bands; what
teams could lose; queues and levels of the books, from the ids in their order; the fills of an order, from those of its
team; what a team keeps for live hashes.
"""

from openoutcry.domain.rulebook import Rulebook
from openoutcry.domain.types import OrderId, TeamId, Ticks
from openoutcry.matching.book import WORST_RANK
from openoutcry.matching.order import Order
from openoutcry.venue.bands import renew_bands
from openoutcry.venue.cash.requirement import count_anew
from openoutcry.venue.snapshots.session import capture_day, capture_fairness, restore_day, restore_fairness
from openoutcry.venue.snapshots.snapshot import (
    MarketSnapshot,
    VenueSnapshot,
)
from openoutcry.venue.snapshots.teams import capture_team, restore_standing, restore_team
from openoutcry.venue.state.limits import DEFAULT_LIMITS, VenueLimits
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.market_data import SideView
from openoutcry.venue.state.venue import VenueState


def capture(state: VenueState) -> VenueSnapshot:
    """The state between two commands, as data that shares nothing mutable with it."""
    markets = list(state.markets.values())
    places = {market.instrument.instrument_id: place for place, market in enumerate(markets)}
    return VenueSnapshot(
        phase=state.phase,
        trading_session=state.trading_session,
        next_order_id=state.next_order_id,
        next_trade_id=state.next_trade_id,
        next_news_id=state.next_news_id,
        fees_collected=state.fees_collected,
        busted_trades=list(state.busted_trades),
        owners=dict(state.owners),
        day=capture_day(state.day),
        fairness=capture_fairness(state.fairness),
        markets=[_capture_market(market) for market in markets],
        teams=[capture_team(team, places) for team in state.teams],
    )


def restore(snapshot: VenueSnapshot, rulebook: Rulebook, limits: VenueLimits = DEFAULT_LIMITS) -> VenueState:
    """The state that was captured under this rulebook."""
    state = VenueState(rulebook, [market.instrument for market in snapshot.markets], limits)
    state.phase = snapshot.phase
    state.trading_session = snapshot.trading_session
    state.next_order_id = snapshot.next_order_id
    state.next_trade_id = snapshot.next_trade_id
    state.next_news_id = snapshot.next_news_id
    state.fees_collected = snapshot.fees_collected
    state.busted_trades = dict.fromkeys(snapshot.busted_trades)
    state.owners = dict(snapshot.owners)
    restore_day(state.day, snapshot.day)
    restore_fairness(state.fairness, snapshot.fairness)
    markets = list(state.markets.values())
    resting: dict[OrderId, Order] = {}
    for team_snapshot in snapshot.teams:
        team = restore_team(team_snapshot, TeamId(len(state.teams) + 1), rulebook, markets)
        state.add_team(team)
        if team.standing is not None and team_snapshot.standing is not None:
            restore_standing(team.standing, team_snapshot.standing)
        if team.protection is not None:
            groups = team.protection.groups.items()
            state.groups_to_judge += [(team.team_id, name) for name, group in groups if group.is_to_be_judged]
            state.groups_to_judge.sort()
        if team.margin is not None:
            team.margin.take_open_orders(team.open_orders.values())
            team.margin.value_anew(team.holdings)
        resting |= team.open_orders
    for market, market_snapshot in zip(markets, snapshot.markets, strict=True):
        _restore_market(market, market_snapshot, resting)
        market.follow(state.phase)
    renew_bands(state)
    for team in state.teams:
        if team.margin is not None:
            count_anew(state, team, team.margin)
    return state


def _capture_market(market: Market) -> MarketSnapshot:
    bids, asks = ([order.order_id for order in side.orders()] for side in market.book.sides)
    view = market.view
    return MarketSnapshot(
        instrument=market.instrument,
        own_phase=market.own_phase,
        own_phases_begun=market.own_phases_begun,
        mark=market.mark,
        scenarios=market.scenarios,
        indicative=market.indicative,
        has_expired=market.has_expired,
        settlement=market.settlement,
        bids=bids,
        asks=asks,
        book_seq=view.seq,
        floors=(_capture_floor(view.bids), _capture_floor(view.asks)),
        tops=(_capture_top(view.bids), _capture_top(view.asks)),
        trades=list(market.trades),
    )


def _capture_floor(side: SideView) -> int | None:
    floor = side.book_side.watched_from
    return None if floor == WORST_RANK else floor


def _capture_top(side: SideView) -> tuple[Ticks | None, int]:
    return side.top_price, side.top_quantity


def _restore_market(market: Market, snapshot: MarketSnapshot, resting: dict[OrderId, Order]) -> None:
    market.own_phase = snapshot.own_phase
    market.has_expired = snapshot.has_expired
    market.settlement = snapshot.settlement
    market.own_phases_begun = snapshot.own_phases_begun
    market.mark = snapshot.mark
    market.scenarios = snapshot.scenarios
    market.indicative = snapshot.indicative
    market.indicates = market.indicative is not None
    for order_ids in (snapshot.bids, snapshot.asks):
        for order_id in order_ids:
            market.book.add(resting[order_id])
    fleeting = [order_id for order_id in (*snapshot.bids, *snapshot.asks) if resting[order_id].time_in_force != "day"]
    market.fleeting = {order_id: resting[order_id] for order_id in sorted(fleeting)}
    for book_side in market.book.sides:
        book_side.changed.clear()
    view = market.view
    view.seq = snapshot.book_seq
    for side, floor, top in zip((view.bids, view.asks), snapshot.floors, snapshot.tops, strict=True):
        side.book_side.watched_from = WORST_RANK if floor is None else floor
        side.top_price, side.top_quantity = top
    market.trades.extend(snapshot.trades)
