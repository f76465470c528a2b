"""WebSocket messages. Each carries `type`; private events are flat, as bots know them from FIX."""

from typing import Annotated, Any, ClassVar, Final, Literal

from msgspec import Meta, Struct

from openoutcry.domain.duties import Duty, DutyState
from openoutcry.domain.events import LiquidityType
from openoutcry.domain.orders import SideName, Status, TimeInForce
from openoutcry.domain.phases import Phase, PhaseReason
from openoutcry.domain.quote_protection import ProtectedLimit
from openoutcry.domain.reasons import CancelReason
from openoutcry.protocol.channels import CHANNELS_OFFERED
from openoutcry.protocol.requests import MAX_TIMER_SECONDS
from openoutcry.protocol.responses import AccountInfo, InstrumentInfo, LevelInfo, NoVolatility, OddsInfo, OrderInfo

STREAM_PATH: Final = "/ws"
MAX_MESSAGE_BYTES: Final = 16 * 1024
MAX_MESSAGES_PER_SECOND: Final = 50
MAX_FRAMES_PER_SECOND: Final = 100
"""Frames of any kind: messages, their fragments, pings and pongs. A connection that sends more than this, after a burst
of `FRAME_BURST`, is closed (4010)."""
FRAME_BURST: Final = 400
"""The burst of frames. It is larger than the number of messages that are refused one by one before the connection is
closed."""
COUNTED_BYTES: Final = 4 * 1024
"""A message counts once more for each full `COUNTED_BYTES` of it."""
MAX_SUBSCRIPTIONS: Final = 1_000
CHANNELS_PER_SECOND: Final = 20
"""Channels that a connection may ask for or leave each second. At once it may ask for `MAX_SUBSCRIPTIONS` names and `*`
of every kind. A message that asks for more is refused as a whole."""
MAX_CHANNEL_LENGTH: Final = 80
CHECKSUM_DEPTH: Final = 10
"""Levels on each side that `checksum` covers."""


class CloseCode:
    """Why the server closed a connection."""

    GOING_AWAY: Final = 1001
    INTERNAL_ERROR: Final = 1011
    TRY_AGAIN_LATER: Final = 1013
    AUTHENTICATION_FAILED: Final = 4001
    NOT_PERMITTED: Final = 4003
    TOO_SLOW: Final = 4008
    TOO_MANY_CONNECTIONS: Final = 4009
    PROTOCOL_ERROR: Final = 4010


class Message(Struct, tag_field="type", gc=False):
    """A message of the server on `/ws`."""

    type: ClassVar[str]
    """The message's name on the wire, its tag, by which a type checker knows the class."""


# ---- private stream ------------------------------------------------------------------------------------------------


class NewOrderAck(Message, kw_only=True, tag="new_order_ack"):
    """The order is in the book (or about to match). `price` null: a market order."""

    type: ClassVar[Literal["new_order_ack"]] = "new_order_ack"
    seq: int
    order_id: str
    client_order_id: str | None
    instrument_id: str
    side: SideName
    price: float | None
    quantity: int
    remaining_quantity: int
    time_in_force: TimeInForce
    timestamp: str
    sequence: int


class ExecutionReport(Message, tag="execution_report"):
    """One fill. `quantity` is this fill's; `fees` > 0 was paid, < 0 is a rebate."""

    type: ClassVar[Literal["execution_report"]] = "execution_report"
    seq: int
    order_id: str
    client_order_id: str | None
    trade_id: str
    instrument_id: str
    side: SideName
    price: float
    quantity: int
    cumulative_quantity: int
    remaining_quantity: int
    average_price: float
    order_status: Status
    liquidity_type: LiquidityType
    fees: float
    timestamp: str
    sequence: int


class OrderCancelled(Message, kw_only=True, tag="order_cancelled"):
    """The order left the book with `cancelled_quantity` unfilled."""

    type: ClassVar[Literal["order_cancelled"]] = "order_cancelled"
    seq: int
    order_id: str
    client_order_id: str | None
    instrument_id: str
    side: SideName
    cancelled_quantity: int
    reason: CancelReason
    timestamp: str
    sequence: int


