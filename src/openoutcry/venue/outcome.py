"""The events of one command, gathered in the order in which they are told: private ones, positions, public ones."""

from openoutcry.domain.events import (
    Event,
    InternalEvent,
    OrderAmended,
    OrderCancelled,
    PositionUpdated,
    PublicEvent,
)
from openoutcry.domain.reasons import CancelReason
from openoutcry.domain.types import TimestampUs
from openoutcry.matching.order import Order
from openoutcry.venue.state import Holding, Market, Team


class Outcome:
    """Collects what one command does, from `begin` to `events`.

    `now` is the command's time. Each private event takes the next place in its team's stream as it is noted. The venue
    has one of these, for one command after the other.
    """

    __slots__ = ("markets", "now", "private", "public", "traded")

    def __init__(self) -> None:
        self.now = TimestampUs(0)
        self.private: list[Event] = []
        self.public: list[PublicEvent | InternalEvent] = []
        self.traded: dict[Holding, Team] = {}
        """Holdings that traded, of which the new position is to be told. Told in the order of their first trades."""
        self.markets: list[Market] = []
        """Those whose books may have changed."""

    def begin(self, now: TimestampUs) -> None:
        self.now = now
        self.private = []

    def cancelled(self, team: Team, order: Order, reason: CancelReason) -> None:
        team.seq += 1
        self.private.append(
            OrderCancelled(
                team.team_id,
                team.seq,
                order.order_id,
                order.client_order_id,
                order.instrument_id,
                order.side,
                order.remaining_quantity,
                reason,
            )
        )

    def amended(self, team: Team, order: Order, *, kept_priority: bool) -> None:
        assert order.price is not None, "only limit orders are amended"  # noqa: S101
        team.seq += 1
        self.private.append(
            OrderAmended(
                team.team_id,
                team.seq,
                order.order_id,
                order.client_order_id,
                order.instrument_id,
                order.side,
                order.price,
                order.quantity,
                order.remaining_quantity,
                kept_priority,
            )
        )

    def told(self, event: PublicEvent | InternalEvent) -> None:
        """Note an event that is not a team's."""
        self.public.append(event)

    def events(self) -> list[Event]:
        """All events of the command, in the order in which they are told."""
        events = self.private
        if self.traded:
            for holding, team in self.traded.items():
                team.seq += 1
                position, account = holding.position, team.account
                events.append(
                    PositionUpdated(
                        team.team_id,
                        team.seq,
                        holding.instrument_id,
                        position.quantity,
                        position.cost_basis,
                        position.realized_pnl,
                        account.cash,
                        account.fees_paid,
                    )
                )
            self.traded.clear()
        if self.public:
            events += self.public
            self.public.clear()
        if self.markets:
            for market in self.markets:
                market.view.tell(events)
            self.markets.clear()
        return events
