"""Handing commands to the sequencer, and its verdicts as answers, for every command alike."""

from typing import Any, TypeVar

from openoutcry.domain.commands import Command
from openoutcry.domain.events import Event
from openoutcry.domain.reasons import Reject
from openoutcry.domain.sequenced import Sequenced
from openoutcry.gateway.http.answer import Answer
from openoutcry.gateway.http.answers import refuse, succeed
from openoutcry.gateway.http.receipts import Receipt
from openoutcry.runtime.exchange import Exchange

T = TypeVar("T")


def submit(exchange: Exchange, command: Command) -> Sequenced:
    """The verdict on `command`, which is executed after the answer was handed on. Raises `Unavailable`."""
    exchange.coordinator.admit()
    return exchange.sequencer.submit(command)


def perform(exchange: Exchange, command: Command) -> tuple[Sequenced, list[Event]]:
    """The verdict on `command` and what it did, before the answer. Raises `Unavailable`."""
    exchange.coordinator.admit()
    return exchange.sequencer.perform(command)


def change(exchange: Exchange, command: Command) -> tuple[Sequenced, list[Event]]:
    """As `perform`; a command that would change nothing is answered and not sequenced. Raises `Unavailable`."""
    exchange.coordinator.admit()
    return exchange.sequencer.perform_change(command)


def refusal(exchange: Exchange, receipt: Receipt, command: Command) -> Answer[Any] | None:
    """The refusal of a command as things stand, without a place in the sequence; None where it would be accepted.

    For commands whose refusals nobody needs to find in the journal, and which could fill it.
    """
    verdict = exchange.sequencer.validate(command)
    return refuse(receipt, exchange.clock.now(), verdict) if isinstance(verdict, Reject) else None


def accepted(receipt: Receipt, sequenced: Sequenced, data: T | None = None, order_id: str | None = None) -> Answer[T]:
    """The venue took the command; the answer bears its time, and its place in the sequence if it has one."""
    return succeed(receipt, sequenced.time, data, order_id=order_id, sequence=sequenced.sequence or None)


def rejected(receipt: Receipt, sequenced: Sequenced, reject: Reject) -> Answer[Any]:
    """The validator refused the command; the refusal has a time and a place in the sequence too."""
    return refuse(receipt, sequenced.time, reject, sequence=sequenced.sequence)