class OrderAmended(Message, kw_only=True, tag="order_amended"):
    """The order has new terms; `quantity` is the total, filled part included."""

    type: ClassVar[Literal["order_amended"]] = "order_amended"
    seq: int
    order_id: str
    client_order_id: str | None
    instrument_id: str
    side: SideName
    price: float
    quantity: int
    remaining_quantity: int
    kept_priority: bool
    timestamp: str
    sequence: int


class ProtectionTriggered(Message, kw_only=True, tag="protection_triggered"):
    """Market-maker protection has cancelled all quotes of a group. `frozen_until` null: until the team resets it."""

    type: ClassVar[Literal["protection_triggered"]] = "protection_triggered"
    seq: int
    group: str
    limit: ProtectedLimit
    measured: float
    limit_value: float
    frozen_until: str | None
    timestamp: str
    sequence: int


class PositionUpdate(Message, kw_only=True, tag="position_update"):
    """After trades, a bust, a settlement. `realized_pnl`: this instrument's, before fees; `cash`, `fees_paid`: the
    account's.
    """

    type: ClassVar[Literal["position_update"]] = "position_update"
    seq: int
    instrument_id: str
    position: int
    average_price: float | None
    realized_pnl: float
    cash: float
    fees_paid: float
    timestamp: str
    sequence: int


class TradeBusted(Message, kw_only=True, omit_defaults=True, tag="trade_busted"):
    """The organiser undid a trade. To its two teams, privately with a `seq`, and to readers of `trades` without one."""

    # Of the public one it is 0, which is left out on the wire: private events count from 1.

    type: ClassVar[Literal["trade_busted"]] = "trade_busted"
    seq: int = 0
    trade_id: str
    instrument_id: str
    price: float
    quantity: int
    reason: str | None
    timestamp: str
    sequence: int


class DutyStatus(Message, kw_only=True, tag="duty_status"):
    """A duty of the role is in another state, or the team at another level of sanctions.

    `duty` null: the role has no duty, and only the level has changed. `measured` and `required` are a share, or
    contracts of the index.
    """

    type: ClassVar[Literal["duty_status"]] = "duty_status"
    seq: int
    duty: Duty | None
    state: DutyState
    measured: float | None
    required: float | None
    since: str | None
    level: int
    timestamp: str
    sequence: int


PrivateMessage = (
    NewOrderAck
    | ExecutionReport
    | OrderCancelled
    | OrderAmended
    | ProtectionTriggered
    | PositionUpdate
    | TradeBusted
    | DutyStatus
)

# ---- connection ----------------------------------------------------------------------------------------------------


class Welcome(Message, kw_only=True, tag="welcome"):
    """First message, and again after a login. State as of `next_seq` - 1; team fields are null while anonymous.

    `orders`: the oldest open ones, `MAX_ORDERS_SHOWN` at most; `orders_omitted`: how many more there are, which
    `GET /orders` pages from the last of these on.
    """

    type: ClassVar[Literal["welcome"]] = "welcome"
    session_id: str
    epoch: int
    team_id: str | None
    next_seq: int | None
    positions: dict[str, int] | None
    account: AccountInfo | None
    orders: list[OrderInfo] | None
    orders_omitted: int = 0
    heartbeat_seconds: float
    timestamp: str


class Heartbeat(Message, kw_only=True, tag="heartbeat"):
    """Sent when the connection has been silent. `seq`: the last event of the private stream; null while anonymous."""

    type: ClassVar[Literal["heartbeat"]] = "heartbeat"
    seq: int | None
    timestamp: str


class Ack(Message, kw_only=True, tag="ack"):
    """The answer to a client message that was carried out."""

    type: ClassVar[Literal["ack"]] = "ack"
    op: str
    request_id: str | None = None
    channels: list[str] | None = None
    timestamp: str


