"""Hands commands to the sequencer, and makes results of its verdicts."""

from typing import Any, TypeVar

from openoutcry.domain.commands import Command
from openoutcry.domain.events import Event
from openoutcry.domain.reasons import Reject
from openoutcry.domain.sequenced import Sequenced
from openoutcry.operations.result import Result
from openoutcry.runtime.exchange import Exchange

T = TypeVar("T")


def submit(exchange: Exchange, command: Command) -> Sequenced:
    """The verdict on `command`, which is executed after the result was returned. Raises `Unavailable`."""
    exchange.coordinator.admit()
    return exchange.sequencer.submit(command)


def perform(exchange: Exchange, command: Command) -> tuple[Sequenced, list[Event]]:
    """The verdict on `command` and what it did, before the result. Raises `Unavailable`."""
    exchange.coordinator.admit()
    return exchange.sequencer.perform(command)


def change(exchange: Exchange, command: Command) -> tuple[Sequenced, list[Event]]:
    """As `perform`; a command that would change nothing has a result and is not sequenced. Raises `Unavailable`."""
    exchange.coordinator.admit()
    return exchange.sequencer.perform_change(command)


def refusal(exchange: Exchange, command: Command) -> Result[Any] | None:
    """The refusal of a command as things stand, without a place in the sequence; None if it would be accepted.

    For commands whose refusals need no record, and could fill the journal.
    """
    verdict = exchange.sequencer.validate(command)
    return Result(exchange.clock.now(), reject=verdict) if isinstance(verdict, Reject) else None


def accepted(sequenced: Sequenced, data: T | None = None, order_id: str | None = None) -> Result[T]:
    """The result of an accepted command: with its time, and its place in the sequence if it has one."""
    return Result(sequenced.time, data, None, order_id, sequenced.sequence or None)


def rejected(sequenced: Sequenced, reject: Reject) -> Result[Any]:
    """The result of a command that the validator refused, with its time and its place in the sequence."""
    return Result(sequenced.time, None, reject, None, sequenced.sequence)
