"""Plays a benchmark's workload to the whole venue, and compares the hash of its reports with that of the engines.

A report is one line. Lines are joined by newlines, with none at the end. `seq` is the message's place, from 0.

- New order: `0,seq,side,id,price,quantity`; each of its trades: `1,seq,price,quantity,maker id,taker id`; then the
  remainder of an IOC order: `2,seq,side,id,price`.
- Cancel: `2,seq,side,id,price`, or `4,seq,id` if it is refused.
- Modify: its trades, then `3,seq,side,id,price,quantity` with the requested open quantity, or `5,seq,id` if it is
  refused.
"""

import hashlib
from collections.abc import Callable
from time import perf_counter
from typing import Final

from openoutcry.domain.commands import AmendOrder, CancelOrder, Command, Price, RegisterTeam, SubmitOrder
from openoutcry.domain.events import Event, OrderCancelled, OrderExecuted
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.reasons import Accepted, Verdict
from openoutcry.domain.rulebook import HistoryLimits, RoleRules, Rulebook
from openoutcry.domain.types import (
    MAX_QUANTITY,
    MONEY_UNITS,
    InstrumentId,
    Money,
    OrderId,
    Sequence,
    TeamId,
    Ticks,
    TimestampUs,
)
from openoutcry.venue.venue import Venue
from proofs.consensus.workload import CANCEL, MODIFY, NEW, Agreed, Message
from proofs.report import Report

BOOK: Final = InstrumentId("BOOK")

ROLE: Final = "trader"

_NO_LIMIT: Final = 2**40

RULEBOOK: Final = Rulebook(
    roles={
        ROLE: RoleRules(
            maker_fee=Money(0),
            taker_fee=Money(0),
            option_position_limit=0,
            spot_position_limit=_NO_LIMIT,
            total_option_exposure=0,
            maximum_order_size=MAX_QUANTITY,
            maximum_open_orders=_NO_LIMIT,
            may_quote=False,
            may_rest_both_sides=True,
            starting_cash=Money(0),
        )
    },
    self_trade_prevention="none",
    history=HistoryLimits(closed_orders=1, fills=1),
)
"""The rules of the proof. Their limits are so high that they play no part; no scenario file may set them so high."""

_SIDE_NAMES: Final = ("buy", "sell")


def prove_consensus(name: str, messages: list[Message], agreed: Agreed, advance: Callable[[], None]) -> Report:
    """Play `messages` of the workload `name` and report; `advance` is called after each of them."""
    report = Report(f"Consensus of the engines on the workload {name!r}")
    stream = ReportStream()
    started = perf_counter()
    for message in messages:
        stream.play(message)
        advance()
    seconds = perf_counter() - started
    report.facts["messages"] = f"{len(messages):,} in {seconds:.1f} s, {len(messages) / seconds:,.0f}/s"
    report.facts["reports"] = f"{stream.lines:,}"
    report.check("the number of trades").equal("trades", expected=agreed.trades, found=stream.trades)
    report.check("every report, to the hash of the stream").equal(
        "SHA-256", expected=agreed.reports_hash, found=stream.hash()
    )
    return report


