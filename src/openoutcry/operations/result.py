"""What an operation gives back, whoever asked and by whichever way."""

from typing import Generic, TypeVar

from msgspec import Struct

from openoutcry.domain.reasons import Reject
from openoutcry.domain.types import Sequence, TimestampUs

T = TypeVar("T")


class Result(Struct, Generic[T], frozen=True, gc=False):
    """What was asked for is done, or is in `data`, unless `reject` says why not."""

    time: TimestampUs
    """The command's, or when the state was read."""
    data: T | None = None
    reject: Reject | None = None
    order_id: str | None = None
    """The order that was entered or changed, as clients write it."""
    sequence: Sequence | None = None
    """The command's place in the one sequence; None where nothing was sequenced."""
