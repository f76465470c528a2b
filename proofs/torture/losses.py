"""What each loss of power removed, with the durability that allows it: the end of a journal.

A message is void if it was sent before the loss of power and depends on a command after the last one kept.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from openoutcry.domain.identifiers import parse_order_id
from openoutcry.protocol.stream import PrivateMessage
from proofs.torture.diary import microseconds_of


class Loss(Struct, frozen=True, kw_only=True):
    """`moment`: in microseconds, after the last word of the server that lost power, before the first of the next."""

    moment: int
    kept_sequence: int
    kept_order_id: int
    """The highest that the kept part of the journal gave to an order, 0 for none."""


class Losses:
    def __init__(self, losses: Iterable[Loss] = ()) -> None:
        self.all: Final = tuple(losses)

    def took(self, sequence: int, time: int) -> bool:
        """Whether the command that was said at `time` to stand at `sequence` was lost."""
        return any(time < loss.moment and sequence > loss.kept_sequence for loss in self.all)

    def took_order(self, order_id: str, time: int) -> bool:
        """Whether the order that was said at `time` to be accepted was lost."""
        number = parse_order_id(order_id)
        return any(time < loss.moment and number > loss.kept_order_id for loss in self.all)

    def took_event(self, message: PrivateMessage) -> bool:
        return self.took(message.sequence, microseconds_of(message.timestamp))

    def took_state(self, as_of_seq: int, time: int, stream: Sequence[PrivateMessage]) -> bool:
        """Whether what was said at `time` of a team's state rests on events that its `stream` has lost."""
        return any(
            time < loss.moment and as_of_seq > bisect_right(stream, loss.kept_sequence, key=_sequence)
            for loss in self.all
        )


def _sequence(message: PrivateMessage) -> int:
    return message.sequence
