"""The events of one command, gathered in the order in which they are told: private ones, positions, public ones."""

from openoutcry.domain.events import (
    Event,
    InternalEvent,
    LiquidityType,
    OrderAcknowledged,
    OrderAmended,
    OrderCancelled,
    OrderExecuted,
    PositionUpdated,
    PublicEvent,
)
from openoutcry.domain.orders import Status
from openoutcry.domain.reasons import CancelReason
from openoutcry.domain.types import InstrumentId, Money, TeamId, TimestampUs, TradeId
from openoutcry.matching.order import Order
from openoutcry.venue.state import Market, Team, VenueState


class Outcome:
    """Collects what one command does; `events` closes it.

    `now` is the command's time. Each private event takes the next place in its team's stream as it is noted.
    """

    __slots__ = ("_markets", "_private", "_public", "_state", "_traded", "now")

    def __init__(self, state: VenueState, now: TimestampUs) -> None:
        self.now = now
        self._state = state
        self._private: list[Event] = []
        self._public: list[Event] = []
        # A dictionary, not a set: its order is that of insertion, on any machine.
        self._traded: dict[tuple[TeamId, InstrumentId], None] = {}
        self._markets: list[Market] = []

    def acknowledged(self, team: Team, order: Order) -> None:
        team.seq += 1
        self._private.append(
            OrderAcknowledged(
                team.team_id,
                team.seq,
                order.order_id,
                order.client_order_id,
                order.instrument_id,
                order.side,
                order.price,
                order.quantity,
                order.remaining_quantity,
                order.time_in_force,
            )
        )

    def executed(
        self,
        team: Team,
        order: Order,
        trade_id: TradeId,
        price: int,
        quantity: int,
        remaining_quantity: int,
        status: Status,
        liquidity_type: LiquidityType,
        fees: Money,
    ) -> None:
        """Note one side of a trade, with the order as it stands right after it, and keep it with the team's fills."""
        team.seq += 1
        event = OrderExecuted(
            team.team_id,
            team.seq,
            order.order_id,
            order.client_order_id,
            trade_id,
            order.instrument_id,
            order.side,
            price,  # type: ignore[arg-type]
            quantity,
            order.quantity - remaining_quantity,
            remaining_quantity,
            order.cumulative_value,
            status,
            liquidity_type,
            fees,
        )
        self._private.append(event)
        fill = (self.now, event)
        order.fills.append(fill)
        team.fills.append(fill)
        self._traded[team.team_id, order.instrument_id] = None

    def cancelled(self, team: Team, order: Order, reason: CancelReason) -> None:
        team.seq += 1
        self._private.append(
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
        self._private.append(
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
        self._public.append(event)

    def touched(self, market: Market, order: Order) -> None:
        """Note that the level at which `order` rests or rested has another quantity now."""
        market.view.touch(order.side, order.rank)
        if market not in self._markets:
            self._markets.append(market)

    def events(self) -> list[Event]:
        """All events of the command, in the order in which they are told."""
        events = self._private
        for team_id, instrument_id in self._traded:
            events.append(self._position_update(self._state.team(team_id), instrument_id))
        events += self._public
        for market in self._markets:
            events += market.view.changes()
        return events

    def _position_update(self, team: Team, instrument_id: InstrumentId) -> PositionUpdated:
        team.seq += 1
        position = team.holdings[instrument_id].position
        return PositionUpdated(
            team.team_id,
            team.seq,
            instrument_id,
            position.quantity,
            position.cost_basis,
            position.realized_pnl,
            team.account.cash,
            team.account.fees_paid,
        )
