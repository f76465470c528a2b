"""The events of one command, gathered in the order in which they are told: private ones, positions, public ones."""

from typing import Final

from openoutcry.domain.events import (
    Event,
    InternalEvent,
    OrderAmended,
    PositionUpdated,
    PublicEvent,
)
from openoutcry.domain.types import TimestampUs
from openoutcry.matching.order import Order
from openoutcry.venue.market import Market
from openoutcry.venue.team import Holding, Team

# Looked up once, as in `execution`.
position_updated: Final = PositionUpdated


class Outcome:
    """Collects what one command does, until `events` hands it over.

    `now` is the command's time. Each private event takes the next place in its team's stream as it is noted. The venue
    has one of these, for one command after the other.
    """

    __slots__ = ("markets", "now", "private", "public", "traded")

    def __init__(self) -> None:
        self.now = TimestampUs(0)
        self.private: list[Event] = []
        self.public: list[PublicEvent | InternalEvent] = []
        self.traded: list[tuple[Team, Holding]] = []
        """Those that traded, marked `is_to_be_told`, whose new position is to be told in the order of first trades."""
        self.markets: list[Market] = []
        """Those whose books may have changed."""

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
        self.private = []
        if self.traded:
            for team, holding in self.traded:
                holding.is_to_be_told = False
                team.seq += 1
                position, account = holding.position, team.account
                events.append(
                    position_updated(
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
