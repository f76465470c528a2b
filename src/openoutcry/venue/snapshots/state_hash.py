"""One number for the state, so that two venues can be compared by a line of text.

The whole state grows with all that ever happened, so hashing it takes seconds after a million commands. A server that
seals a journal segment cannot stop for that: it notes the live hash, of what is at work, with history by its length.
"""

import hashlib
from typing import Any, Final

import msgspec

from openoutcry.matching.book import BookSide
from openoutcry.venue.snapshots.snapshot import VenueSnapshot, encode
from openoutcry.venue.state.day.day import Day
from openoutcry.venue.state.fairness import Fairness
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.quote_protection import QuoteProtection
from openoutcry.venue.state.standing import Standing
from openoutcry.venue.state.team import Holding, Team
from openoutcry.venue.state.venue import VenueState

LIVE_HASH_VERSION: Final = 4
"""Raised whenever the same state has another live hash than before; journals keep live hashes of every version."""

COMMON_BITS: Final = 2**62 - 1
"""Those of `Team.working_sum` that are the same in both builds."""


def state_hash(snapshot: VenueSnapshot) -> str:
    """SHA-256, in hexadecimal, of everything that can influence a later verdict, event or answer."""
    return hashlib.sha256(encode(snapshot)).hexdigest()


def live_hash(state: VenueState) -> str:
    """Version and SHA-256, in hexadecimal, of open orders, positions, money, timers, counters, places in streams.

    Open orders and positions count by the sums that each team keeps of them, closed orders, fills and client order ids
    by their number: each was told of, and the sums and counters say what it was. Not covered is the queue behind the
    first order of the best price: once it is another, other orders trade, and the next hash differs.

    Walks markets and teams, of which there are at most `MAX_INSTRUMENTS` and `MAX_TEAMS`, and the holdings that have
    changed since it was last asked. However many orders are open, it takes no longer.
    """
    for team in state.teams:
        _count_positions(team)
    return _hash(state, [(team.working_sum & COMMON_BITS, team.positions_sum) for team in state.teams])


def live_hash_made_anew(state: VenueState) -> str:
    """The same, with the sums made anew from every open order and holding: another wherever those kept are wrong."""
    return _hash(
        state,
        [
            (team.working_sum_made_anew() & COMMON_BITS, sum(map(_share, team.holdings.values())))
            for team in state.teams
        ],
    )


def contradicts(noted: str, live: str) -> bool:
    """Whether a live hash that was noted, under this version or another, is of another state than `live`."""
    version, _, _ = live.partition(":")
    return noted.startswith(f"{version}:") and noted != live


def _hash(state: VenueState, sums: list[tuple[int, int]]) -> str:
    live = [
        state.phase,
        state.trading_session,
        state.next_order_id,
        state.next_trade_id,
        state.next_news_id,
        state.fees_collected,
        len(state.busted_trades),
        len(state.owners),
        _day(state.day),
        _fairness(state.fairness),
        [_market(market) for market in state.markets.values()],
        [_team(team) for team in state.teams],
        sums,
    ]
    return f"{LIVE_HASH_VERSION}:{hashlib.sha256(msgspec.json.encode(live)).hexdigest()}"


def _day(day: Day) -> list[Any]:
    return [
        day.is_running,
        day.planned_start,
        day.session_date,
        day.market_time,
        day.utc_offset,
        day.timetable,
        day.speed,
        day.random_word,
        day.underlyings,
        day.last_news,
        day.effects,
        list(day.watched),
        day.breaker_halts,
        day.phases_begun,
        day.timers.entries,
        day.timers.next_place,
        list(day.tasks),
    ]


def _fairness(fairness: Fairness) -> list[Any]:
    return [
        fairness.made,
        fairness.withdrawn,
        fairness.next_commitment,
        fairness.number,
        fairness.commitment,
        fairness.teams,
        fairness.world_digest,
        fairness.seed,
    ]


def _market(market: Market) -> list[Any]:
    return [
        market.own_phase,
        market.own_phases_begun,
        market.mark,
        market.scenarios,
        market.indicative,
        market.has_expired,
        market.settlement,
        market.view.seq,
        [_best(side) for side in market.book.sides],
    ]


def _best(side: BookSide) -> tuple[int, int, int] | None:
    """How many levels there are; of the best one the quantity, and the order that trades first."""
    level = side.best
    if level is None or level.first is None:
        return None
    return len(side.ranks), level.quantity, level.first.order_id


def _team(team: Team) -> list[Any]:
    return [
        team.key_hash,
        team.nonce,
        team.suspended,
        None if team.standing is None else _standing(team.standing),
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
        len(team.holdings),
        *([] if team.protection is None else [_protection(team.protection)]),
    ]


def _standing(standing: Standing) -> list[Any]:
    return [
        [(record.state, record.measured, record.since, record.outside_seconds) for record in standing.duties],
        standing.level,
        standing.level_since,
        standing.level_seconds,
        standing.clean_seconds,
        standing.is_short,
        standing.barred_session,
        list(standing.shares),
        list(standing.excused),
    ]


def _protection(protection: QuoteProtection) -> list[Any]:
    groups = [
        [
            underlying,
            group.settings,
            group.quantity,
            group.delta,
            group.vega,
            group.window_ends,
            group.is_frozen,
            group.frozen_until,
            group.is_to_be_judged,
        ]
        for underlying, group in protection.groups.items()
    ]
    return [protection.default, groups]


def _count_positions(team: Team) -> None:
    """Bring the team's sum of what its holdings count up to date."""
    for holding in team.changed_holdings:
        holding.is_to_be_summed = False
        share = _share(holding)
        team.positions_sum += share - holding.hash_share
        holding.hash_share = share
    team.changed_holdings.clear()


def _share(holding: Holding) -> int:
    """A position, and when quotes were entered and filled, as a number of 64 bits; 0 before the first of these.

    Part of a SHA-256: in a sum, no two changes make up for each other but by a chance of one in 2**64.
    """
    if not holding.has_traded and holding.quote_entered is None:
        return 0
    position = holding.position
    held: list[Any] = [holding.instrument_id, position.quantity, position.cost_basis, position.realized_pnl]
    if holding.quote_filled_at != [None, None]:
        held += [holding.quote_entered, holding.quote_filled_at]
    elif holding.quote_entered is not None:
        held.append(holding.quote_entered)
    return int.from_bytes(hashlib.sha256(msgspec.json.encode(held)).digest()[:8], "big")