class StreamError(Message, kw_only=True, tag="error"):
    """The answer to a client message that was not carried out."""

    type: ClassVar[Literal["error"]] = "error"
    op: str | None
    request_id: str | None
    code: str
    message: str
    details: dict[str, Any] | None = None
    timestamp: str


# ---- public channels -----------------------------------------------------------------------------------------------


class BookSnapshot(Message, kw_only=True, tag="book_snapshot"):
    """The best levels, best first, as of `book_seq`. Replaces the reader's copy of this book."""

    type: ClassVar[Literal["book_snapshot"]] = "book_snapshot"
    instrument_id: str
    book_seq: int
    bids: list[LevelInfo]
    asks: list[LevelInfo]
    checksum: int
    timestamp: str


class BookUpdate(Message, kw_only=True, tag="book_update"):
    """Changed levels among the best; absolute quantities, 0 removes. After applying, keep the best 20 a side."""

    type: ClassVar[Literal["book_update"]] = "book_update"
    instrument_id: str
    book_seq: int
    prev_book_seq: int
    bids: list[LevelInfo]
    asks: list[LevelInfo]
    checksum: int
    timestamp: str
    sequence: int


class TopOfBook(Message, kw_only=True, tag="top_of_book"):
    """Best bid and ask with sizes; null prices where a side is empty."""

    type: ClassVar[Literal["top_of_book"]] = "top_of_book"
    instrument_id: str
    bid_price: float | None
    bid_quantity: int
    ask_price: float | None
    ask_quantity: int
    timestamp: str


class AuctionIndicative(Message, kw_only=True, tag="auction_indicative"):
    """What an auction would do now: price and volume, and what would be left. A null price: nothing would trade.

    At most four a second of one instrument, always the newest.
    """

    type: ClassVar[Literal["auction_indicative"]] = "auction_indicative"
    instrument_id: str
    price: float | None
    volume: int
    imbalance: int
    imbalance_side: SideName | None
    timestamp: str


class Trade(Message, kw_only=True, tag="trade"):
    """A public trade. `aggressor_side`: the side of the order that came later; null in an auction."""

    type: ClassVar[Literal["trade"]] = "trade"
    trade_id: str
    instrument_id: str
    price: float
    quantity: int
    aggressor_side: SideName | None
    timestamp: str
    sequence: int


class SessionStatus(Message, kw_only=True, tag="session_status"):
    """The session is in another phase, or (with `instrument_id`) one instrument is.

    `next_at`: the earliest instant of `next_phase`; both are null if an organiser decides. `market_time` is null
    before the first session.
    """

    type: ClassVar[Literal["session_status"]] = "session_status"
    phase: Phase
    previous_phase: Phase
    instrument_id: str | None
    halted: bool
    reason: PhaseReason
    trading_session: int
    market_time: str | None
    next_phase: Phase | None
    next_at: str | None
    timestamp: str
    sequence: int


class InstrumentListed(Message, kw_only=True, tag="instrument_listed"):
    """An instrument can be traded from now on."""

    type: ClassVar[Literal["instrument_listed"]] = "instrument_listed"
    instrument: InstrumentInfo
    timestamp: str
    sequence: int


class News(Message, kw_only=True, tag="news"):
    """A headline. Its effect on prices, if it has any, is not told."""

    type: ClassVar[Literal["news"]] = "news"
    news_id: str
    headline: str
    category: str
    odds: OddsInfo
    market_time: str
    timestamp: str
    sequence: int


class Announcement(Message, kw_only=True, tag="announcement"):
    """An organiser's words to everybody."""

    type: ClassVar[Literal["announcement"]] = "announcement"
    text: str
    market_time: str
    timestamp: str
    sequence: int


class InstrumentExpired(Message, kw_only=True, tag="instrument_expired"):
    """An instrument has expired: orders in it are cancelled, and no more are taken."""

    type: ClassVar[Literal["instrument_expired"]] = "instrument_expired"
    instrument_id: str
    timestamp: str
    sequence: int


