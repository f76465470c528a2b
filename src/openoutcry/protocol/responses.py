"""The one shape of every REST answer, and the types of its `data`."""

from math import floor, isfinite
from typing import Any, Final, Generic, Literal, TypeVar

from msgspec import Struct

from openoutcry.domain.duties import Duty, DutyState
from openoutcry.domain.instruments import InstrumentKind, InstrumentStatus, OptionType
from openoutcry.domain.orders import SideName, Status, TimeInForce
from openoutcry.domain.phases import Phase
from openoutcry.domain.reasons import ErrorCode
from openoutcry.protocol.price_grid import Rounding, price_on_grid

T = TypeVar("T")

MAX_ORDERS_SHOWN: Final = 1_000
"""Most orders in one answer and in a `welcome`. Clients ask for more page by page, so that no answer grows with a
team's orders and delays others."""


class ApiError(Struct, kw_only=True):
    code: ErrorCode
    message: str
    details: dict[str, Any] | None = None


class ApiResponse(Struct, Generic[T], kw_only=True):
    """All six fields are always present; absent values are null. `timestamp` is ISO 8601 UTC with microseconds."""

    success: bool
    request_id: str
    order_id: str | None = None
    data: T | None = None
    error: ApiError | None = None
    timestamp: str


class DuplicateData(Struct):
    """Beside an `order_id` that was given before, for the same client order id and terms."""

    duplicate: bool


class BatchData(Struct):
    results: list[ApiResponse[DuplicateData]]


class AmendData(Struct):
    kept_priority: bool


class CancelledData(Struct):
    cancelled: list[str]


class CancelAfterData(Struct):
    """When all of the team's orders will be cancelled unless the timer is renewed; null: it is off."""

    cancel_at: str | None
    """The time by the exchange's clock as it stands. The timer runs by elapsed time, whatever that clock is set to."""


class QuoteResult(Struct, kw_only=True):
    """The result of one instrument's quote. A refused side has a null id, and `error` says why."""

    instrument_id: str
    success: bool
    bid_order_id: str | None = None
    ask_order_id: str | None = None
    error: ApiError | None = None


class QuotesData(Struct):
    results: list[QuoteResult]
    as_of_seq: int


class ProtectedGroupInfo(Struct, kw_only=True):
    """Protection of the options on one underlying. A limit, or `move`, that is null is off.

    The counters are those of the window that is open; 0 where none is.
    """

    group: str
    quantity: int | None
    delta: float | None
    vega: float | None
    move: float | None
    interval_seconds: int | None
    frozen_seconds: int
    counted_quantity: int
    counted_delta: float
    counted_vega: float
    window_ends: str | None
    frozen: bool
    frozen_until: str | None


class ProtectionData(Struct):
    groups: list[ProtectedGroupInfo]
    as_of_seq: int


class OrderInfo(Struct, kw_only=True):
    """An order as shown to its team. `remaining_quantity` of a cancelled order is what was left unfilled."""

    order_id: str
    client_order_id: str | None
    instrument_id: str
    side: SideName
    price: float | None
    quantity: int
    remaining_quantity: int
    status: Status
    time_in_force: TimeInForce
    post_only: bool
    submitted_at: str

    def __repr__(self) -> str:
        at = "at market" if self.price is None else f"@ {self.price}"
        left = f"{self.remaining_quantity} of {self.quantity} {self.instrument_id}"
        return f"<OrderInfo {self.order_id}: {self.side} {left} {at}, {self.status}>"


class FillInfo(Struct, kw_only=True):
    """One fill of one of the team's orders. `fees` > 0 was paid, < 0 is a rebate."""

    trade_id: str
    order_id: str
    client_order_id: str | None
    instrument_id: str
    side: SideName
    price: float
    quantity: int
    liquidity_type: str
    fees: float
    timestamp: str
    busted: bool = False


class OrdersData(Struct):
    """`forgotten`, in a list of closed orders: how many older ones of the team are no longer kept. Their events are in
    its private stream, from `after_seq=0` on. In a list of open orders 0, because all are kept.

    `omitted`, in a list of open orders: how many more come after these; ask again with the last one's id as `after`.
    """

    orders: list[OrderInfo]
    as_of_seq: int
    forgotten: int
    omitted: int


