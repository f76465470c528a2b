"""What stands in a journal: a header per segment, then records, and a mark where a server closed cleanly."""

from typing import Final

from msgspec import Struct

from openoutcry.domain.commands import Command
from openoutcry.domain.reasons import Verdict
from openoutcry.domain.types import Sequence, TimestampUs

FORMAT_VERSION: Final = 1
"""Raised whenever the bytes of a segment would be read differently."""


class SegmentHeader(Struct, frozen=True, array_like=True):
    """First entry of every segment. `format_version` stays the first field in every version to come."""

    format_version: int
    rulebook_version: int
    scenario_hash: str
    epoch: int
    """Raised by one after every stop that was not clean."""
    first_sequence: Sequence


class JournalRecord(Struct, frozen=True, array_like=True, tag=1, gc=False):
    """One command as it was sequenced, accepted or not."""

    sequence: Sequence
    time: TimestampUs
    command: Command
    verdict: Verdict


class CleanClose(Struct, frozen=True, array_like=True, tag=2, gc=False):
    """Last entry of the last segment of a server that ended in good order: nothing is missing after it."""

    last_sequence: Sequence


JournalEntry = JournalRecord | CleanClose
"""What may follow a segment's header."""
