"""A command as it was sequenced: what the journal keeps, callers get as the answer, and readers of events receive."""

from msgspec import Struct

from openoutcry.domain.commands import Command
from openoutcry.domain.reasons import Verdict
from openoutcry.domain.types import Sequence, TimestampUs


class Sequenced(Struct, frozen=True, array_like=True, tag=1, gc=False):
    """A command with its place, time and verdict, accepted or not. A journal's record is this array.

    Place 0: the command would have changed nothing, so it has no place and is not journaled.
    """

    sequence: Sequence
    time: TimestampUs
    command: Command
    verdict: Verdict
