"""What one command does, as events in the order in which they are told: private ones, positions, public ones.

Every event of an order or a trade is made here, and only here does it get its place in its team's stream.
"""

from typing import Final

from openoutcry.domain.day.quote_protection import ProtectedLimit
from openoutcry.domain.events import (
    DutyJudged,
    Event,
    FillBusted,
    InternalEvent,
    LiquidityType,
    OrderAcknowledged,
    OrderAmended,
    OrderCancelled,
    OrderExecuted,
    PositionUpdated,
    ProtectionTriggered,
    PublicEvent,
    SignalSent,
    TradePrinted,
)
from openoutcry.domain.orders import Side
from openoutcry.domain.reasons import CancelReason
from openoutcry.domain.simulation.signals import Signal
from openoutcry.domain.types import MarketTime, Money, Ticks, TimestampUs, TradeId
from openoutcry.matching.order import Fill, Order
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.standing import DutyRecord, Standing
from openoutcry.venue.state.team import Holding, Team

# Looked up once: compiled code looks each global of an interpreted module up in a dictionary.
_OrderAcknowledged: Final = OrderAcknowledged
_OrderCancelled: Final = OrderCancelled
_OrderExecuted: Final = OrderExecuted
_PositionUpdated: Final = PositionUpdated
_TradePrinted: Final = TradePrinted