class OrderData(Struct):
    order: OrderInfo
    fills: list[FillInfo]
    as_of_seq: int


class PositionsData(Struct):
    positions: dict[str, int]
    as_of_seq: int


class FillsData(Struct):
    """`forgotten`: how many older fills of the team are no longer kept; they are in its private stream as
    `execution_report`, from `after_seq=0` on.
    """

    fills: list[FillInfo]
    as_of_seq: int
    forgotten: int


class ExposureInfo(Struct, kw_only=True):
    """Use of a limit in one instrument, working orders included."""

    position: int
    open_buy_quantity: int
    open_sell_quantity: int
    limit: int


class LimitInfo(Struct, kw_only=True):
    """A limit of the team, and how much of it is used."""

    used: float
    limit: float


class DutyInfo(Struct, kw_only=True):
    """A duty of the role as it was last found; `measured` and `required` are a share, or contracts of the index."""

    duty: Duty
    state: DutyState
    measured: float | None
    required: float
    since: str | None


class SanctionsInfo(Struct, kw_only=True):
    """The team's place on the ladder of sanctions: 0 none, 1 warned, 2 points off, 3 reduce-only."""

    level: int
    since: str | None


class AccountInfo(Struct, kw_only=True):
    """Money in currency. `unrealized_pnl` is at the middle of the best bid and ask, else at the last trade, else 0."""

    team_id: str
    team_name: str
    role: str
    suspended: bool
    cash: float
    realized_pnl: float
    unrealized_pnl: float
    fees_paid: float
    open_orders: int
    maximum_open_orders: int
    maximum_order_size: int
    total_option_exposure: int
    total_option_exposure_limit: int
    exposure: dict[str, ExposureInfo]
    may_quote: bool
    may_rest_both_sides: bool
    delta: float
    limits: dict[str, LimitInfo]
    duties: list[DutyInfo]
    sanctions: SanctionsInfo
    reduce_only: bool
    equity: float
    requirement: float | None


class AccountData(Struct):
    account: AccountInfo
    as_of_seq: int


class StandingData(Struct, kw_only=True):
    """A team's duties and sanctions."""

    team_id: str
    duties: list[DutyInfo]
    sanctions: SanctionsInfo
    reduce_only: bool


class RegisteredData(Struct, kw_only=True):
    """The new team. The key is shown only here."""

    team_id: str
    team_name: str
    role: str
    api_key: str


class KeyData(Struct):
    api_key: str


class TeamInfo(Struct, kw_only=True):
    """Public facts of a team."""

    team_id: str
    team_name: str
    role: str
    suspended: bool


class TeamData(Struct):
    team: TeamInfo


class TeamOverviewInfo(Struct, kw_only=True):
    """A team as its organiser sees it."""

    team_id: str
    team_name: str
    role: str
    owner: str | None
    suspended: bool
    has_key: bool
    connections: int
    last_seen: str | None
    orders: int
    refusals: dict[str, int]
    positions: dict[str, int]
    equity: float
    limits: dict[str, LimitInfo]
    duties: list[DutyInfo]
    sanctions: SanctionsInfo
    reduce_only: bool


class TeamsData(Struct):
    """`roles`: all that the scenario has. `omitted`: how many teams come after these; ask again with `after`."""

    teams: list[TeamOverviewInfo]
    omitted: int
    roles: list[str]


class ActionInfo(Struct, kw_only=True):
    """What an organiser did, or tried to do. `terms`: the command's, by name."""

    sequence: int
    timestamp: str
    action: str
    terms: dict[str, Any]
    by: str | None
    reason: str | None
    error: ApiError | None


class ActionsData(Struct):
    """Oldest first. `omitted`: how many come after these; ask again with the last one's `sequence` as `after`.

    `forgotten`: how many older ones are no longer kept; they are in the journal.
    """

    actions: list[ActionInfo]
    omitted: int
    forgotten: int


class OddsInfo(Struct, kw_only=True):
    """Chances of each effect of a headline, in percent, together 100."""

    regime_shift: int
    price_jump: int
    no_effect: int


class NewsInfo(Struct, kw_only=True):
    """A headline, as on the channel `market`."""

    news_id: str
    headline: str
    category: str
    odds: OddsInfo
    market_time: str
    timestamp: str


class PublishedData(Struct):
    news: NewsInfo


