"""What the sequencer hands on: a command's verdict to its caller, its events to the readers."""

from msgspec import Struct

from openoutcry.domain.events import Event
from openoutcry.domain.reasons import Verdict
from openoutcry.domain.types import Sequence, TimestampUs


class Sequenced(Struct, frozen=True):
    """A command's place, stamp and verdict. Place 0: it would have changed nothing, so it has none."""

    sequence: Sequence
    time: TimestampUs
    verdict: Verdict


class Executed(Struct, frozen=True):
    """An accepted command's events, in order: private ones first, then public ones."""

    sequence: Sequence
    time: TimestampUs
    events: list[Event]


class Unavailable(Exception):  # noqa: N818 - a state of the service, named for what it means
    """The command was not taken and will not be executed; the text says why."""
