"""What happened, in the past tense and in integers. The venue returns these; nobody else makes them.

Private events name their team and their place `seq` in that team's stream (from 1, gap-free). The time and the
sequence of the command that caused them belong to the whole batch and travel beside it.
"""

from typing import Literal

from msgspec import Struct

from openoutcry.domain.day.duties import Duty, DutyState
from openoutcry.domain.day.marks import Mark, UnderlyingMark
from openoutcry.domain.day.news import NewsOdds
from openoutcry.domain.day.phases import Phase, PhaseReason
from openoutcry.domain.day.quote_protection import ProtectedLimit
from openoutcry.domain.instruments import Instrument, Settlement
from openoutcry.domain.orders import Side, Status, TimeInForce
from openoutcry.domain.reasons import CancelReason, Reject
from openoutcry.domain.simulation.signals import Signal
from openoutcry.domain.types import (
    ClientOrderId,
    InstrumentId,
    MarketTime,
    Money,
    NewsId,
    OrderId,
    TeamId,
    Ticks,
    TimestampUs,
    TradeId,
)

LiquidityType = Literal["maker", "taker", "auction"]

Level = tuple[Ticks, int]
"""A price level: price in ticks and total quantity; quantity 0 means the level is gone."""


class OrderAcknowledged(Struct, frozen=True, gc=False):
    """An order entered the book, or the matching that follows it. `price` None: a market order."""

    team_id: TeamId
    seq: int
    order_id: OrderId
    client_order_id: ClientOrderId | None
    instrument_id: InstrumentId
    side: Side
    price: Ticks | None
    quantity: int
    remaining_quantity: int
    time_in_force: TimeInForce


class OrderExecuted(Struct, frozen=True, array_like=True, gc=False):
    """One fill of one order. `cumulative_value` is the sum of price × quantity of its fills, in ticks."""

    team_id: TeamId
    seq: int
    order_id: OrderId
    client_order_id: ClientOrderId | None
    trade_id: TradeId
    instrument_id: InstrumentId
    side: Side
    price: Ticks
    quantity: int
    cumulative_quantity: int
    remaining_quantity: int
    cumulative_value: int
    order_status: Status
    liquidity_type: LiquidityType
    fees: Money


class OrderCancelled(Struct, frozen=True, gc=False):
    """An order left with `cancelled_quantity` unfilled."""

    team_id: TeamId
    seq: int
    order_id: OrderId
    client_order_id: ClientOrderId | None
    instrument_id: InstrumentId
    side: Side
    cancelled_quantity: int
    reason: CancelReason


class OrderAmended(Struct, frozen=True, gc=False):
    """An order has new terms; `quantity` is the total, filled part included."""

    team_id: TeamId
    seq: int
    order_id: OrderId
    client_order_id: ClientOrderId | None
    instrument_id: InstrumentId
    side: Side
    price: Ticks
    quantity: int
    remaining_quantity: int
    kept_priority: bool


class PositionUpdated(Struct, frozen=True, gc=False):
    """A team's position in one instrument after a command's trades, and its account beside it.

    `cost_basis` is what the open position cost (sign of the position); `realized_pnl` is this instrument's,
    before fees; `cash` and `fees_paid` are the whole account's.
    """

    team_id: TeamId
    seq: int
    instrument_id: InstrumentId
    position: int
    cost_basis: Money
    realized_pnl: Money
    cash: Money
    fees_paid: Money


class FillBusted(Struct, frozen=True, gc=False):
    """A trade of the team was undone. Its money and fees are back; the position is told after this."""

    team_id: TeamId
    seq: int
    trade_id: TradeId
    instrument_id: InstrumentId
    price: Ticks
    quantity: int
    reason: str | None


class DutyJudged(Struct, frozen=True, gc=False):
    """A team's duty is in another state, or the team at another level of sanctions.

    `duty` None: the team has none, and only the level has changed. `measured` and `required` have `DUTY_UNITS`, and
    `measured` is None where nothing was. `since`: market time at which the state began; None before the first second
    that was looked at. `utc_offset`: seconds, of market time.
    """

    team_id: TeamId
    seq: int
    duty: Duty | None
    state: DutyState
    measured: int | None
    required: int | None
    since: MarketTime | None
    level: int
    utc_offset: int


class SignalSent(Struct, frozen=True):
    """A signal of the team's role. `utc_offset`: seconds, of market time."""

    team_id: TeamId
    seq: int
    signal: Signal
    market_time: MarketTime
    utc_offset: int


class ProtectionTriggered(Struct, frozen=True, gc=False):
    """Fills of a team's quotes met a limit of its protection; all quotes of the group are cancelled.

    `measured` and `limit_value` in the units of `ProtectionSettings`. `frozen_until` None: until the team resets it.
    """

    team_id: TeamId
    seq: int
    group: str
    limit: ProtectedLimit
    measured: int
    limit_value: int
    frozen_until: TimestampUs | None
    utc_offset: int | None


