"""Messages of a team's private stream."""

from typing import ClassVar, Literal

from openoutcry.domain.day.duties import Duty, DutyState
from openoutcry.domain.day.quote_protection import ProtectedLimit
from openoutcry.domain.events import LiquidityType
from openoutcry.domain.orders import SideName, Status, TimeInForce
from openoutcry.domain.reasons import CancelReason
from openoutcry.domain.simulation.headlines import Regime
from openoutcry.domain.simulation.signals import Direction, SignalType
from openoutcry.protocol.stream.message import Message


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


class Signal(Message, kw_only=True, omit_defaults=True, tag="signal"):
    """A signal of the role: the same to all its teams. The fields in the middle are those of its `signal_type`.

    `volatility_forecast`: volatility may change to `forecast_regime` in about `seconds_until_change` market seconds.
    `tracking_error`: the tracker is about to be off its index by `error_percent`.
    """

    type: ClassVar[Literal["signal"]] = "signal"
    seq: int
    signal_type: SignalType
    forecast_regime: Regime | None = None
    seconds_until_change: int | None = None
    error_percent: float | None = None
    direction: Direction | None = None
    z_score: float | None = None
    confidence: float
    market_time: str
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
    | Signal
)
