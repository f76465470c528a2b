"""The whole state of the venue as pure data: two venues with equal snapshots behave alike.

Only derived data is left out: see `capture`. JSON and not msgpack, because sums of money have no bound, and msgpack's
integers end at 64 bits.
"""

from typing import Final

import msgspec
from msgspec import Struct

from openoutcry.domain.claims import Claim
from openoutcry.domain.commands import PhaseAt
from openoutcry.domain.day.duties import DutyState
from openoutcry.domain.day.marks import Mark
from openoutcry.domain.day.phases import Phase
from openoutcry.domain.day.quote_protection import ProtectionSettings
from openoutcry.domain.day.tasks import Task
from openoutcry.domain.day.timers import MarketTimer
from openoutcry.domain.events import TradePrinted
from openoutcry.domain.instruments import Instrument, Settlement
from openoutcry.domain.orders import Side, Status, TimeInForce
from openoutcry.domain.shapes import shape_of
from openoutcry.domain.simulation.headlines import NewsEffect
from openoutcry.domain.types import (
    ClientOrderId,
    ConnectionId,
    MarketTime,
    Money,
    NewsId,
    OrderId,
    TeamId,
    Ticks,
    TimestampUs,
    TradeId,
)
from openoutcry.matching.auction import Fixing
from openoutcry.matching.order import Fill


class OrderSnapshot(Struct, frozen=True, array_like=True, gc=False):
    """One order, open or closed. `market` is its instrument's place among those listed."""

    order_id: OrderId
    client_order_id: ClientOrderId | None
    market: int
    side: Side
    price: Ticks | None
    quantity: int
    remaining_quantity: int
    cumulative_value: int
    status: Status
    time_in_force: TimeInForce
    post_only: bool
    is_quote: bool
    submitted_at: TimestampUs


class HoldingSnapshot(Struct, frozen=True, array_like=True):
    """`quotes`: the ids of those at work, by side. So is when they were last filled."""

    market: int
    has_traded: bool
    quantity: int
    cost_basis: Money
    realized_pnl: Money
    open_quantity: tuple[int, int]
    open_orders: tuple[int, int]
    quotes: tuple[OrderId | None, OrderId | None]
    quote_entered: tuple[int, int] | None
    quote_filled_at: tuple[MarketTime | None, MarketTime | None]
    exposure: int


class DutySnapshot(Struct, frozen=True, array_like=True):
    state: DutyState
    measured: int | None
    since: MarketTime | None
    outside_seconds: int


class StandingSnapshot(Struct, frozen=True, array_like=True):
    """`duties` in the order in which the role has them."""

    duties: list[DutySnapshot]
    level: int
    level_since: MarketTime | None
    level_seconds: int
    clean_seconds: int
    is_short: bool
    barred_session: int | None
    shares: list[tuple[int, int]]
    excused: list[tuple[MarketTime, int]]


class ProtectedGroupSnapshot(Struct, frozen=True, array_like=True):
    settings: ProtectionSettings
    quantity: int
    delta: int
    vega: int
    window_ends: TimestampUs | None
    is_frozen: bool
    frozen_until: TimestampUs | None
    is_to_be_judged: bool


class ProtectionSnapshot(Struct, frozen=True, array_like=True):
    default: ProtectionSettings
    groups: dict[str, ProtectedGroupSnapshot]


class TeamSnapshot(Struct, frozen=True, array_like=True):
    """One team. Its place in the list is its id; orders stand in the order in which the venue goes through them.

    `fills`: first those that the team has forgotten and an order has not, then the team's own.
    """

    name: str
    role: str
    owner: int
    key_hash: bytes
    nonce: str | None
    suspended: bool
    standing: StandingSnapshot | None
    seq: int
    cash: Money
    fees_paid: Money
    total_option_exposure: int
    holdings: list[HoldingSnapshot]
    open_orders: list[OrderSnapshot]
    closed_orders: list[OrderSnapshot]
    forgotten_orders: int
    claims: dict[str, Claim]
    fills: list[Fill]
    forgotten_fills: int
    cancel_at: TimestampUs | None
    guards: dict[ConnectionId, tuple[int, TimestampUs | None]]
    protection: ProtectionSnapshot | None


class MarketSnapshot(Struct, frozen=True, array_like=True):
    """One instrument's trading. `bids` and `asks` are the resting orders' ids by price, then time, best first."""

    instrument: Instrument
    own_phase: Phase | None
    own_phases_begun: int
    mark: Mark | None
    scenarios: tuple[int, tuple[int, ...]] | None
    indicative: Fixing | None
    has_expired: bool
    settlement: Settlement | None
    bids: list[OrderId]
    asks: list[OrderId]
    book_seq: int
    floors: tuple[int | None, int | None]
    tops: tuple[tuple[Ticks | None, int], tuple[Ticks | None, int]]
    trades: list[tuple[TimestampUs, TradePrinted]]


class DaySnapshot(Struct, frozen=True, array_like=True):
    """The day. `timers` in the order in which they come due."""

    is_running: bool
    planned_start: TimestampUs | None
    session_date: str | None
    market_time: MarketTime | None
    utc_offset: int
    timetable: tuple[PhaseAt, ...]
    speed: int
    random_word: int
    underlyings: dict[str, int]
    last_news: MarketTime | None
    effects: list[tuple[MarketTime, NewsEffect]]
    watched: list[tuple[MarketTime, int]]
    breaker_halts: int
    phases_begun: int
    timers: list[tuple[MarketTime, int, MarketTimer]]
    next_timer_place: int
    tasks: list[Task]


class FairnessSnapshot(Struct, frozen=True, array_like=True):
    made: int
    withdrawn: int
    next_commitment: bytes | None
    number: int
    commitment: bytes | None
    teams: int
    world_digest: str | None
    seed: bytes | None


class VenueSnapshot(Struct, frozen=True, array_like=True):
    phase: Phase
    trading_session: int
    next_order_id: int
    next_trade_id: int
    next_news_id: NewsId
    fees_collected: Money
    busted_trades: list[TradeId]
    owners: dict[str, TeamId]
    day: DaySnapshot
    fairness: FairnessSnapshot
    markets: list[MarketSnapshot]
    teams: list[TeamSnapshot]


SHAPE: Final = shape_of(VenueSnapshot)
"""Names the shape of a snapshot. So bytes of one shape are never taken for another's, and nobody has to remember to
raise a number."""

encode: Final = msgspec.json.Encoder().encode

_DECODER: Final = msgspec.json.Decoder[VenueSnapshot](VenueSnapshot)


def decode(data: bytes | memoryview) -> VenueSnapshot:
    """What `encode` wrote. Raises `msgspec.DecodeError`."""
    return _DECODER.decode(data)
