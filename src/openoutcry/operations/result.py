"""What an operation returns to any caller, over any protocol."""

from typing import Generic, TypeVar

from msgspec import Struct

from openoutcry.domain.reasons import Reject
from openoutcry.domain.types import Sequence, TimestampUs

T = TypeVar("T")


class Result(Struct, Generic[T], frozen=True, gc=False):
    """The request was carried out, and `data` holds what was asked for, unless `reject` says why not."""

    time: TimestampUs
    """The time of the command, or that at which the state was read."""
    data: T | None = None
    reject: Reject | None = None
    order_id: str | None = None
    """The order that was entered or changed, as clients write it."""
    sequence: Sequence | None = None
    """The command's place in the one sequence; None if nothing was sequenced."""
