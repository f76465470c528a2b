"""An order as the venue holds it: the one mutable thing in the book."""

from typing import Final

from openoutcry.domain.events import OrderExecuted
from openoutcry.domain.orders import CLOSED_STATUSES, LIFE_CYCLE, OrderChange, Side, Status, TimeInForce
from openoutcry.domain.types import ClientOrderId, InstrumentId, OrderId, TeamId, Ticks, TimestampUs

MARKET_RANK: Final = 2**60
"""Rank of a market order: better than any limit."""

Fill = tuple[TimestampUs, OrderExecuted]
"""A fill and when it happened."""


class Order:
    """One order, from acceptance to its end. `new_order` makes them.

    `rank` orders prices so that on either side a higher rank is better: the price for buys, minus the price for
    sells. Self-trade prevention works per `owner`. `cumulative_value` sums price × quantity over its fills.
    `fills` is None until the first. `level`, `previous` and `next` link it into the queue of its price level, and are
    None while it does not rest, so that no garbage cycle remains; the latter two exist from the first time it rests.
    """

    order_id: OrderId
    team_id: TeamId
    owner: int
    instrument_id: InstrumentId
    side: Side
    price: Ticks | None
    rank: int
    quantity: int
    remaining_quantity: int
    time_in_force: TimeInForce
    post_only: bool
    client_order_id: ClientOrderId | None
    submitted_at: TimestampUs
    is_quote: bool
    status: Status
    cumulative_value: int
    fills: list[Fill] | None
    level: "PriceLevel | None"
    previous: "Order | None"
    next: "Order | None"

    __slots__ = (
        "client_order_id",
        "cumulative_value",
        "fills",
        "instrument_id",
        "is_quote",
        "level",
        "next",
        "order_id",
        "owner",
        "post_only",
        "previous",
        "price",
        "quantity",
        "rank",
        "remaining_quantity",
        "side",
        "status",
        "submitted_at",
        "team_id",
        "time_in_force",
    )

    @property
    def filled_quantity(self) -> int:
        return self.quantity - self.remaining_quantity

    @property
    def is_closed(self) -> bool:
        return self.status in CLOSED_STATUSES

    def change(self, change: OrderChange) -> None:
        """Move along the life cycle. A change that is not in the table is a bug (`KeyError`)."""
        self.status = LIFE_CYCLE[change][self.status]

    def keep_fill(self, fill: Fill) -> None:
        if self.fills is None:
            self.fills = [fill]
        else:
            self.fills.append(fill)

    def reprice(self, price: Ticks) -> None:
        """Give an order that is out of the book another limit."""
        self.price = price
        self.rank = -price if self.side else price


def new_order(
    order_id: OrderId,
    team_id: TeamId,
    owner: int,
    instrument_id: InstrumentId,
    side: Side,
    price: Ticks | None,
    quantity: int,
    time_in_force: TimeInForce,
    post_only: bool,
    client_order_id: ClientOrderId | None,
    submitted_at: TimestampUs,
    is_quote: bool = False,
) -> Order:
    """A newly accepted order. A function, because with an `__init__` Python takes half as long again."""
    order = Order()
    order.order_id = order_id
    order.team_id = team_id
    order.owner = owner
    order.instrument_id = instrument_id
    order.side = side
    order.price = price
    order.rank = MARKET_RANK if price is None else -price if side else price
    order.quantity = quantity
    order.remaining_quantity = quantity
    order.time_in_force = time_in_force
    order.post_only = post_only
    order.client_order_id = client_order_id
    order.submitted_at = submitted_at
    order.is_quote = is_quote
    order.status = "open"
    order.cumulative_value = 0
    order.fills = None
    order.level = None
    return order


class PriceLevel:
    """The orders of one side at one price, in order of arrival, and their total quantity. `BookSide` links them."""

    __slots__ = ("first", "last", "price", "quantity", "rank")

    def __init__(self, price: Ticks, rank: int, first: Order) -> None:
        self.price = price
        self.rank = rank
        self.quantity = first.remaining_quantity
        self.first: Order | None = first
        self.last: Order | None = first
