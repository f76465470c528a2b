"""Orders, fills and quotes, and what is answered to requests about them."""

from typing import Final

from msgspec import Struct

from openoutcry.domain.orders import SideName, Status, TimeInForce
from openoutcry.protocol.responses.response import ApiError, ApiResponse

MAX_ORDERS_SHOWN: Final = 1_000
"""Most orders in one answer and in a `welcome`. Clients ask for more page by page, so that no answer grows with a
team's orders and delays others."""


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


class FillsData(Struct):
    """`forgotten`: how many older fills of the team are no longer kept; they are in its private stream as
    `execution_report`, from `after_seq=0` on.
    """

    fills: list[FillInfo]
    as_of_seq: int
    forgotten: int
