"""What others can read of the venue: frozen copies in integers, never its own mutable objects."""

from msgspec import Struct

from openoutcry.domain.day.duties import Duty, DutyState
from openoutcry.domain.day.phases import Phase
from openoutcry.domain.events import Level, LiquidityType
from openoutcry.domain.orders import Side, Status, TimeInForce
from openoutcry.domain.simulation.headlines import NewsEffect
from openoutcry.domain.types import (
    ClientOrderId,
    ConnectionId,
    InstrumentId,
    MarketTime,
    Money,
    OrderId,
    TeamId,
    Ticks,
    TimestampUs,
    TradeId,
)


class OrderView(Struct, frozen=True, gc=False):
    order_id: OrderId
    client_order_id: ClientOrderId | None
    instrument_id: InstrumentId
    side: Side
    price: Ticks | None
    quantity: int
    remaining_quantity: int
    status: Status
    time_in_force: TimeInForce
    post_only: bool
    submitted_at: TimestampUs


class FillView(Struct, frozen=True, gc=False):
    trade_id: TradeId
    order_id: OrderId
    client_order_id: ClientOrderId | None
    instrument_id: InstrumentId
    side: Side
    price: Ticks
    quantity: int
    liquidity_type: LiquidityType
    fees: Money
    time: TimestampUs
    busted: bool = False


class ExposureView(Struct, frozen=True, gc=False):
    """Use of one instrument's position limit, working orders included."""

    instrument_id: InstrumentId
    position: int
    open_buy_quantity: int
    open_sell_quantity: int
    limit: int


class DutyView(Struct, frozen=True, gc=False):
    """One duty as it was last found; as in `DutyJudged`."""

    duty: Duty
    state: DutyState
    measured: int | None
    required: int
    since: MarketTime | None


class StandingView(Struct, frozen=True):
    """A team's duties, and its level of sanctions; `level_since` None: it was never at another."""

    duties: tuple[DutyView, ...]
    level: int
    level_since: MarketTime | None
    is_reduce_only: bool
    utc_offset: int


class HoldingView(Struct, frozen=True):
    """The open position in one instrument, and what closing it has brought so far, before fees.

    `cost_basis` has the sign of `quantity`.
    """

    quantity: int
    cost_basis: Money
    realized_pnl: Money


class AccountView(Struct, frozen=True):
    """`unrealized_pnl`: open positions at their marks, less what they cost. Without marks of the venue's own, a mark is
    the median of best bid, best ask and last trade, those that exist.
    """

    team_id: TeamId
    team_name: str
    role: str
    suspended: bool
    cash: Money
    realized_pnl: Money
    unrealized_pnl: Money
    fees_paid: Money
    open_orders: int
    total_option_exposure: int
    exposure: tuple[ExposureView, ...]
    delta: int
    """Of the portfolio, in contracts of the index, at the newest marks. It has `DUTY_UNITS`."""
    standing: StandingView | None
    """None: no rule of the game binds the team."""
    equity: Money
    """Cash, and positions at their marks; one without a mark at what it cost."""
    requirement: Money | None
    """What equity must cover; None: it is not checked."""


class TeamView(Struct, frozen=True):
    team_id: TeamId
    team_name: str
    role: str
    suspended: bool


class RegistrationView(Struct, frozen=True):
    """A team as its organiser sees it. `owner` None: it is its own. Without a key it is the exchange's own."""

    team_id: TeamId
    team_name: str
    role: str
    owner: str | None
    suspended: bool
    has_key: bool
    orders: int
    """Orders accepted so far."""


class TradeView(Struct, frozen=True, gc=False):
    trade_id: TradeId
    instrument_id: InstrumentId
    price: Ticks
    quantity: int
    aggressor_side: Side | None
    time: TimestampUs


class TimerView(Struct, frozen=True, gc=False):
    """A timer that cancels all of a team's orders at `due`; `connection_id` None: the dead-man timer."""

    team_id: TeamId
    connection_id: ConnectionId | None
    due: TimestampUs


class DepthView(Struct, frozen=True):
    """Levels best first; `book_seq` counts the changes of the book's best `BOOK_DEPTH` levels."""

    instrument_id: InstrumentId
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]
    book_seq: int


class DayView(Struct, frozen=True):
    """The session under way, or the last one. `market_time` None: there was none yet."""

    is_running: bool
    planned_start: TimestampUs | None
    session_date: str | None
    market_time: MarketTime | None
    utc_offset: int
    speed: int
    underlyings: dict[str, int]
    effects: tuple[tuple[MarketTime, NewsEffect], ...]
    """Of the organiser's news in this session, with the market time of each."""
    last_news: MarketTime | None
    """When news was last published."""


class FairnessView(Struct, frozen=True):
    """Fair play: of the next session, and of the one under way or last. Numbers count commitments from 1."""

    next_number: int
    """Of the commitment that waits, or of the one that is to be made."""
    next_commitment: bytes | None
    withdrawn: int
    """Commitments that were given up."""
    number: int
    """Of the session's commitment; 0: it has none."""
    commitment: bytes | None
    teams: int
    """How many were registered when the session began: their nonces are in its seed."""
    world_digest: str | None
    seed: bytes | None
    """The session's, once it is revealed."""


class MarketView(Struct, frozen=True):
    phase: Phase
    trading_session: int
    halted: tuple[InstrumentId, ...]
    instrument_phases: dict[InstrumentId, Phase] = {}
    """Those that are not the session's."""
    next_phase: Phase | None = None
    next_at: MarketTime | None = None
    """The earliest instant of `next_phase`, as far as anybody is told."""
