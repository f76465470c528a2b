"""What the reference remembers of an order, a team and its money: little that can be recounted is kept."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from openoutcry.domain.commands import SubmitOrder
from openoutcry.domain.orders import BUY, SELL, Side, Status, TimeInForce
from openoutcry.domain.rulebook import RoleRules
from openoutcry.domain.types import ClientOrderId, ConnectionId, InstrumentId, OrderId, TeamId, Ticks, TimestampUs
from openoutcry.domain.views import FillView, OrderView
from reference.protection import Protection

Cost = tuple[int, int, int]
"""Position, cost basis and realised P&L in one instrument."""

NOTHING: Cost = (0, 0, 0)


@dataclass(eq=False)
class ReferenceTeam:
    team_id: TeamId
    name: str
    role: str
    rules: RoleRules
    owner: str
    has_key: bool
    seq: int = 0
    suspended: bool = False
    orders: list["ReferenceOrder"] = field(default_factory=list)
    closed: list["ReferenceOrder"] = field(default_factory=list)
    """In the order in which they closed."""
    fills: list[FillView] = field(default_factory=list)
    costs: dict[InstrumentId, Cost] = field(default_factory=dict)
    """What each position cost. A busted trade may leave another cost than the other fills alone would give."""
    claims: dict[str, tuple[SubmitOrder, OrderId]] = field(default_factory=dict)
    cancel_at: int | None = None
    grace_us: dict[ConnectionId, int] = field(default_factory=dict)
    """Of every guarded connection, those that are lost among them."""
    lost: dict[ConnectionId, int] = field(default_factory=dict)
    """When the grace of each lost connection ends."""
    quoted: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By instrument: the theoretical value when its quote was entered or changed last, and its spread then."""
    protection: Protection = field(default_factory=Protection)
    standing: Any = None
    """Its duties and sanctions, a `reference.duties.Standing`, once they are looked at."""

    def position(self, instrument_id: InstrumentId) -> int:
        return self.costs.get(instrument_id, NOTHING)[0]


@dataclass(eq=False)
class ReferenceOrder:
    order_id: OrderId
    team: ReferenceTeam
    instrument_id: InstrumentId
    side: Side
    price: Ticks | None
    quantity: int
    time_in_force: TimeInForce
    post_only: bool
    client_order_id: ClientOrderId | None
    submitted_at: TimestampUs
    is_quote: bool = False
    cancelled: bool = False
    edge: int | None = None
    """How far a market order may go, if not as far as it takes."""

    @property
    def limit(self) -> Ticks:
        """The price of an order that has one, as every resting order does."""
        assert self.price is not None
        return self.price

    @property
    def fills(self) -> list[FillView]:
        return [fill for fill in self.team.fills if fill.order_id == self.order_id]

    @property
    def filled(self) -> int:
        return sum(fill.quantity for fill in self.fills)

    @property
    def remaining(self) -> int:
        return self.quantity - self.filled

    @property
    def status(self) -> Status:
        if self.cancelled:
            return "cancelled"
        if not self.remaining:
            return "filled"
        return "partially_filled" if self.filled else "open"

    def crosses(self, resting: "ReferenceOrder") -> bool:
        """Whether this order, coming in, reaches the price of an order resting on the other side."""
        furthest = self.edge if self.price is None else self.price
        if furthest is None:
            return True
        return furthest >= resting.limit if self.side == BUY else furthest <= resting.limit

    def view(self) -> OrderView:
        return OrderView(
            order_id=self.order_id,
            client_order_id=self.client_order_id,
            instrument_id=self.instrument_id,
            side=self.side,
            price=self.price,
            quantity=self.quantity,
            remaining_quantity=self.remaining,
            status=self.status,
            time_in_force=self.time_in_force,
            post_only=self.post_only,
            submitted_at=self.submitted_at,
        )


def signed(fill: FillView) -> int:
    return -fill.quantity if fill.side == SELL else fill.quantity


def average_cost(fills: Iterable[tuple[int, int]], before: Cost = NOTHING) -> Cost:
    """Position, cost basis and realised P&L after `fills` of one instrument, at average cost: each a signed quantity
    and the money per contract.

    Closing q of Q releases basis x q / Q, rounded down; what a trade through zero has left opens at its own price.
    """
    position, basis, realized = before
    for traded, unit_value in fills:
        quantity = traded
        if position * quantity < 0:
            direction = 1 if position > 0 else -1
            closed = min(abs(quantity), abs(position))
            released = direction * (abs(basis) * closed // abs(position))
            realized += direction * closed * unit_value - released
            basis -= released
            position -= direction * closed
            quantity += direction * closed
        position += quantity
        basis += quantity * unit_value
    return position, basis, realized
