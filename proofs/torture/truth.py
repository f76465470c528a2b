"""The truth to compare with: the journal that a server left, replayed, and the private streams that follow from it."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from openoutcry.domain.commands import SubmitOrder
from openoutcry.domain.events import PrivateEvent
from openoutcry.domain.identifiers import format_order_id, format_team_id, parse_order_id
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import OrderId
from openoutcry.journal.reader import JournalReader
from openoutcry.protocol.stream import (
    ExecutionReport,
    NewOrderAck,
    OrderAmended,
    OrderCancelled,
    PositionUpdate,
    PrivateMessage,
)
from openoutcry.runtime.data_directory import DataDirectory
from proofs.played_journal import PlayedJournal


class Accepts(Struct, frozen=True):
    """An order that the journal holds as accepted, with its number and when that was, in microseconds."""

    number: OrderId
    time: int
    command: SubmitOrder

    @property
    def order_id(self) -> str:
        return format_order_id(self.number)


class Truth:
    """Of the data directory of a server that has ended. `messages`: each team's private stream, by team id."""

    def __init__(self, data: Path) -> None:
        journal = PlayedJournal(data)
        self.scenario = journal.scenario
        self.venue = journal.venue
        self.translator = journal.translator
        self.records = list(JournalReader(DataDirectory(data).journal))
        self.messages: defaultdict[str, list[PrivateMessage]] = defaultdict(list)
        self.caused: defaultdict[tuple[str, int], list[PrivateMessage]] = defaultdict(list)
        """Of a team's events those that one command caused, by team and sequence."""
        journal.play(self._keep)
        self.end = journal.reader.end
        self.orders = [
            Accepts(OrderId(record.verdict.new_id), record.time, record.command)
            for record in self.records
            if isinstance(record.command, SubmitOrder) and isinstance(record.verdict, Accepted)
        ]
        self.accepted: defaultdict[tuple[str, str], list[Accepts]] = defaultdict(list)
        """By team and client order id; a second one under the same id would be one too many."""
        for accepts in self.orders:
            name = str(accepts.command.client_order_id)
            self.accepted[format_team_id(accepts.command.team_id), name].append(accepts)

    def record(self, sequence: int) -> Sequenced | None:
        return self.records[sequence - 1] if 0 < sequence <= len(self.records) else None

    def terms(self, command: SubmitOrder) -> dict[str, Any]:
        """An order's terms as a bot writes them."""
        instrument = self.venue.queries.instrument(command.instrument_id)
        price = None if command.price is None or instrument is None else instrument.price_of(command.price.ticks)
        return {
            "instrument_id": command.instrument_id,
            "side": command.side,
            "quantity": command.quantity,
            "price": price,
            "time_in_force": command.time_in_force,
        }

    def _keep(self, sequenced: Sequenced, told: list[tuple[PrivateEvent, PrivateMessage]]) -> None:
        for event, message in told:
            team_id = format_team_id(event.team_id)
            self.messages[team_id].append(message)
            self.caused[team_id, sequenced.sequence].append(message)


class Fold:
    """A team's state as its stream tells it, event by event, in the form of answers to queries.

    The ledger of chaos is different: it computes money and limits itself, and judges each event by the rules.
    """

    def __init__(self, messages: Iterable[PrivateMessage]) -> None:
        self.seq = 0
        self.positions: dict[str, int] = {}
        self.open_orders: dict[str, dict[str, Any]] = {}
        self.fills: list[dict[str, Any]] = []
        self._messages = iter(messages)

    def orders(self) -> list[dict[str, Any]]:
        """Those that are open, oldest first."""
        return sorted(self.open_orders.values(), key=lambda order: parse_order_id(order["order_id"]))

    def go_to(self, seq: int) -> bool:
        """Read on to the event `seq`; whether there is one. `seq` must not go back."""
        while self.seq < seq:
            message = next(self._messages, None)
            if message is None:
                return False
            self._read(message)
        return True

    def _read(self, message: PrivateMessage) -> None:
        self.seq = message.seq
        match message:
            case NewOrderAck():
                self.open_orders[message.order_id] = {
                    "order_id": message.order_id,
                    "client_order_id": message.client_order_id,
                    "instrument_id": message.instrument_id,
                    "side": message.side,
                    "price": message.price,
                    "quantity": message.quantity,
                    "remaining_quantity": message.remaining_quantity,
                    "status": "open",
                    "time_in_force": message.time_in_force,
                    "submitted_at": message.timestamp,
                }
            case ExecutionReport():
                told = {name: value for name, value in msgspec.to_builtins(message).items() if name in FILL}
                self.fills.append(told | {"busted": False})  # nobody busts trades here
                if message.order_status == "filled":
                    del self.open_orders[message.order_id]
                else:
                    order = self.open_orders[message.order_id]
                    order |= {"remaining_quantity": message.remaining_quantity, "status": message.order_status}
            case OrderAmended():
                self.open_orders[message.order_id] |= {
                    "price": message.price,
                    "quantity": message.quantity,
                    "remaining_quantity": message.remaining_quantity,
                }
            case OrderCancelled():
                del self.open_orders[message.order_id]
            case PositionUpdate():
                self.positions[message.instrument_id] = message.position


FILL: Final = frozenset(
    {
        "trade_id",
        "order_id",
        "client_order_id",
        "instrument_id",
        "side",
        "price",
        "quantity",
        "liquidity_type",
        "fees",
        "timestamp",
    }
)
"""What an execution report and a fill of `GET /fills` have in common: all of the latter but `busted`."""
ORDER: Final = frozenset(
    {
        "order_id",
        "client_order_id",
        "instrument_id",
        "side",
        "price",
        "quantity",
        "remaining_quantity",
        "status",
        "time_in_force",
        "submitted_at",
    }
)
"""What a shown order and the events of its life have in common: all but `post_only`."""
