"""Repairs of a journal that cannot be followed: cut off a damaged end, or pass over one command.

Both work on a directory that no server uses. Nothing is deleted: the part that is cut off is kept as a copy.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from openoutcry.domain.commands import Command, RegisterTeam
from openoutcry.domain.identifiers import format_team_id
from openoutcry.domain.reasons import Verdict
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import Sequence
from openoutcry.journal.framing import FRAME_OVERHEAD, payload_at
from openoutcry.journal.lock import DirectoryLock
from openoutcry.journal.reader import JournalReader, TornTail
from openoutcry.journal.records import JournalEntry
from openoutcry.journal.segment import MAGIC, JournalCorrupt, list_provisional
from openoutcry.journal.tail import cut_torn_tail
from openoutcry.journal.writer import JournalWriter
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.completeness import set_traces_aside
from openoutcry.runtime.recovery.replay import (
    CommandFails,
    ReplayFailed,
    check_kept_scenario,
    collection_paused,
    replay,
)
from openoutcry.runtime.recovery.snapshots.finding import restore_newest
from openoutcry.scenarios.model import Scenario


class NotRepaired(Exception):  # noqa: N818 - what it means
    """Nothing was changed; the text says why."""


class Cut(Struct, frozen=True, kw_only=True):
    path: Path
    offset: int
    size: int
    copy: Path
    last_sequence: Sequence
    """The last command that stays."""
    lost: list[str]
    """Texts, one for each lost item."""


class Quarantined(Struct, frozen=True):
    sequence: Sequence
    command: str
    """In words."""
    failure: str
    """How the venue fails on it."""


def repair_tail(path: Path) -> Cut:
    """Cut the journal where the last segment's damage begins, and tell what is lost.

    A provisional segment after it is lost too. Snapshots and event logs that tell of later commands, also of those in
    segments that were moved out, are set aside.
    Raises `NotRepaired`, `NoExchangeHere`, `DirectoryInUse`, `JournalCorrupt` where the damage is in another segment,
    `JournalFormat` and `OSError`.
    """
    directory = DataDirectory(path)
    with _alone(directory):
        reader = JournalReader(directory.journal)
        try:
            for _ in reader:
                pass
            tail = reader.end.torn_tail
        except JournalCorrupt as corrupt:
            if not corrupt.in_last_segment:
                raise
            # Damage in a segment's header makes all of the segment unusable.
            offset = corrupt.offset if corrupt.offset > len(MAGIC) else 0
            tail = TornTail(corrupt.path, offset, corrupt.path.stat().st_size - offset)
        if tail is None:
            raise NotRepaired(f"nothing to repair: every entry of the journal in {path} is sound")
        lost = list(_describe(tail))
        for _, provisional in list_provisional(directory.journal):
            if provisional != tail.path:
                stranded = TornTail(provisional, 0, provisional.stat().st_size)
                lost += _describe(stranded)
                cut_torn_tail(stranded)
        copy = cut_torn_tail(tail)
        remaining = JournalReader(directory.journal)
        for _ in remaining:
            pass
        set_traces_aside(directory, remaining.end.last_sequence)
        return Cut(
            path=tail.path,
            offset=tail.offset,
            size=tail.size,
            copy=copy,
            last_sequence=remaining.end.last_sequence,
            lost=lost,
        )


def quarantine(path: Path, sequence: Sequence) -> Quarantined:
    """Make every replay pass over the command at `sequence`, which must be the one at which a start fails.

    Without it, all later commands must get their recorded verdicts. Raises `NotRepaired`, `NoExchangeHere`,
    `DirectoryInUse`, `OtherScenario`, `EditedScenario`, `JournalCorrupt`, `JournalFormat`, `JournalUnavailable` and
    `OSError`.
    """
    directory = DataDirectory(path)
    with _alone(directory), collection_paused():
        scenario = directory.kept_scenario()
        reader = JournalReader(directory.journal)
        check_kept_scenario(reader, directory, scenario)
        failing = _failing_command(directory, scenario)
        if failing is None:
            raise NotRepaired(f"nothing to quarantine: the venue follows the whole journal in {path}")
        if failing.sequence != sequence:
            raise NotRepaired(f"the venue fails on the command at {failing.sequence}, not on the one at {sequence}")
        restored = restore_newest(directory, scenario)
        rest = JournalReader(directory.journal, after=restored.after)
        rest.quarantined |= {sequence}
        try:
            for _ in replay(rest, restored.venue):
                pass
        except ReplayFailed as error:
            raise NotRepaired(f"what comes after the command cannot be followed without it: {error}") from error
        for unfinished in (rest.end.stranded, rest.end.torn_tail):
            if unfinished is not None:
                cut_torn_tail(unfinished)
        writer = JournalWriter(
            directory.journal,
            rest.end,
            scenario_hash=scenario.hash,
            live_hash=restored.venue.live_hash,
            # Not this boot's id: the event logs have not been checked, and may have been damaged since.
            boot_id=reader.boot_id,
            quarantined=(sequence,),
        )
        # Its ids were promised. The stop counts as unclean, so that the next start skips them.
        writer.close(clean=False)
        record = next(record for record in JournalReader(directory.journal) if record.sequence == sequence)
        cause = failing.__cause__
        return Quarantined(sequence, describe(record), f"{type(cause).__name__}: {cause}")


def describe(record: Sequenced) -> str:
    """A record as text: sequence, team, kind, verdict."""
    return f"{record.sequence}  {_who(record.command)}  {_tag(record.command)}  {_tag(record.verdict)}"


def _failing_command(directory: DataDirectory, scenario: Scenario) -> CommandFails | None:
    restored = restore_newest(directory, scenario)
    try:
        for _ in replay(JournalReader(directory.journal, after=restored.after), restored.venue):
            pass
    except CommandFails as failing:
        return failing
    return None


def _describe(tail: TornTail) -> Iterator[str]:
    """The content of the bytes that will be cut off: whole commands, and parts that cannot be read."""
    data = memoryview(tail.path.read_bytes())
    offset = damaged_from = tail.offset or len(MAGIC)
    while offset < len(data):
        payload = payload_at(data, offset)
        if payload is None:
            offset += 1
            continue
        if damaged_from < offset:
            yield f"{offset - damaged_from} bytes from byte {damaged_from} on that cannot be read"
        try:
            entry = msgspec.msgpack.decode(payload, type=JournalEntry)
            if isinstance(entry, Sequenced):
                yield describe(entry)
        except msgspec.DecodeError:
            pass  # the segment's header, or an entry of no known kind: no command
        offset += FRAME_OVERHEAD + len(payload)
        damaged_from = offset
    if damaged_from < len(data):
        yield f"{len(data) - damaged_from} bytes from byte {damaged_from} on that cannot be read"


def _who(command: Command) -> str:
    if isinstance(command, RegisterTeam):
        return command.team_name
    team_id = getattr(command, "team_id", None)
    return "organiser" if team_id is None else format_team_id(team_id)


def _tag(value: Command | Verdict) -> str:
    return str(value.__struct_config__.tag)


@contextmanager
def _alone(directory: DataDirectory) -> Iterator[None]:
    directory.kept_scenario()  # it is the data directory of an exchange
    lock = DirectoryLock(directory.lock)
    try:
        yield
    finally:
        lock.release()