class TradePrinted(Struct, frozen=True, array_like=True, gc=False):
    """A trade, as the public sees it."""

    trade_id: TradeId
    instrument_id: InstrumentId
    price: Ticks
    quantity: int
    aggressor_side: Side | None
    """None in an auction, where nobody comes first."""


class TradeBusted(Struct, frozen=True, gc=False):
    """A trade was undone, as the public sees it."""

    trade_id: TradeId
    instrument_id: InstrumentId
    price: Ticks
    quantity: int
    reason: str | None


class BookChanged(Struct, frozen=True):
    """What one command changed among the best levels of a book: absolute quantities, 0 removes.

    Levels that scroll into the window are among the changes; those that scroll out are not.
    """

    instrument_id: InstrumentId
    book_seq: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


class TopOfBookChanged(Struct, frozen=True, gc=False):
    """The best bid and ask with their sizes; None and 0 where a side is empty."""

    instrument_id: InstrumentId
    bid_price: Ticks | None
    bid_quantity: int
    ask_price: Ticks | None
    ask_quantity: int


class IndicativeChanged(Struct, frozen=True, gc=False):
    """What an auction would do if it were held now. `price` None: nothing would trade.

    `imbalance` would be left at that price, on `imbalance_side`.
    """

    instrument_id: InstrumentId
    price: Ticks | None
    volume: int
    imbalance: int
    imbalance_side: Side | None


class PhaseChanged(Struct, frozen=True, gc=False, tag="phase"):
    """The session moved to another phase, or with `instrument_id` one instrument did.

    `trading_session` counts openings: 0 before the first. `next_phase` begins not before `next_at`; both are None if
    only an organiser knows. `market_time` None: there was no session yet; `utc_offset`: seconds, for writing it.
    """

    phase: Phase
    previous_phase: Phase
    instrument_id: InstrumentId | None
    reason: PhaseReason
    trading_session: int
    market_time: MarketTime | None = None
    utc_offset: int = 0
    next_phase: Phase | None = None
    next_at: MarketTime | None = None


class MarksPublished(Struct, frozen=True, gc=False):
    """The newest marks of all underlyings and instruments that have one, as of `market_time`.

    `utc_offset`: seconds, of market time.
    """

    market_time: MarketTime
    utc_offset: int
    underlyings: tuple[UnderlyingMark, ...]
    marks: tuple[Mark, ...]


class InstrumentListed(Struct, frozen=True):
    """An instrument can be traded from now on. Its book is empty."""

    instrument: Instrument


class NewsPublished(Struct, frozen=True, tag="news"):
    """A headline. `market_time` None: there was no session yet, and market time is wall time. `utc_offset`: seconds."""

    news_id: NewsId
    headline: str
    category: str
    odds: NewsOdds
    market_time: MarketTime | None
    utc_offset: int


class Announced(Struct, frozen=True, tag="announcement"):
    """An organiser's words to everybody."""

    text: str
    market_time: MarketTime | None
    utc_offset: int


class InstrumentExpired(Struct, frozen=True, gc=False, tag="expired"):
    """Nobody can trade the instrument any more."""

    instrument_id: InstrumentId


class InstrumentSettled(Struct, frozen=True, gc=False, tag="settled"):
    """Positions in the instrument are paid out, by this command and the slices after it."""

    instrument_id: InstrumentId
    settlement: Settlement


class QuoteReplaced(Struct, frozen=True):
    """The result of one instrument's quote: the id of the open order on each side, or why that side was refused."""

    team_id: TeamId
    instrument_id: InstrumentId
    bid_order_id: OrderId | None
    ask_order_id: OrderId | None
    bid_reject: Reject | None
    ask_reject: Reject | None


class CoverageSampled(Struct, frozen=True, gc=False):
    """A market maker's quotes were looked at in one second: `covered` of the `counted` options that count."""

    of_team_id: TeamId
    covered: int
    counted: int


class TeamRegistered(Struct, frozen=True, gc=False):
    """A team was registered. Carries no key."""

    new_team_id: TeamId
    team_name: str
    role: str


class TeamKeyRotated(Struct, frozen=True, gc=False):
    of_team_id: TeamId


class TeamSuspended(Struct, frozen=True, gc=False):
    of_team_id: TeamId


class TeamReinstated(Struct, frozen=True, gc=False):
    of_team_id: TeamId


PrivateEvent = (
    OrderAcknowledged
    | OrderExecuted
    | OrderCancelled
    | OrderAmended
    | ProtectionTriggered
    | FillBusted
    | DutyJudged
    | SignalSent
    | PositionUpdated
)
PublicEvent = (
    TradePrinted
    | TradeBusted
    | BookChanged
    | TopOfBookChanged
    | IndicativeChanged
    | PhaseChanged
    | MarksPublished
    | InstrumentListed
    | NewsPublished
    | Announced
    | InstrumentExpired
    | InstrumentSettled
)
InternalEvent = QuoteReplaced | CoverageSampled | TeamRegistered | TeamKeyRotated | TeamSuspended | TeamReinstated
"""Facts for answers and bookkeeping in the layers above; never sent on a stream."""

Event = PrivateEvent | PublicEvent | InternalEvent
