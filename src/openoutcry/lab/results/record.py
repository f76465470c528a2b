"""What happened in a match to the teams that play in it: their fills and orders, equity by the minute, and prices."""

import hashlib
from typing import Final, NamedTuple

import msgspec
from msgspec import Struct

from openoutcry.domain.commands import ReplaceQuotes, SubmitOrder
from openoutcry.domain.day.duties import Duty
from openoutcry.domain.events import (
    DutyJudged,
    Event,
    MarksPublished,
    OrderAcknowledged,
    OrderAmended,
    OrderCancelled,
    OrderExecuted,
)
from openoutcry.domain.orders import Side
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import InstrumentId, MarketTime, Money, OrderId, TeamId, Ticks, TradeId
from openoutcry.runtime.projections import ALL_COMMANDS
from openoutcry.venue.reading.queries import Queries

MINUTE: Final = 60


class RecordedFill(NamedTuple):
    market_time: MarketTime
    sequence: int
    team_id: TeamId
    instrument_id: InstrumentId
    side: Side
    quantity: int
    price: Ticks
    fees: Money
    liquidity: str
    order_id: OrderId
    trade_id: TradeId


class RecordedOrder(Struct):
    """An order that was submitted; quotes are none."""

    market_time: MarketTime
    sequence: int
    team_id: TeamId
    order_id: OrderId
    instrument_id: InstrumentId
    side: Side
    quantity: int
    price: Ticks | None
    time_in_force: str
    filled_quantity: int = 0
    filled_value: int = 0
    """Sum of price times quantity, in ticks."""
    ended: str | None = None
    """`filled`, or why it was cancelled. None: it was open to the end."""


class RecordedDuties(Struct):
    """Of one team."""

    breaches: dict[Duty, int]
    """How often each duty came to be breached."""
    highest_level: int = 0
    """Of sanctions."""


class Record:
    """A projection. `queries` is given to it before anything can trade, and `teams` are those that it records."""

    name: Final = "record of a match"
    shape: Final = ""
    commands: Final = ALL_COMMANDS

    def __init__(self) -> None:
        self.queries: Queries
        self.teams: set[TeamId] = set()
        self.fills: list[RecordedFill] = []
        self.orders: dict[OrderId, RecordedOrder] = {}
        self.equity: list[tuple[MarketTime, tuple[Money, ...]]] = []
        """Each market minute, of the teams in the order of their ids."""
        self.prices: list[tuple[MarketTime, tuple[int, ...]]] = []
        """Each market second, of all underlyings, in 1e-4."""
        self.symbols: tuple[str, ...] = ()
        """The underlyings, in the order of their prices."""
        self.duties: dict[TeamId, RecordedDuties] = {}
        self._market_time = MarketTime(0)
        self._encode: Final = msgspec.msgpack.Encoder().encode
        self._hash: Final = hashlib.sha256()

    @property
    def hash(self) -> str:
        """Of all commands with their places, times and verdicts: of what a journal holds, however it is cut up."""
        return self._hash.hexdigest()

    def apply(self, sequenced: Sequenced, events: list[Event]) -> None:
        self._hash.update(self._encode(sequenced))
        command = sequenced.command
        if type(command) is ReplaceQuotes and command.team_id not in self.teams:
            return  # most of what happens, and quotes trade with nothing as they come
        for event in events:
            kind = type(event)
            if kind is MarksPublished:
                self._tick(event)  # type: ignore[arg-type]  # mypy does not follow the comparison of types
            elif kind is OrderExecuted:
                self._fill(sequenced, event)  # type: ignore[arg-type]  # likewise
            elif kind is OrderAcknowledged:
                if type(command) is SubmitOrder:
                    self._order(sequenced, event)  # type: ignore[arg-type]  # likewise
            elif kind is OrderCancelled:
                order = self.orders.get(event.order_id)  # type: ignore[union-attr]  # likewise
                if order is not None:
                    order.ended = event.reason.value  # type: ignore[union-attr]  # likewise
            elif kind is OrderAmended:
                self._amended(event)  # type: ignore[arg-type]  # likewise
            elif kind is DutyJudged:
                self._judged(event)  # type: ignore[arg-type]  # likewise

    def capture(self) -> bytes:
        return b""

    def restore(self, _state: memoryview) -> None:
        raise AssertionError("a match is never restored")

    def _tick(self, event: MarksPublished) -> None:
        now = self._market_time = event.market_time
        if not self.symbols:
            self.symbols = tuple(mark.symbol for mark in event.underlyings)
        self.prices.append((now, tuple(mark.price for mark in event.underlyings)))
        if now % MINUTE == 0:
            self.equity.append((now, tuple(self.queries.account(each).equity for each in sorted(self.teams))))

    def _fill(self, sequenced: Sequenced, event: OrderExecuted) -> None:
        if event.team_id not in self.teams:
            return
        self.fills.append(
            RecordedFill(
                self._market_time,
                sequenced.sequence,
                event.team_id,
                event.instrument_id,
                event.side,
                event.quantity,
                event.price,
                event.fees,
                event.liquidity_type,
                event.order_id,
                event.trade_id,
            )
        )
        order = self.orders.get(event.order_id)
        if order is not None:
            order.filled_quantity, order.filled_value = event.cumulative_quantity, event.cumulative_value
            if not event.remaining_quantity:
                order.ended = "filled"

    def _order(self, sequenced: Sequenced, event: OrderAcknowledged) -> None:
        if event.team_id in self.teams:
            self.orders[event.order_id] = RecordedOrder(
                self._market_time,
                sequenced.sequence,
                event.team_id,
                event.order_id,
                event.instrument_id,
                event.side,
                event.quantity,
                event.price,
                event.time_in_force,
            )

    def _amended(self, event: OrderAmended) -> None:
        order = self.orders.get(event.order_id)
        if order is not None:
            order.quantity, order.price = event.quantity, event.price

    def _judged(self, event: DutyJudged) -> None:
        if event.team_id not in self.teams:
            return
        duties = self.duties.setdefault(event.team_id, RecordedDuties({}))
        duties.highest_level = max(duties.highest_level, event.level)
        if event.duty is not None and event.state == "breached":
            duties.breaches[event.duty] = duties.breaches.get(event.duty, 0) + 1