class Settlement(Message, kw_only=True, tag="settlement"):
    """An instrument is settled: positions in it are paid out at this price."""

    type: ClassVar[Literal["settlement"]] = "settlement"
    instrument_id: str
    settlement_price: float
    underlying_price: float | None
    market_time: str
    timestamp: str
    sequence: int


class UnderlyingPrice(Message, kw_only=True, tag="underlying_price"):
    """The price of an underlying: of the index, or the fair value of a tradable one. It is no price of the book."""

    type: ClassVar[Literal["underlying_price"]] = "underlying_price"
    symbol: str
    price: float
    market_time: str
    timestamp: str


class Greeks(Message, kw_only=True, tag="greeks"):
    """An option's theoretical value and how it moves, per unit and not per contract.

    `implied_volatility` is that of the theoretical value; null at the very end of an option, when it has none, and then
    `implied_volatility_reason` says why.
    """

    type: ClassVar[Literal["greeks"]] = "greeks"
    instrument_id: str
    theoretical: float
    implied_volatility: float | None
    implied_volatility_reason: NoVolatility | None
    delta: float
    gamma: float
    vega: float
    theta: float
    underlying_price: float
    market_time: str
    timestamp: str


PublicMessage = (
    BookSnapshot
    | BookUpdate
    | TopOfBook
    | AuctionIndicative
    | Trade
    | TradeBusted
    | SessionStatus
    | InstrumentListed
    | InstrumentExpired
    | Settlement
    | News
    | Announcement
    | UnderlyingPrice
    | Greeks
)
ConnectionMessage = Welcome | Heartbeat | Ack | StreamError
ServerMessage = PrivateMessage | PublicMessage | ConnectionMessage

# ---- from the client -----------------------------------------------------------------------------------------------

StreamRequestId = Annotated[str, Meta(max_length=128)]
Channel = Annotated[
    str,
    Meta(
        max_length=MAX_CHANNEL_LENGTH,
        description=f"One of {CHANNELS_OFFERED}.",
        examples=["book:SPX_CALL_4500_20240315"],
    ),
]
Channels = Annotated[list[Channel], Meta(min_length=1, max_length=MAX_SUBSCRIPTIONS)]


class Login(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="op", tag="login"):
    """Make this the team's connection. Answered by `welcome`, then `ack`, then the private stream."""

    api_key: Annotated[str, Meta(max_length=128)]
    after_seq: Annotated[int, Meta(ge=0, le=2**53 - 1)] | None = None
    request_id: StreamRequestId | None = None


class Resume(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="op", tag="resume"):
    """Replay the private stream from `after_seq` + 1, then go live."""

    after_seq: Annotated[int, Meta(ge=0, le=2**53 - 1)]
    request_id: StreamRequestId | None = None


class Subscribe(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="op", tag="subscribe"):
    """Subscribe to public channels: to all of these, or (with an `error`) to none.

    A book begins with a snapshot, also when it is subscribed again.
    """

    channels: Channels
    request_id: StreamRequestId | None = None


class Unsubscribe(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="op", tag="unsubscribe"):
    """Stop reading these channels."""

    channels: Channels
    request_id: StreamRequestId | None = None


class CancelOnDisconnect(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="op", tag="cancel_on_disconnect"):
    """Cancel all of the team's orders `grace_seconds` after this connection is lost; with `enabled` false, do not.

    Enabling it stops the grace of an earlier connection of the team that was lost.
    """

    enabled: bool
    grace_seconds: Annotated[int, Meta(ge=0, le=MAX_TIMER_SECONDS)] = 0
    request_id: StreamRequestId | None = None


class Ping(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="op", tag="ping"):
    """Ask for an `ack`, to check the connection."""

    request_id: StreamRequestId | None = None


ClientMessage = Login | Resume | Subscribe | Unsubscribe | CancelOnDisconnect | Ping