class Outcome:
    """Collects what one command does, until `events` hands it over.

    `now` is the command's time. Each private event takes the next place in its team's stream as it is noted. The venue
    has one of these, for one command after the other.
    """

    __slots__ = ("_markets", "_private", "_public", "_traded", "now", "quote_fills")

    def __init__(self) -> None:
        self.now = TimestampUs(0)
        self._private: list[Event] = []
        self._public: list[PublicEvent | InternalEvent] = []
        self._traded: list[tuple[Team, Holding]] = []
        """Those that traded, marked `is_to_be_told`, whose new position is to be told in the order of first trades."""
        self._markets: list[Market] = []
        """Those whose books may have changed, marked `is_to_be_told`."""
        self.quote_fills: list[tuple[Team, Order, int]] = []
        """Fills of quotes of teams that protect them, with their quantities; whoever counts them clears the list."""

    def acknowledged(self, team: Team, market: Market, order: Order) -> None:
        """The order is accepted and has not traded yet; the market's book may change by it."""
        if not market.is_to_be_told:
            market.is_to_be_told = True
            self._markets.append(market)
        team.seq = seq = team.seq + 1
        quantity = order.quantity
        self._private.append(
            _OrderAcknowledged(
                order.team_id,
                seq,
                order.order_id,
                order.client_order_id,
                order.instrument_id,
                order.side,
                order.price,
                quantity,
                quantity,
                order.time_in_force,
            )
        )

    def amended(self, team: Team, order: Order, *, kept_priority: bool) -> None:
        """The order has new terms, which it shows already."""
        assert order.price is not None, "only limit orders are amended"  # noqa: S101
        team.seq = seq = team.seq + 1
        self._private.append(
            OrderAmended(
                order.team_id,
                seq,
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

    def cancelled(self, team: Team, order: Order, reason: CancelReason) -> None:
        """The order has left the book finally, with its remaining quantity unfilled."""
        team.seq = seq = team.seq + 1
        self._private.append(
            _OrderCancelled(
                order.team_id,
                seq,
                order.order_id,
                order.client_order_id,
                order.instrument_id,
                order.side,
                order.remaining_quantity,
                reason,
            )
        )

    def duty_judged(self, team: Team, standing: Standing, record: DutyRecord | None, utc_offset: int) -> None:
        """The duty is in another state, or the team at another level; `record` None: it has no duty."""
        team.seq = seq = team.seq + 1
        level = standing.level
        self._private.append(
            DutyJudged(team.team_id, seq, None, "exempt", None, None, standing.level_since, level, utc_offset)
            if record is None
            else DutyJudged(
                team.team_id,
                seq,
                record.duty,
                record.state,
                record.measured,
                record.required,
                record.since,
                level,
                utc_offset,
            )
        )

    def signalled(self, team: Team, signal: Signal, market_time: MarketTime, utc_offset: int) -> None:
        """The team is told a signal of its role."""
        team.seq = seq = team.seq + 1
        self._private.append(SignalSent(team.team_id, seq, signal, market_time, utc_offset))

    def executed(
        self,
        team: Team,
        holding: Holding,
        order: Order,
        trade_id: TradeId,
        price: Ticks,
        quantity: int,
        remaining_quantity: int,
        liquidity_type: LiquidityType,
        fees: Money,
    ) -> Fill:
        """One side of a trade. `order` has the status and the value that the trade has given it; `remaining_quantity`
        is what the trade left, for the order itself shows already what the command's last trade left.

        The new position is told once, after all private events of the command.
        """
        if not holding.is_to_be_told:
            holding.is_to_be_told = True
            self._traded.append((team, holding))
        team.seq = seq = team.seq + 1
        event = _OrderExecuted(
            order.team_id,
            seq,
            order.order_id,
            order.client_order_id,
            trade_id,
            order.instrument_id,
            order.side,
            price,
            quantity,
            order.quantity - remaining_quantity,
            remaining_quantity,
            order.cumulative_value,
            order.status,
            liquidity_type,
            fees,
        )
        self._private.append(event)
        if team.protection is not None and order.is_quote:
            self.quote_fills.append((team, order, quantity))
        return self.now, event

    def busted(self, team: Team, holding: Holding, trade: OrderExecuted, reason: str | None) -> None:
        """A trade of the team is undone. Its new position is told after all private events of the command."""
        team.seq = seq = team.seq + 1
        self._private.append(
            FillBusted(team.team_id, seq, trade.trade_id, trade.instrument_id, trade.price, trade.quantity, reason)
        )
        self.position_changed(team, holding)

    def position_changed(self, team: Team, holding: Holding) -> None:
        """The position is told once, after all private events of the command."""
        if not holding.is_to_be_told:
            holding.is_to_be_told = True
            self._traded.append((team, holding))

    def protection_triggered(
        self,
        team: Team,
        group: str,
        limit: ProtectedLimit,
        measured: int,
        limit_value: int,
        frozen_until: TimestampUs | None,
        utc_offset: int | None,
    ) -> None:
        """A limit of the team's protection was met, and the group's quotes are cancelled."""
        team.seq = seq = team.seq + 1
        self._private.append(
            ProtectionTriggered(team.team_id, seq, group, limit, measured, limit_value, frozen_until, utc_offset)
        )

    def printed(
        self, market: Market, trade_id: TradeId, price: Ticks, quantity: int, aggressor_side: Side | None
    ) -> None:
        """A trade, for the public and for the market's recent trades."""
        event = _TradePrinted(trade_id, market.instrument_id, price, quantity, aggressor_side)
        self._public.append(event)
        market.trades.append((self.now, event))

    def touched(self, market: Market) -> None:
        """The market's book may have changed."""
        if not market.is_to_be_told:
            market.is_to_be_told = True
            self._markets.append(market)

    def told(self, event: PublicEvent | InternalEvent) -> None:
        """Any other event, of the session or for the answer to a command."""
        self._public.append(event)

    def events(self) -> list[Event]:
        """All events of the command, in the order in which they are told."""
        events = self._private
        self._private = []
        if self._traded:
            for team, holding in self._traded:
                holding.is_to_be_told = False
                team.seq = seq = team.seq + 1
                position, account = holding.position, team.account
                events.append(
                    _PositionUpdated(
                        team.team_id,
                        seq,
                        holding.instrument_id,
                        position.quantity,
                        position.cost_basis,
                        position.realized_pnl,
                        account.cash,
                        account.fees_paid,
                    )
                )
            self._traded.clear()
        if self._public:
            events += self._public
            self._public.clear()
        if self._markets:
            for market in self._markets:
                market.is_to_be_told = False
                market.view.tell(events)
                if market.indicates:
                    market.tell_indicative(events)
            self._markets.clear()
        return events
