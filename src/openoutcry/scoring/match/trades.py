"""Fills, put together to trades, each with what it was worth a while later."""

from collections import deque

from msgspec import Struct

from openoutcry.domain.events import OrderExecuted
from openoutcry.domain.orders import BUY
from openoutcry.domain.types import PPM, MarketTime, Money, Sequence, TradeId
from openoutcry.scoring.match.ledger import Ledger
from openoutcry.scoring.match.trade import Trade, Trader, ValuedTrade


class TradesState(Struct):
    trades: list[Trade]
    waiting: list[TradeId]


class Trades:
    """The session's trades in which a participant has a part."""

    def __init__(self, ledger: Ledger, horizon_seconds: int) -> None:
        self._ledger = ledger
        self._horizon = horizon_seconds
        self._trades: dict[TradeId, Trade] = {}
        self._waiting: deque[Trade] = deque()
        """Trades in options whose value is not known yet, oldest first."""

    def begin_session(self) -> None:
        self._trades.clear()
        self._waiting.clear()

    def get(self, trade_id: TradeId) -> Trade | None:
        return self._trades.get(trade_id)

    def take(self, sequence: Sequence, first: OrderExecuted, second: OrderExecuted) -> Trade | None:
        """The trade of two fills with the same id; None if no participant has a part in it."""
        buy, sell = (first, second) if first.side == BUY else (second, first)
        buyer, seller = self._trader(buy), self._trader(sell)
        if buyer.row is None and seller.row is None:
            return None
        ledger = self._ledger
        number = ledger.column_of[first.instrument_id]
        column, marks = ledger.columns[number], ledger.marks
        price = Money(first.price * column.tick_size)
        trade = Trade(
            trade_id=first.trade_id,
            sequence=sequence,
            market_time=marks.market_time or MarketTime(0),
            column=number,
            price=price,
            quantity=first.quantity,
            buyer=buyer,
            seller=seller,
            mark=self._mark(number, price),
            delta=int(marks.deltas[number]),
            index_price=Money(int(marks.prices[number])),
        )
        self._trades[trade.trade_id] = trade
        return trade

    def forget(self, trade_id: TradeId) -> Trade | None:
        """It was undone. None if it is not one of the session."""
        trade = self._trades.pop(trade_id, None)
        if trade is not None and trade in self._waiting:
            self._waiting.remove(trade)
        return trade

    def value_or_wait(self, trade: Trade) -> ValuedTrade | None:
        """Spot is worth its fair value at once; an option's trade waits."""
        column = self._ledger.columns[trade.column]
        if not column.is_option:
            return ValuedTrade(trade, Money((trade.mark - trade.price) * trade.quantity * column.multiplier))
        self._waiting.append(trade)
        return None

    def due(self, market_time: MarketTime) -> list[ValuedTrade]:
        """Those whose horizon has been reached, by the marks of now."""
        waiting, due = self._waiting, []
        while waiting and waiting[0].market_time + self._horizon <= market_time:
            trade = waiting.popleft()
            due.append(self._valued(trade))
        return due

    def due_at_close(self, expiring: frozenset[int]) -> list[ValuedTrade]:
        """All that wait but for options in the columns `expiring`, by the closing marks."""
        due = [trade for trade in self._waiting if trade.column not in expiring]
        self._waiting = deque(trade for trade in self._waiting if trade.column in expiring)
        return [self._valued(trade) for trade in due]

    def due_at_settlement(self, column: int, settlement_value: Money) -> list[ValuedTrade]:
        """Those in this option that still wait, by what it settles at, per unit."""
        due = [trade for trade in self._waiting if trade.column == column]
        self._waiting = deque(trade for trade in self._waiting if trade.column != column)
        return [ValuedTrade(trade, self._value(trade, settlement_value)) for trade in due]

    def _valued(self, trade: Trade) -> ValuedTrade:
        """By the newest marks."""
        return ValuedTrade(trade, self._value(trade, self._mark(trade.column, trade.price)))

    def _mark(self, column: int, price: Money) -> Money:
        """The newest one; of what has none, what it was traded at."""
        marks = self._ledger.marks
        return Money(int(marks.values[column])) if marks.is_known[column] else price

    def _value(self, trade: Trade, mark: int) -> Money:
        """To the buyer: the option against its mark, hedged with the delta of the moment of the trade. Rounded down."""
        ledger = self._ledger
        column = ledger.columns[trade.column]
        moved = int(ledger.marks.prices[trade.column]) - trade.index_price
        parts = PPM * column.ratio
        per_unit = (mark - trade.price) * parts - trade.delta * moved
        return Money(trade.quantity * column.multiplier * per_unit // parts)

    def _trader(self, fill: OrderExecuted) -> Trader:
        row = self._ledger.row_of.get(fill.team_id)
        owner = None if row is None else self._ledger.participants[row].owner
        return Trader(fill.team_id, row, owner, fill.liquidity_type, fill.fees)

    def state(self) -> TradesState:
        return TradesState(list(self._trades.values()), [trade.trade_id for trade in self._waiting])

    def restore(self, state: TradesState) -> None:
        self._trades = {trade.trade_id: trade for trade in state.trades}
        self._waiting = deque(self._trades[trade_id] for trade_id in state.waiting)