class ReportStream:
    """Plays messages to a venue of its own, and writes their results as reports of the benchmark."""

    def __init__(self) -> None:
        instrument = Instrument(
            instrument_id=BOOK, kind="spot", underlying=BOOK, tick_size=Money(MONEY_UNITS), multiplier=1
        )
        self.venue = Venue(RULEBOOK, [instrument])
        self.lines = 0
        self.trades = 0
        self._sha256 = hashlib.sha256()
        self._commands = 0
        self._seq = 0
        """The place of the message that is being played."""
        self._order_ids: dict[int, OrderId] = {}
        self._names: dict[OrderId, int] = {}
        """The benchmark's ids by the venue's."""
        self._sides: dict[int, int] = {}
        # Buys and sells belong to two different owners.
        self._teams = tuple(map(self._register, _SIDE_NAMES))

    def play(self, message: Message) -> None:
        """Have the venue carry out one message, and add its reports."""
        if message.kind == NEW:
            self._enter(message)
        elif message.kind == CANCEL:
            self._cancel(message)
        elif message.kind == MODIFY:
            self._modify(message)
        else:
            raise ValueError(f"message {self._seq}: kind {message.kind} is not new, cancel or modify")
        self._seq += 1

    def hash(self) -> str:
        """SHA-256 of all reports so far, in hexadecimal."""
        return self._sha256.hexdigest()

    def _enter(self, message: Message) -> None:
        name, side = message.order_id, message.side
        command = SubmitOrder(
            self._teams[side],
            BOOK,
            _SIDE_NAMES[side],
            message.quantity,
            Price(Ticks(message.price)),
            "ioc" if message.is_ioc else "day",
        )
        verdict, events = self._do(command)
        assert isinstance(verdict, Accepted), f"message {self._seq}: {verdict}"  # noqa: S101 - limits play no part
        order_id = OrderId(verdict.new_id)
        self._order_ids[name], self._names[order_id], self._sides[name] = order_id, name, side
        self._write(f"0,{self._seq},{side},{name},{message.price},{message.quantity}")
        self._write_trades(events)
        if any(type(event) is OrderCancelled for event in events):
            self._write(f"2,{self._seq},{side},{name},{message.price}")

    def _cancel(self, message: Message) -> None:
        name = message.order_id
        order_id = self._order_ids.get(name)
        order = None if order_id is None else self.venue.queries.order(self._team_of(name), order_id)
        price = None if order is None else order.price
        verdict, _ = self._do(CancelOrder(self._team_of(name), order_id or OrderId(0)))
        if isinstance(verdict, Accepted):
            self._write(f"2,{self._seq},{self._sides[name]},{name},{price}")
        else:
            self._write(f"4,{self._seq},{name}")

    def _modify(self, message: Message) -> None:
        name = message.order_id
        order_id = self._order_ids.get(name)
        order = None if order_id is None else self.venue.queries.order(self._team_of(name), order_id)
        # An amendment gives the new total quantity. The benchmark's modify gives the new open quantity.
        filled = 0 if order is None else order.quantity - order.remaining_quantity
        command = AmendOrder(
            self._team_of(name), order_id or OrderId(0), filled + message.quantity, Price(Ticks(message.price))
        )
        verdict, events = self._do(command)
        if isinstance(verdict, Accepted):
            self._write_trades(events)
            self._write(f"3,{self._seq},{self._sides[name]},{name},{message.price},{message.quantity}")
        else:
            self._write(f"5,{self._seq},{name}")

    def _write_trades(self, events: list[Event]) -> None:
        makers = {
            event.trade_id: event
            for event in events
            if type(event) is OrderExecuted and event.liquidity_type == "maker"
        }
        for event in events:
            if type(event) is OrderExecuted and event.liquidity_type == "taker":
                maker = self._names[makers[event.trade_id].order_id]
                taker = self._names[event.order_id]
                self._write(f"1,{self._seq},{event.price},{event.quantity},{maker},{taker}")
                self.trades += 1

    def _write(self, line: str) -> None:
        self._sha256.update(f"\n{line}".encode() if self.lines else line.encode())
        self.lines += 1

    def _team_of(self, name: int) -> TeamId:
        return self._teams[self._sides.get(name, 0)]

    def _register(self, name: str) -> TeamId:
        verdict, _ = self._do(RegisterTeam(name, ROLE, name.encode()))
        assert isinstance(verdict, Accepted), f"{name} cannot register: {verdict}"  # noqa: S101
        return TeamId(verdict.new_id)

    def _do(self, command: Command) -> tuple[Verdict, list[Event]]:
        verdict = self.venue.validate(command)
        if not isinstance(verdict, Accepted):
            return verdict, []
        self._commands += 1
        return verdict, self.venue.execute(Sequence(self._commands), TimestampUs(self._commands), command)
