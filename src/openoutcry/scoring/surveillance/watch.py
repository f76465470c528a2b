"""The part of a match that watches: it hears what happened once, and tells each kind what it needs.

What is kept, beside sums: of each open order of a participant three numbers; of each trade between two owners its
value, and its place where it counts for a pair; of each trade off the market, each round trip and each burst a line;
what happened in the last two seconds, and trades between owners of the last minutes. All of it is given up when a
session begins.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from msgspec import Struct

from openoutcry.domain.commands import AmendOrder, CancelOrder, MassCancel, ReplaceQuotes, SubmitOrder
from openoutcry.domain.day.game_rules import GameRules
from openoutcry.domain.events import (
    OrderAcknowledged,
    OrderAmended,
    OrderCancelled,
    OrderExecuted,
    QuoteReplaced,
)
from openoutcry.domain.orders import BUY, SELL, Side
from openoutcry.domain.reasons import CancelReason
from openoutcry.domain.scoring.surveillance_rules import SurveillanceRules
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import InstrumentId, MarketTime, Money, OrderId, TradeId
from openoutcry.domain.types import Sequence as Place
from openoutcry.scoring.match.ledger import Ledger
from openoutcry.scoring.match.marks import Marks
from openoutcry.scoring.match.part import Part
from openoutcry.scoring.match.participant import Participant
from openoutcry.scoring.match.trade import Trade, ValuedTrade
from openoutcry.scoring.match.trades import Trades
from openoutcry.scoring.surveillance.exclusions import Exclusions, ExclusionsState, pair_in
from openoutcry.scoring.surveillance.finding import Exclusion, Finding
from openoutcry.scoring.surveillance.layering import Layering, LayeringState
from openoutcry.scoring.surveillance.messages import Messages, MessagesState
from openoutcry.scoring.surveillance.newest_values import NewestValues, ValuesState
from openoutcry.scoring.surveillance.partners import Partners, PartnersState, pair_of
from openoutcry.scoring.surveillance.round_trips import RoundTrips, RoundTripsState
from openoutcry.scoring.surveillance.stuffing import Stuffing, StuffingState
from openoutcry.scoring.surveillance.transfers import Transfers, TransfersState

TAKEN_AWAY: Final = frozenset({CancelReason.USER_REQUESTED, CancelReason.MASS_CANCEL})
"""Why an order is gone if its team wanted it."""


class WatchState(Struct):
    known: dict[OrderId, Money | None]
    since: dict[OrderId, MarketTime]
    singles: dict[OrderId, int]
    values: ValuesState
    transfers: TransfersState
    round_trips: RoundTripsState
    partners: PartnersState
    messages: MessagesState
    layering: LayeringState
    stuffing: StuffingState
    exclusions: ExclusionsState


class Watch(Part):
    name = "surveillance"
    state_type = WatchState

    def __init__(self, ledger: Ledger, trades: Trades, game: GameRules, rules: SurveillanceRules) -> None:
        self._ledger: Final = ledger
        self._rules: Final = rules
        self._known: dict[OrderId, Money | None] = {}
        """Of open orders of participants: the value, in their team's favour, when they were entered or last changed."""
        self._since: dict[OrderId, MarketTime] = {}
        """The market time of that; what is only made smaller has stood."""
        self._singles: dict[OrderId, int] = {}
        """What is open of those that are no quotes."""
        self._values: Final = NewestValues(ledger, game, rules.off_market_ppm, rules.late_seconds)
        self._transfers: Final = Transfers(rules)
        self._partners: Final = Partners(rules)
        self._round_trips: Final = RoundTrips(rules, self._partners)
        self._messages: Final = Messages(rules)
        self._layering: Final = Layering(rules)
        self._stuffing: Final = Stuffing(rules)
        self._exclusions: Final = Exclusions(trades)
        self._row = -1
        """Of the team whose command it is."""
        self._sequence = Place(0)
        self._is_quote = False
        self._traded_at: dict[tuple[TradeId, Side], Money | None] = {}
        """Values at which the two sides of this command's trades acted."""
        self._stood: dict[TradeId, int] = {}
        """For so many market seconds their resting orders had stood."""

    # ---- what was found -----------------------------------------------------------------------------------------

    def findings(self) -> list[Finding]:
        """Of the session under way, or of the last one, kind by kind."""
        participants = self._ledger.participants
        return [
            *self._transfers.findings(),
            *self._round_trips.findings(),
            *self._partners.findings(),
            *self._messages.findings(participants),
            *self._layering.findings(participants),
            *self._stuffing.findings(participants),
        ]

    def exclusions(self) -> list[Exclusion]:
        return self._exclusions.of(self._excluding())

    def excluded(self) -> list[ValuedTrade]:
        """The trades that leave the score, so far as their value is known."""
        return self._exclusions.trades_of({pair_in(finding): None for finding in self._excluding()})

    def _excluding(self) -> list[Finding]:
        return [*self._transfers.findings(), *self._round_trips.findings()]

    # ---- what happened ------------------------------------------------------------------------------------------

    def session_began(self, *_of_session: object) -> None:
        self._known.clear()
        self._since.clear()
        self._singles.clear()
        self._values.begin()
        self._transfers.state = TransfersState()
        self._partners.state = PartnersState()
        self._round_trips.state = RoundTripsState()
        self._messages.began()
        self._layering.state = LayeringState()
        self._stuffing.state = StuffingState()
        self._exclusions.state = ExclusionsState()

    def session_ended(self) -> None:
        self._messages.ended()

    def columns_dropped(self, kept: Sequence[int]) -> None:  # noqa: ARG002 - all is given up with the session
        self._values.begin()

    def listed(self) -> None:
        self._values.begin()

    def registered(self, participant: Participant) -> None:  # noqa: ARG002 - there is one more
        self._messages.registered()
        self._values.registered()

    def second_passed(self, before: Marks, seconds: int, is_continuous: bool) -> None:  # noqa: ARG002 - a part
        now = self._now
        self._values.passed()
        self._round_trips.passed(now)
        self._messages.passed(now)
        self._layering.passed(now)
        self._stuffing.passed(now)

    def hears(self) -> dict[type, Callable[[Any], None]]:
        return {
            OrderAcknowledged: self._entered,
            OrderExecuted: self._filled,
            OrderCancelled: self._cancelled,
            OrderAmended: self._amended,
            QuoteReplaced: self._quoted,
        }

    def command_came(self, sequenced: Sequenced) -> None:
        command = sequenced.command
        self._row = -1
        self._traded_at.clear()
        self._stood.clear()
        kind = type(command)
        if kind in _OF_ORDERS:
            row = self._ledger.row_of.get(command.team_id)  # type: ignore[union-attr]  # those have one
            if row is not None:
                self._row, self._sequence = row, sequenced.sequence
                self._is_quote = kind is ReplaceQuotes
                if not self._is_quote:
                    self._messages.came(row, self._ledger.marks.market_time)
                    if type(command) is SubmitOrder:
                        self._came_about(command.instrument_id)

    def traded(self, trade: Trade) -> None:
        of_buyer, of_seller = self._acted_on(trade, BUY), self._acted_on(trade, SELL)
        self._transfers.traded(trade, of_buyer, of_seller, self._values.width)
        column, pair = self._ledger.columns[trade.column], pair_of(trade)
        stood = self._stood.get(trade.trade_id)
        self._partners.traded(trade, pair, stood, is_option=column.is_option)
        if pair is not None:
            self._round_trips.traded(trade, pair, column.tick_size, stood)

    def valued(self, trade: ValuedTrade) -> None:
        self._transfers.valued(trade, self._ledger.columns[trade.trade.column].multiplier)
        self._exclusions.valued(trade)

    def busted(self, trade: Trade) -> None:
        self._transfers.busted(trade)
        self._partners.busted(trade, is_option=self._ledger.columns[trade.column].is_option)
        self._round_trips.busted(trade)
        self._exclusions.busted(trade)

    def _acted_on(self, trade: Trade, side: Side) -> Money | None:
        """The value in a team's favour, of the moment of its order or of the trade: a price is a gift by both only."""
        then, now = self._traded_at.get((trade.trade_id, side)), self._values.best[side][trade.column]
        if then is None or now is None:
            return None
        return Money(max(then, now) if side == BUY else min(then, now))

    # ---- orders -------------------------------------------------------------------------------------------------

    @property
    def _now(self) -> MarketTime:
        return self._ledger.marks.market_time or MarketTime(0)

    def _came_about(self, instrument_id: InstrumentId) -> None:
        column = self._ledger.column_of.get(instrument_id)
        if column is not None:
            self._stuffing.came(self._row, column, self._sequence)

    def _entered(self, event: OrderAcknowledged) -> None:
        if self._row < 0:
            return
        column, side, order_id = self._ledger.column_of[event.instrument_id], event.side, event.order_id
        self._known[order_id] = self._values.best[side][column]  # type: ignore[assignment]  # it is money
        self._since[order_id] = self._now
        if self._is_quote:
            return
        self._singles[order_id] = event.quantity
        after = self._layering.after(self._row, column, side)
        if after is not None and event.price is not None:
            after.put_back += self._near(column, event.price, event.remaining_quantity)

    def _quoted(self, event: QuoteReplaced) -> None:
        """Its team has said anew at which prices it trades, also where an order stays that it had: others still saw
        that one before.
        """
        column = self._ledger.column_of.get(event.instrument_id)
        if self._row < 0 or column is None:
            return
        self._stuffing.came(self._row, column, self._sequence)
        known, best = self._known, self._values.best
        bid, ask = event.bid_order_id, event.ask_order_id
        if bid in known:
            known[bid] = best[BUY][column]  # type: ignore[assignment]  # None is in no dictionary
        if ask in known:
            known[ask] = best[SELL][column]  # type: ignore[assignment]  # likewise

    def _filled(self, event: OrderExecuted) -> None:
        order_id = event.order_id
        if order_id not in self._known:
            return
        side = event.side
        self._traded_at[event.trade_id, side] = self._known[order_id]
        if event.liquidity_type == "maker":
            self._stood[event.trade_id] = self._now - self._since[order_id]
        row, column = self._ledger.row_of[event.team_id], self._ledger.column_of[event.instrument_id]
        self._messages.filled(row)
        self._stuffing.filled(row, column)
        self._layering.filled(row, column, side, event.quantity, event.trade_id, self._now)
        if not event.remaining_quantity:
            del self._known[order_id], self._since[order_id]
            self._singles.pop(order_id, None)
        elif order_id in self._singles:
            self._singles[order_id] = event.remaining_quantity

    def _cancelled(self, event: OrderCancelled) -> None:
        order_id = event.order_id
        if order_id not in self._known:
            return
        del self._known[order_id], self._since[order_id]
        is_single = self._singles.pop(order_id, 0)
        if event.reason not in TAKEN_AWAY:
            return
        column = self._ledger.column_of[event.instrument_id]
        if event.reason is CancelReason.USER_REQUESTED:
            self._stuffing.came(self._row, column, self._sequence)
        if is_single:
            self._taken_away(column, event.side, event.cancelled_quantity)

    def _amended(self, event: OrderAmended) -> None:
        order_id, side = event.order_id, event.side
        if order_id not in self._known:
            return
        column = self._ledger.column_of[event.instrument_id]
        self._known[order_id] = self._values.best[side][column]  # type: ignore[assignment]  # it is money
        if not event.kept_priority:  # else it is a part of what others saw before
            self._since[order_id] = self._now
        single = self._singles.get(order_id)
        if single is None:  # a quote that was made smaller
            return
        self._stuffing.came(self._row, column, self._sequence)
        self._singles[order_id] = event.remaining_quantity
        after = self._layering.after(self._row, column, side)
        if after is not None:
            self._taken_away(column, side, single)
            after.put_back += self._near(column, event.price, event.remaining_quantity)

    def _taken_away(self, column: int, side: Side, quantity: int) -> None:
        after = self._layering.after(self._row, column, side)
        if after is not None:
            after.taken_away += quantity
            after.sequence = self._sequence

    def _near(self, column: int, price: int, quantity: int) -> int:
        """What of an order at this price counts as put back: nothing if it stands off the market."""
        of_price = price * self._ledger.columns[column].tick_size
        off = abs(of_price - int(self._ledger.marks.values[column]))
        return quantity if off <= self._values.width(column) else 0

    # ---- captures -----------------------------------------------------------------------------------------------

    def state(self) -> WatchState:
        return WatchState(
            self._known,
            self._since,
            self._singles,
            self._values.state(),
            self._transfers.state,
            self._round_trips.state,
            self._partners.state,
            self._messages.state,
            self._layering.state,
            self._stuffing.state,
            self._exclusions.state,
        )

    def restore(self, state: WatchState) -> None:
        self._known, self._since, self._singles = state.known, state.since, state.singles
        self._values.restore(state.values)
        self._transfers.state = state.transfers
        self._round_trips.state = state.round_trips
        self._partners.state = state.partners
        self._messages.state = state.messages
        self._layering.state = state.layering
        self._stuffing.state = state.stuffing
        self._exclusions.state = state.exclusions


_OF_ORDERS: Final[frozenset[type]] = frozenset({SubmitOrder, CancelOrder, AmendOrder, MassCancel, ReplaceQuotes})
