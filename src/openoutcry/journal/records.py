"""The entries of a journal: a header per segment, sequenced commands, and a mark where a server closed cleanly."""

from typing import Final

from msgspec import Struct

from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import Sequence

FORMAT_VERSION: Final = 2
"""Raised whenever the bytes of a segment would be read differently."""

READABLE_FORMATS: Final = frozenset({1, FORMAT_VERSION})
"""Formats that this version reads. Format 1 has no live hashes; missing fields have defaults."""

UNKNOWN_HASH: Final = ""
"""In place of a live hash that was not computed."""


class SegmentHeader(Struct, frozen=True, array_like=True):
    """First entry of every segment. `format_version` stays the first field in all future versions."""

    format_version: int
    rulebook_version: int
    scenario_hash: str
    epoch: int
    """Raised by one after every stop that was not clean."""
    first_sequence: Sequence
    live_hash: str = UNKNOWN_HASH
    """The live hash of the venue before `first_sequence`: the seal of the previous segment."""
    boot_id: str = ""
    """Names the run of the operating system; after a loss of power it is another one."""
    quarantined: tuple[Sequence, ...] = ()
    """Earlier commands that no replay executes, because the venue fails on them."""


class CleanClose(Struct, frozen=True, array_like=True, tag=2, gc=False):
    """Last entry of a server that closed its journal cleanly: nothing is missing after it."""

    last_sequence: Sequence
    live_hash: str = UNKNOWN_HASH
    """The live hash of the venue after it."""


JournalEntry = Sequenced | CleanClose
"""An entry that may follow a segment's header."""
