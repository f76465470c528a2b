"""State from a journal: every command is judged and executed again, in sequence, without clock or randomness.

Every verdict must equal the recorded one, and at every seal the state; the replay stops at the first difference.
"""

import gc
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from openoutcry.domain.events import Event
from openoutcry.domain.reasons import Accepted, Verdict
from openoutcry.domain.rulebook import RULEBOOK_VERSION
from openoutcry.domain.sequenced import Sequenced
from openoutcry.journal.reader import JournalReader, Segment
from openoutcry.journal.records import UNKNOWN_HASH
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.scenarios.differences import told_differences
from openoutcry.scenarios.model import Scenario
from openoutcry.venue.snapshots.state_hash import contradicts
from openoutcry.venue.venue import Venue

COMMANDS_PER_PROGRESS: Final = 10_000

Follow = Callable[[Sequenced, list[Event]], None]
"""Called with each command of a replay, and its events; no events if it was not executed."""

# Equal bytes are equal verdicts: in the journal a tuple in `details` has become a list.
_ENCODE: Final = msgspec.msgpack.Encoder().encode


class ReplayFailed(Exception):  # noqa: N818 - what happened, named
    """The journal cannot be followed past `sequence`; the text says why and what to do."""

    def __init__(self, sequence: int, problem: str) -> None:
        super().__init__(f"the journal cannot be followed past sequence {sequence}: {problem}")
        self.sequence = sequence


class ReplayMismatch(ReplayFailed):
    """The verdict on the command at `sequence` differs from the recorded one."""


class StateMismatch(ReplayFailed):
    """The state after `sequence` differs from the one that the server noted."""


class CommandFails(ReplayFailed):
    """The venue fails on the command at `sequence`, and would at every replay."""


class OtherScenario(Exception):  # noqa: N818 - what is wrong, named
    """The journal was written under another scenario or rulebook; the text says which one is needed."""


class EditedScenario(OtherScenario):
    """The rules stored beside the journal are not those that it was written under."""


class Progress(Struct, frozen=True):
    """How far a replay has come: `bytes_read` of `bytes_total`."""

    commands: int
    bytes_read: int
    bytes_total: int


def check_same_scenario(reader: JournalReader, scenario: Scenario, kept: Scenario | None = None) -> None:
    """Raises `OtherScenario` unless `scenario`, under this version's rulebook, is the journal's.

    `kept`: the stored scenario; if it is the journal's, the text names the keys in which the two differ.
    """
    header = reader.header
    if header is None:
        return
    if header.rulebook_version != RULEBOOK_VERSION:
        raise OtherScenario(
            f"the journal was written under rulebook {header.rulebook_version}, this version of openoutcry plays by"
            f" rulebook {RULEBOOK_VERSION}: use the version that wrote it, or start in an empty data directory"
        )
    if header.scenario_hash != scenario.hash:
        written_under = f"the journal was written under another scenario ({header.scenario_hash[:12]}…)"
        differences = ""
        if kept is not None and kept.hash == header.scenario_hash:
            written_under = (
                f"the journal was written under {kept.name!r} ({kept.hash[:12]}…), which is another scenario"
            )
            differences = f": {told_differences(kept, scenario)}"
        raise OtherScenario(
            f"{written_under} than {scenario.name!r} ({scenario.hash[:12]}…), or its instruments or rules were edited"
            f" since{differences}. Use that scenario, or start in an empty data directory"
        )


def check_kept_scenario(reader: JournalReader, directory: DataDirectory, kept: Scenario) -> None:
    """Raises `EditedScenario` unless `kept`, which was read in `directory`, holds the rules of the journal; and
    `OtherScenario` if the journal has another rulebook.
    """
    header = reader.header
    if header is not None and header.rulebook_version == RULEBOOK_VERSION and header.scenario_hash != kept.hash:
        raise EditedScenario(
            f"the rules in {directory.scenario} are not those that the journal was written under: what was read has the"
            f" hash {kept.hash}, the journal names {header.scenario_hash}. Restore the file from a copy; without one,"
            " delete it and start serve with the scenario of this exchange, which writes it anew"
        )
    check_same_scenario(reader, kept)


