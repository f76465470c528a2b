"""One team's account, folded from its private stream alone: orders, positions, money, and the use of its limits."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from openoutcry.domain.instruments import Instrument
from openoutcry.domain.rulebook import RoleRules
from openoutcry.domain.types import MONEY_UNITS
from openoutcry.protocol.stream import (
    DutyStatus,
    ExecutionReport,
    NewOrderAck,
    OrderAmended,
    OrderCancelled,
    PositionUpdate,
    PrivateMessage,
    ProtectionTriggered,
)
from proofs.chaos.auditor.findings import Findings

LIMITS: Final = "no limit is ever broken"
LIFE_CYCLES: Final = "every order lives as its events tell"
MONEY: Final = "positions and cash follow from the fills"
SETTLED: Final = "a settlement is paid out once"


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

    def __init__(
        self,
        bot: str,
        rules: RoleRules,
        instruments: dict[str, Instrument],
        settlement_prices: dict[str, Decimal],
        findings: Findings,
    ) -> None:
        """`settlement_prices`: of the instruments that were settled."""
        self.bot: Final = bot
        self.orders: dict[str, LedgerOrder] = {}
        self.order_of_client_id: dict[str, str] = {}
        self.open_orders: dict[str, LedgerOrder] = {}
        self.fills: list[Fill] = []
        self.positions: dict[str, int] = {}
        self.cash = money(rules.starting_cash)
        self.fees = Decimal(0)
        self.seq = 0
        self._rules = rules
        self._instruments = instruments
        self._settlement_prices = settlement_prices
        self._executed: set[str] = set()
        """Instruments in which the command at hand has traded for the team."""
        self._findings = findings
        self._sequence = 0

    def read(self, event: PrivateMessage) -> None:
        self._findings.equal("a stream has no gap", self.bot, expected=self.seq + 1, told=event.seq)
        if event.sequence != self._sequence:
            self.check_at_rest()
            self._executed.clear()
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
                self._check_position(event)
        if not isinstance(event, PositionUpdate | DutyStatus | ProtectionTriggered):
            self._check_exposure(event.instrument_id)

    def check_at_rest(self) -> None:
        """What must hold between two commands."""
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
            other = self.order_of_client_id.setdefault(ack.client_order_id, ack.order_id)
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
        self._executed.add(report.instrument_id)

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

    # ---- what must hold after each

    def _check_position(self, update: PositionUpdate) -> None:
        if update.instrument_id not in self._executed:
            self._pay_out(update.instrument_id)
        told = (update.position, decimal(update.cash), decimal(update.fees_paid))
        kept = (self.positions.get(update.instrument_id, 0), self.cash, self.fees)
        self._findings.equal(MONEY, f"{self.bot} {update.instrument_id} after {update.seq}", expected=kept, told=told)

    def _pay_out(self, instrument_id: str) -> None:
        """Without a trade a position changes by its settlement alone."""
        position, price = self.positions.get(instrument_id, 0), self._settlement_prices.get(instrument_id)
        self._hold(
            position != 0 and price is not None, SETTLED, f"{position} of {instrument_id} are paid out at {price}"
        )
        if price is not None:
            self.cash += position * self._instruments[instrument_id].multiplier * price
            self.positions[instrument_id] = 0

    def _check_exposure(self, instrument_id: str) -> None:
        """In the worst case: as if all open orders of one side were filled."""
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
