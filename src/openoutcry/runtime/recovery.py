"""State from a journal: every command judged and executed again, in sequence, without clock or chance.

Every verdict must come out as it was recorded; at the first that does not, it stops.
"""

from collections.abc import Callable, Iterator
from typing import Final

import msgspec
from msgspec import Struct

from openoutcry.domain.events import Event
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.rulebook import RULEBOOK_VERSION
from openoutcry.journal.reader import JournalReader
from openoutcry.journal.records import JournalRecord
from openoutcry.runtime.executed import Executed
from openoutcry.scenarios.model import Scenario
from openoutcry.venue.venue import Venue

COMMANDS_PER_PROGRESS: Final = 10_000

# Equal bytes are equal verdicts: in the journal a tuple in `details` has become a list.
_ENCODE: Final = msgspec.msgpack.Encoder().encode


class ReplayFailed(Exception):  # noqa: N818 - what happened, named
    """The journal cannot be followed past `sequence`; the text says why and what to do."""

    def __init__(self, sequence: int, problem: str) -> None:
        super().__init__(f"the journal cannot be followed past sequence {sequence}: {problem}")
        self.sequence = sequence


class ReplayMismatch(ReplayFailed):
    """The verdict on the command at `sequence` is another now than it was then."""


class OtherScenario(Exception):  # noqa: N818 - what is wrong, named
    """The journal was written under another scenario or rulebook; the text says which would do."""


class Progress(Struct, frozen=True):
    """How far a replay has come: `bytes_read` of `bytes_total`."""

    commands: int
    bytes_read: int
    bytes_total: int


def check_same_scenario(reader: JournalReader, scenario: Scenario) -> None:
    """Raises `OtherScenario` unless `scenario`, under this version's rulebook, is what the journal tells of."""
    header = reader.header
    if header is None:
        return
    if header.rulebook_version != RULEBOOK_VERSION:
        raise OtherScenario(
            f"the journal was written under rulebook {header.rulebook_version}, this version of openoutcry plays by"
            f" rulebook {RULEBOOK_VERSION}: use the version that wrote it, or start in an empty data directory"
        )
    if header.scenario_hash != scenario.hash:
        raise OtherScenario(
            f"the journal was written under another scenario ({header.scenario_hash[:12]}…) than {scenario.name!r}"
            f" ({scenario.hash[:12]}…), or its instruments or rules were edited since:"
            " use that scenario, or start in an empty data directory"
        )


def replay(
    reader: JournalReader,
    venue: Venue,
    on_executed: Callable[[Executed], None] | None = None,
    *,
    step: int = COMMANDS_PER_PROGRESS,
) -> Iterator[Progress]:
    """Fold the journal into `venue`, which is fresh, and give every executed command's events to `on_executed`.

    Runs as it is iterated: a progress for every `step` commands, and one at the end.
    Raises `ReplayFailed`, `ReplayMismatch`, and what `JournalReader` raises.
    """
    commands = 0
    for commands, record in enumerate(reader, start=1):
        events = _repeat(venue, record)
        if events is not None and on_executed is not None:
            on_executed(Executed(record.sequence, record.time, events))
        if commands % step == 0:
            yield Progress(commands, reader.bytes_read, reader.bytes_total)
    yield Progress(commands, reader.bytes_total, reader.bytes_total)


def _repeat(venue: Venue, record: JournalRecord) -> list[Event] | None:
    """The events of the command, None where it was refused."""
    try:
        verdict = venue.validate(record.command)
        if verdict == record.verdict or _ENCODE(verdict) == _ENCODE(record.verdict):
            return venue.execute(record.sequence, record.time, record.command) if type(verdict) is Accepted else None
    except Exception as error:
        raise ReplayFailed(
            record.sequence,
            f"the venue failed on it ({type(error).__name__}: {error}); report this with the journal",
        ) from error
    raise ReplayMismatch(
        record.sequence,
        f"recorded as {record.verdict}, judged {verdict} now; use the version of openoutcry that wrote it,"
        " or report this with the journal",
    )