@contextmanager
def collection_paused() -> Iterator[None]:
    """While entered, no garbage is collected: what a recovery makes stays alive, and repeated collections would take
    longer than making it.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def replay(
    reader: JournalReader,
    venue: Venue,
    follow: Iterable[Follow] = (),
    *,
    before: Callable[[Sequenced], None] | None = None,
    on_segment: Callable[[Segment], None] | None = None,
    step: int = COMMANDS_PER_PROGRESS,
    checks_sums: bool = False,
    until: int = sys.maxsize,
) -> Iterator[Progress]:
    """Fold the journal into `venue`, which must have the state at which the reader begins. Calls each of `follow` with
    each command, except quarantined ones, which are passed over, and `on_segment` before a segment's first command.
    `before` is called with each command that is not passed over while the venue has the state just before it.
    After the command `until` it stops.
    With `checks_sums` the sums that the venue keeps for live hashes are compared with the whole state at each seal.

    Runs while it is iterated: yields a progress for every `step` commands, and one at the end.
    Raises `ReplayFailed`, one of its kinds, and what `JournalReader` raises.
    """
    # One loop without calls, because it takes most of the time of a start.
    validate, execute, quarantined = venue.validate, venue.execute, reader.quarantined
    followers = tuple(follow)
    commands = 0
    for segment in reader.segments():
        assert segment.header is not None  # noqa: S101 - one without is no segment to the reader
        _check_state(venue, reader.end.last_sequence, segment.header.live_hash, checks_sums)
        if on_segment is not None:
            on_segment(segment)
        for record in segment:
            commands += 1
            if commands % step == 0:
                yield Progress(commands, reader.bytes_read, reader.bytes_total)
            sequence, command = record.sequence, record.command
            if sequence > until:
                return
            if sequence in quarantined:
                continue
            if before is not None:
                before(record)
            events: list[Event] | None = None
            try:
                verdict = validate(command)
                if type(verdict) is Accepted and verdict == record.verdict:
                    events = execute(sequence, record.time, command)
            except Exception as error:
                raise _failure(record, segment, error) from error
            if events is None:
                _check_verdict(record, verdict)
                events = []
            for tell in followers:
                tell(record, events)
    seal = reader.end.live_hash if reader.seal is None else reader.seal.live_hash
    _check_state(venue, reader.end.last_sequence, seal, checks_sums)
    yield Progress(commands, reader.bytes_total, reader.bytes_total)


def _check_verdict(record: Sequenced, verdict: Verdict) -> None:
    if verdict != record.verdict and _ENCODE(verdict) != _ENCODE(record.verdict):
        raise ReplayMismatch(
            record.sequence,
            f"recorded as {record.verdict}, judged {verdict} now; use the version of openoutcry that wrote it,"
            " or report this with the journal",
        )


def _failure(record: Sequenced, segment: Segment, error: Exception) -> CommandFails:
    return CommandFails(
        record.sequence,
        f"the venue failed on it ({type(error).__name__}: {error}). Report this with the journal. To go on without"
        f" this command, run: {quarantine_command(segment.path, record.sequence)}",
    )


def _check_state(venue: Venue, sequence: int, noted: str, checks_sums: bool) -> None:
    if checks_sums and venue.live_hash() != venue.live_hash_made_anew():
        raise StateMismatch(
            sequence,
            "the sums that the venue keeps of open orders and positions are not those of its state; report this with"
            " the journal",
        )
    if noted != UNKNOWN_HASH and contradicts(noted, venue.live_hash()):
        raise StateMismatch(
            sequence,
            "the state here differs from the one that the server noted; use the version of openoutcry that wrote the"
            " journal, or report this with the journal",
        )


def quarantine_command(segment: Path, sequence: int) -> str:
    """The command line that makes replays of this segment's journal pass over the command."""
    return f"openoutcry verify {shlex.quote(str(segment.parent.parent))} --quarantine {sequence}"
