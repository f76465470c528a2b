"""One number for the whole state, so that two venues can be compared by a line of text."""

import hashlib
from typing import Any

import msgspec

from openoutcry.matching.order import Order
from openoutcry.venue.state import Market, Team, VenueState


def state_hash(state: VenueState) -> str:
    """SHA-256, in hexadecimal, of everything that can influence a later verdict, event or answer."""
    canonical = [
        state.phase,
        state.trading_session,
        state.next_order_id,
        state.next_trade_id,
        state.fees_collected,
        sorted(state.owners.items()),
        [_market(market) for _, market in sorted(state.markets.items())],
        [_team(team) for team in state.teams],
    ]
    # JSON and not msgpack: sums of money have no bound, and msgpack's integers end at 64 bits.
    return hashlib.sha256(msgspec.json.encode(canonical)).hexdigest()


def _market(market: Market) -> list[Any]:
    return [
        market.instrument,
        market.halted,
        market.view.seq,
        market.view.floors,
        market.view.tops,
        [[_order(order) for order in side.orders()] for side in market.book.sides],
        list(market.trades),
    ]


def _team(team: Team) -> list[Any]:
    return [
        team.team_id,
        team.name,
        team.role,
        team.owner,
        team.key_hash,
        team.suspended,
        team.seq,
        team.account.cash,
        team.account.fees_paid,
        team.total_option_exposure,
        [
            [
                instrument_id,
                holding.has_traded,
                holding.position.quantity,
                holding.position.cost_basis,
                holding.position.realized_pnl,
                holding.open_quantity,
                holding.open_orders,
                [quote.order_id if quote is not None and not quote.is_closed else None for quote in holding.quotes],
            ]
            for instrument_id, holding in sorted(team.holdings.items())
        ],
        list(team.open_orders),
        [_order(order) for order in team.closed_orders.values()],
        [(client_order_id, claim.command, claim.order_id) for client_order_id, claim in team.claims.items()],
        team.fills,
    ]


def _order(order: Order) -> list[Any]:
    return [
        order.order_id,
        order.team_id,
        order.owner,
        order.client_order_id,
        order.instrument_id,
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
    ]