class NewsData(Struct):
    """Oldest first. `omitted`: how many come after these; ask again with the last one's id as `after`.

    `forgotten`: how many older ones are no longer kept.
    """

    news: list[NewsInfo]
    omitted: int
    forgotten: int


NoVolatility = Literal["no_time"]
"""Why a theoretical value implies no volatility. `no_time`: nothing can move any more."""


class GreeksInfo(Struct, kw_only=True):
    """An option's theoretical value and how it moves, as on the channel `greeks`."""

    theoretical: float
    implied_volatility: float | None
    implied_volatility_reason: NoVolatility | None
    delta: float
    gamma: float
    vega: float
    theta: float
    underlying_price: float


class GreeksData(Struct):
    """By instrument; empty if the scenario has no theoretical values. `as_of`: market time; null before the first."""

    greeks: dict[str, GreeksInfo]
    as_of: str | None


class UnderlyingPriceInfo(Struct):
    price: float
    market_time: str


class UnderlyingPricesData(Struct, kw_only=True):
    """Oldest first. `omitted`: how many come after these; ask again with the last one's `market_time` as `after`.

    `forgotten`: how many older ones are no longer kept.
    """

    symbol: str
    prices: list[UnderlyingPriceInfo]
    omitted: int
    forgotten: int


class InstrumentInfo(Struct, kw_only=True):
    """Reference data. `position_limits` and `maximum_order_sizes`: by role."""

    instrument_id: str
    kind: InstrumentKind
    underlying: str
    option_type: OptionType | None
    strike: float | None
    expiry: str | None
    tick_size: float
    multiplier: int
    halted: bool
    status: InstrumentStatus = "listed"
    settlement_price: float | None = None
    position_limits: dict[str, int]
    maximum_order_sizes: dict[str, int]

    def round_price(self, price: float, rounding: Rounding = "nearest") -> float:
        """The price on the tick grid that is nearest to this one, or the next one `down` or `up`; at least one tick.

        Exact: the result is always on the grid. Raises `ValueError` for a price that is not finite.
        """
        return price_on_grid(price, self.tick_size, rounding)

    def round_quantity(self, quantity: float) -> int:
        """`quantity` rounded down to whole contracts or lots. Raises `ValueError` for a quantity that is not finite."""
        if not isfinite(quantity):
            raise ValueError(f"quantity is {quantity}: it must be a finite number")
        return floor(quantity)


class InstrumentsData(Struct):
    instruments: list[InstrumentInfo]


class LevelInfo(Struct):
    price: float
    quantity: int


class OrderBookData(Struct, kw_only=True):
    """Depth aggregated by price, best first. `book_seq` is the book's own counter, as on its channel."""

    instrument_id: str
    bids: list[LevelInfo]
    asks: list[LevelInfo]
    book_seq: int

    def __repr__(self) -> str:
        return f"<OrderBookData {self.instrument_id}: {len(self.bids)} bids, {len(self.asks)} asks>"


class TradeInfo(Struct, kw_only=True):
    trade_id: str
    instrument_id: str
    price: float
    quantity: int
    aggressor_side: SideName | None
    timestamp: str


class TradesData(Struct):
    trades: list[TradeInfo]


class BustedData(Struct, kw_only=True):
    """The trade that was busted."""

    trade_id: str
    instrument_id: str
    price: float
    quantity: int


class MarketData(Struct, kw_only=True):
    """The session: date, phase, the market's clock, halted instruments.

    `next_phase` and `next_at` (also as `next_transition`) are null if phases change by hand. `starts_at`: when a
    planned session starts, in wall time.
    """

    session_date: str | None
    trading_session: int
    phase: Phase
    market_time: str
    speed: float
    next_phase: Phase | None
    next_at: str | None
    next_transition: str | None
    starts_at: str | None
    halted: list[str]
    instrument_phases: dict[str, Phase]
    underlyings: dict[str, float]


class HealthData(Struct, kw_only=True):
    """`status`: `ok`; `degraded`: passes by itself, unless projections failed; `stopped`: lasts until the exchange is
    restarted. `reason` says why.

    Journal lag: commands written but not yet synced to disk.
    """

    status: str
    reason: str | None
    version: str
    uptime_seconds: float
    sequence: int
    epoch: int
    journal_lag_commands: int
    failed_projections: dict[str, int] = {}
