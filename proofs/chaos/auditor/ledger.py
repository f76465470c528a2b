"""One team's account, folded from its private stream alone: orders, positions, money, and the use of its limits."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from openoutcry.domain.rulebook import RoleRules
from openoutcry.domain.types import MONEY_UNITS
from openoutcry.protocol.stream import (
    ExecutionReport,
    NewOrderAck,
    OrderAmended,
    OrderCancelled,
    PositionUpdate,
    PrivateMessage,
    TradeBusted,
)
from proofs.chaos.auditor.findings import Findings
from proofs.chaos.auditor.history import History

LIMITS: Final = "no limit is ever broken"
LIFE_CYCLES: Final = "every order lives as its events tell"
MONEY: Final = "positions and cash follow from the fills"
SETTLED: Final = "what expires is paid out once, at its value"


class Fill(NamedTuple):
    bot: str
    report: ExecutionReport


@dataclass(slots=True)
class LedgerOrder:
    ack: NewOrderAck
    price: float | None
    quantity: int
    remaining_quantity: int
    cancel_reason: str | None = None

    @property
    def is_open(self) -> bool:
        return self.cancel_reason is None and self.remaining_quantity > 0

    @property
    def filled_quantity(self) -> int:
        return self.quantity - self.remaining_quantity


class Ledger:
    """`read` each event of the stream once, from the first on."""

    def __init__(self, bot: str, rules: RoleRules, history: History, findings: Findings) -> None:
        self.bot: Final = bot
        self.orders: dict[str, LedgerOrder] = {}
        self.order_of_client_id: dict[tuple[int, str], str] = {}
        """By trading session, which is the scope of these ids, and client order id."""
        self.open_orders: dict[str, LedgerOrder] = {}
        self.fills: list[Fill] = []
        self.positions: dict[str, int] = {}
        self.paid_out: dict[str, int] = {}
        """By instrument: what was held when it was settled."""
        self.cash = money(rules.starting_cash)
        self.fees = Decimal(0)
        self.seq = 0
        self._rules = rules
        self._history = history
        self._instruments = history.instruments
        self._updates: list[PositionUpdate] = []
        """Of the command under way."""
        self._had_busts = False
        self._findings = findings
        self._sequence = 0

    def read(self, event: PrivateMessage) -> None:
        self._findings.equal("a stream has no gap", self.bot, expected=self.seq + 1, told=event.seq)
        if event.sequence != self._sequence:
            self.check_at_rest()
        self.seq, self._sequence = event.seq, event.sequence
        match event:
            case NewOrderAck():
                self._acknowledge(event)
            case ExecutionReport():
                self._execute(event)
            case OrderCancelled():
                self._cancel(event)
            case OrderAmended():
                self._amend(event)
            case PositionUpdate():
                self._move_without_a_fill(event)
                self._updates.append(event)
            case TradeBusted():
                self._bust(event)
        if isinstance(event, NewOrderAck | ExecutionReport | OrderCancelled | OrderAmended):
            self._check_exposure(event.instrument_id)

    def check_at_rest(self) -> None:
        """What must hold between two commands."""
        for update in self._updates:
            self._check_position(update)
        self._updates.clear()
        rules = self._rules
        self._hold(len(self.open_orders) <= rules.maximum_open_orders, LIMITS, f"{len(self.open_orders)} open orders")
        for order in self.open_orders.values():
            self._hold(
                order.ack.time_in_force == "day", LIFE_CYCLES, f"{order.ack.order_id} rests, but is no day order"
            )
            self._hold(order.price is not None, LIFE_CYCLES, f"{order.ack.order_id} rests without a price")
        if not rules.may_rest_both_sides:
            for instrument_id in self._instruments:
                both = self.open_quantity(instrument_id, "buy") and self.open_quantity(instrument_id, "sell")
                self._hold(not both, LIMITS, f"rests on both sides of {instrument_id}")

    def open_quantity(self, instrument_id: str, side: str) -> int:
        return sum(
            order.remaining_quantity
            for order in self.open_orders.values()
            if order.ack.instrument_id == instrument_id and order.ack.side == side
        )

    # ---- the events

    def _acknowledge(self, ack: NewOrderAck) -> None:
        self._hold(ack.order_id not in self.orders, LIFE_CYCLES, f"{ack.order_id} is born twice")
        self._hold(
            0 < ack.quantity == ack.remaining_quantity, LIFE_CYCLES, f"{ack.order_id} is born with less than all"
        )
        if ack.client_order_id is not None:
            scope = (self._history.trading_session(ack.sequence), ack.client_order_id)
            other = self.order_of_client_id.setdefault(scope, ack.order_id)
            self._hold(
                other == ack.order_id,
                "a client order id is executed once",
                f"{ack.client_order_id} is both {other} and {ack.order_id}",
            )
        order = LedgerOrder(ack, ack.price, ack.quantity, ack.remaining_quantity)
        self.orders[ack.order_id] = self.open_orders[ack.order_id] = order

    def _execute(self, report: ExecutionReport) -> None:
        order = self._open_order(report.order_id, "is executed")
        if order is None:
            return
        order.remaining_quantity -= report.quantity
        told = (report.cumulative_quantity, report.remaining_quantity)
        kept = (order.filled_quantity, order.remaining_quantity)
        self._hold(report.quantity > 0 and told == kept, LIFE_CYCLES, f"{report.order_id}: {told} told, {kept} kept")
        if order.price is not None:
            sign = 1 if report.side == "buy" else -1
            better = sign * report.price <= sign * order.price
            self._hold(better, LIFE_CYCLES, f"{report.order_id} at {order.price} trades at {report.price}")
        if not order.is_open:
            del self.open_orders[report.order_id]
        signed = report.quantity if report.side == "buy" else -report.quantity
        instrument = self._instruments[report.instrument_id]
        self.positions[report.instrument_id] = self.positions.get(report.instrument_id, 0) + signed
        self.cash -= signed * instrument.multiplier * decimal(report.price) + decimal(report.fees)
        self.fees += decimal(report.fees)
        self.fills.append(Fill(self.bot, report))

    def _cancel(self, cancelled: OrderCancelled) -> None:
        order = self._open_order(cancelled.order_id, "is cancelled")
        if order is None:
            return
        self._findings.equal(
            LIFE_CYCLES,
            f"what is cancelled of {cancelled.order_id}",
            expected=order.remaining_quantity,
            told=cancelled.cancelled_quantity,
        )
        order.cancel_reason = cancelled.reason
        del self.open_orders[cancelled.order_id]

    def _amend(self, amended: OrderAmended) -> None:
        order = self._open_order(amended.order_id, "is amended")
        if order is None:
            return
        filled = order.filled_quantity
        order.price, order.quantity, order.remaining_quantity = (
            amended.price,
            amended.quantity,
            amended.remaining_quantity,
        )
        self._findings.equal(
            LIFE_CYCLES, f"what {amended.order_id} has traded", expected=filled, told=order.filled_quantity
        )

    def _open_order(self, order_id: str, what: str) -> LedgerOrder | None:
        order = self.open_orders.get(order_id)
        self._hold(order is not None, LIFE_CYCLES, f"{order_id} {what}, but is not open")
        return order

    def _bust(self, busted: TradeBusted) -> None:
        """Take the trade back, with its fees. A position may be beyond its limit then."""
        self._had_busts = True
        sides = [fill.report for fill in self.fills if fill.report.trade_id == busted.trade_id]
        self._hold(bool(sides), MONEY, f"{busted.trade_id} is busted, but never was")
        for report in sides:
            signed = report.quantity if report.side == "buy" else -report.quantity
            instrument = self._instruments[report.instrument_id]
            self.positions[report.instrument_id] -= signed
            self.cash += signed * instrument.multiplier * decimal(report.price) + decimal(report.fees)
            self.fees -= decimal(report.fees)

    def _move_without_a_fill(self, update: PositionUpdate) -> None:
        """A position that is gone without a fill: it was settled, or the house has taken it over at its mark."""
        instrument_id = update.instrument_id
        held = self.positions.get(instrument_id, 0)
        if update.position or not held:
            return
        instrument = self._instruments[instrument_id]
        paid = self._history.settlement_at(instrument_id, update.sequence)
        if paid is not None:
            self._hold(instrument_id not in self.paid_out, SETTLED, f"{instrument_id} is paid out again")
            self.paid_out[instrument_id] = held
            value = paid.price * instrument.tick_size
        else:
            mark = self._history.mark_at(instrument_id, update.sequence)
            self._hold(mark is not None, MONEY, f"{held} of {instrument_id} are gone, without a fill or a mark")
            value = 0 if mark is None else mark.value
        self.positions[instrument_id] = 0
        self.cash += money(held * value * instrument.multiplier)

    # ---- what must hold after each

    def _check_position(self, update: PositionUpdate) -> None:
        """The account is told as it is after the whole command."""
        told = (update.position, decimal(update.cash), decimal(update.fees_paid))
        kept = (self.positions.get(update.instrument_id, 0), self.cash, self.fees)
        claim = SETTLED if update.instrument_id in self.paid_out else MONEY
        self._findings.equal(claim, f"{self.bot} {update.instrument_id} after {update.seq}", expected=kept, told=told)

    def _check_exposure(self, instrument_id: str) -> None:
        """In the worst case: as if all open orders of one side were filled."""
        if self._had_busts:
            return
        rules, options = self._rules, 0
        for each, instrument in self._instruments.items():
            if instrument.kind != "option" and each != instrument_id:
                continue
            position = self.positions.get(each, 0)
            highest = position + self.open_quantity(each, "buy")
            lowest = position - self.open_quantity(each, "sell")
            limit = rules.option_position_limit if instrument.kind == "option" else rules.spot_position_limit
            self._hold(-limit <= lowest and highest <= limit, LIMITS, f"{each} between {lowest} and {highest}")
            if instrument.kind == "option":
                options += max(abs(highest), abs(lowest))
        self._hold(options <= rules.total_option_exposure, LIMITS, f"exposure of {options} in options")

    def _hold(self, holds: bool, claim: str, what: str) -> None:
        self._findings.check(holds, claim, f"{self.bot} after {self.seq}: {what}")


def decimal(number: float) -> Decimal:
    """The number as it stood on the wire."""
    return Decimal(repr(number))


def money(units: int) -> Decimal:
    """Currency, from the exchange's units."""
    return Decimal(units) / MONEY_UNITS
