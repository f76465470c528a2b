"""Handing commands to the sequencer, and its verdicts as answers, for every command alike."""

from typing import Any, TypeVar

from openoutcry.domain.commands import Command
from openoutcry.domain.events import Event
from openoutcry.domain.reasons import Reject
from openoutcry.gateway.answer import Answer
from openoutcry.gateway.answers import refuse, succeed
from openoutcry.gateway.receipts import Receipt
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.executed import Sequenced

T = TypeVar("T")


def submit(exchange: Exchange, command: Command) -> Sequenced:
    """The verdict on `command`, which is executed after the answer was handed on. Raises `Unavailable`."""
    exchange.coordinator.admit()
    return exchange.sequencer.submit(command)


def perform(exchange: Exchange, command: Command) -> tuple[Sequenced, list[Event]]:
    """The verdict on `command` and what it did, before the answer. Raises `Unavailable`."""
    exchange.coordinator.admit()
    return exchange.sequencer.perform(command)


def accepted(receipt: Receipt, sequenced: Sequenced, data: T | None = None, order_id: str | None = None) -> Answer[T]:
    """The venue took the command; the answer bears its time and its place in the sequence."""
    return succeed(receipt, sequenced.time, data, order_id=order_id, sequence=sequenced.sequence)


def rejected(receipt: Receipt, sequenced: Sequenced, reject: Reject) -> Answer[Any]:
    """The validator refused the command; the refusal has a time and a place in the sequence too."""
    return refuse(receipt, sequenced.time, reject, sequence=sequenced.sequence)
