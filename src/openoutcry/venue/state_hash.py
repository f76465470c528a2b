"""One number for the state, so that two venues can be compared by a line of text.

The whole state grows with all that ever happened, so hashing it takes seconds after a million commands. A server that
seals a journal segment cannot stop for that: it notes the live hash, of what is at work, with history by its length.
"""

import hashlib
from typing import Any, Final

import msgspec

from openoutcry.venue.market import Market
from openoutcry.venue.snapshot import VenueSnapshot, encode
from openoutcry.venue.state import VenueState
from openoutcry.venue.team import Team

LIVE_HASH_VERSION: Final = 1
"""Raised whenever the same state has another live hash than before; journals keep live hashes of every version."""


def state_hash(snapshot: VenueSnapshot) -> str:
    """SHA-256, in hexadecimal, of everything that can influence a later verdict, event or answer."""
    return hashlib.sha256(encode(snapshot)).hexdigest()


def live_hash(state: VenueState) -> str:
    """Version and SHA-256, in hexadecimal, of books with queues, positions, money, timers, counters, places in streams.

    Closed orders, fills and client order ids count by their number, forgotten orders and fills among them: each was
    told of, and the sums and counters here say what it was. Costs time in proportion to open orders and holdings,
    however long the session has been.
    """
    live = [
        state.phase,
        state.trading_session,
        state.next_order_id,
        state.next_trade_id,
        state.fees_collected,
        len(state.owners),
        [_market(market) for market in state.markets.values()],
        [_team(team) for team in state.teams],
    ]
    return f"{LIVE_HASH_VERSION}:{hashlib.sha256(msgspec.json.encode(live)).hexdigest()}"


def contradicts(noted: str, live: str) -> bool:
    """Whether a live hash that was noted, under this version or another, is of another state than `live`."""
    version, _, _ = live.partition(":")
    return noted.startswith(f"{version}:") and noted != live


def _market(market: Market) -> list[Any]:
    return [
        market.halted,
        market.view.seq,
        [
            [(order.order_id, order.rank, order.remaining_quantity) for order in side.orders()]
            for side in market.book.sides
        ],
    ]


def _team(team: Team) -> list[Any]:
    return [
        team.key_hash,
        team.suspended,
        team.seq,
        team.account.cash,
        team.account.fees_paid,
        team.total_option_exposure,
        len(team.open_orders),
        team.forgotten_orders + len(team.closed_orders),
        len(team.claims),
        team.fill_count,
        team.cancel_at,
        [(name, guard.grace_seconds, guard.due) for name, guard in team.guards.items()],
        [
            (
                holding.position.quantity,
                holding.position.cost_basis,
                holding.position.realized_pnl,
                holding.open_quantity,
                holding.open_orders,
            )
            for holding in team.holdings.values()
        ],
    ]
