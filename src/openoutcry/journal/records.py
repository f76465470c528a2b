"""What stands in a journal: a header per segment, then sequenced commands, and a mark where a server closed cleanly."""

from typing import Final

from msgspec import Struct

from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import Sequence

FORMAT_VERSION: Final = 2
"""Raised whenever the bytes of a segment would be read differently."""

READABLE_FORMATS: Final = frozenset({1, FORMAT_VERSION})
"""Format 1 told nothing of the state; what it lacks has defaults."""

UNKNOWN_HASH: Final = ""
"""In place of a live hash: it was not taken."""


class SegmentHeader(Struct, frozen=True, array_like=True):
    """First entry of every segment. `format_version` stays the first field in every version to come."""

    format_version: int
    rulebook_version: int
    scenario_hash: str
    epoch: int
    """Raised by one after every stop that was not clean."""
    first_sequence: Sequence
    live_hash: str = UNKNOWN_HASH
    """Of the venue before `first_sequence`: the seal of the segment before this one."""
    boot_id: str = ""
    """Names the run of the operating system: another one after the loss of power."""
    quarantined: tuple[Sequence, ...] = ()
    """Earlier commands that no replay executes, because the venue fails on them."""


class CleanClose(Struct, frozen=True, array_like=True, tag=2, gc=False):
    """Last entry of the last segment of a server that ended in good order: nothing is missing after it."""

    last_sequence: Sequence
    live_hash: str = UNKNOWN_HASH
    """Of the venue after it."""


JournalEntry = Sequenced | CleanClose
"""What may follow a segment's header."""
