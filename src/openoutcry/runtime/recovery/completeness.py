"""Whether the journal is complete, judged by snapshots and event logs: a start without its end would lose that.

This is checked before any derived file is touched.
"""

from contextlib import suppress
from pathlib import Path

from openoutcry.domain.types import Sequence
from openoutcry.journal.boot import is_same_boot
from openoutcry.journal.reader import JournalEnd, read_end
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.snapshots.files import SnapshotUnusable, list_snapshots, read_header
from openoutcry.runtime.streams.event_logs.folder import list_logs
from openoutcry.runtime.streams.event_logs.lines import last_sequence
from openoutcry.scenarios.model import Scenario


class JournalIncomplete(Exception):  # noqa: N818 - what is wrong, named
    """Segments of the journal are missing; the text says how that shows, and what to do."""


def check_complete(directory: DataDirectory, scenario: Scenario, boot_id: str) -> JournalEnd:
    """Where the journal ends. Raises `JournalIncomplete` if derived files tell of commands that it must have but lacks.

    `boot_id` names this run of the operating system. Raises `OSError`, and what reading the journal's end does.
    """
    check_not_gone(directory)
    told = last_told(directory)
    end, written_in = read_end(directory.journal)
    trace = _trace_in_snapshots(directory, scenario, end) or trace_in_event_logs(
        told, end, is_same_boot=is_same_boot(written_in, boot_id)
    )
    if trace is not None:
        raise JournalIncomplete(missing_end(directory, end, trace))
    return end


def check_not_gone(directory: DataDirectory) -> None:
    """Raises `JournalIncomplete` if there is no journal at all, but files that were derived from one.

    A journal that `--repair-tail` has cut to nothing has left a copy, and does not count. Raises `OSError`.
    """
    derived = [*list_logs(directory.events), *list_snapshots(directory.snapshots)]
    if derived and not any(directory.journal.iterdir()):
        raise JournalIncomplete(
            f"the journal is missing: {directory.journal} is empty, but {derived[0]} was made from it. Put the journal"
            " back (a copy of the folder is enough), or start afresh in another data directory"
        )


def last_told(directory: DataDirectory) -> tuple[Sequence, Path] | None:
    """The last command in the event logs, and the log that has it; None if there is no log.

    If a server may be running, call this before the journal is read, because the server writes that first. Raises
    `OSError`.
    """
    return max(((last_sequence(path), path) for path in list_logs(directory.events)), default=None)


def trace_in_event_logs(told: tuple[Sequence, Path] | None, end: JournalEnd, *, is_same_boot: bool) -> str | None:
    """The evidence that the journal once went on after `end`; None if it may be whole.

    An event is written to its log after its command, but neither is synced then: a loss of power may leave the event
    without the command. That is impossible if the system has not gone down since (`is_same_boot`), or if the journal
    ends with the mark of a clean close, because the next server's segment is on the disk before it takes its first
    command.
    """
    if told is None or told[0] <= end.last_sequence or not (is_same_boot or end.clean):
        return None
    return f"{told[1]} holds an event of sequence {told[0]}"


def _trace_in_snapshots(directory: DataDirectory, scenario: Scenario, end: JournalEnd) -> str | None:
    """The same for snapshots. A snapshot is made from synced segments, so no loss of power explains the difference."""
    for path in list_snapshots(directory.snapshots):
        if int(path.stem) <= end.last_sequence:
            return None
        with suppress(SnapshotUnusable, OSError):
            header = read_header(path)
            if header.scenario_hash == scenario.hash and header.sequence > end.last_sequence:
                return f"{path} holds the state after sequence {header.sequence}"
    return None


def missing_end(directory: DataDirectory, end: JournalEnd, trace: str) -> str:
    """The error text for a journal that once went on after `end`, as this trace shows."""
    return (
        f"the end of the journal is missing: it ends with sequence {end.last_sequence}, but {trace}. Put the later"
        f" segments back into {directory.journal}. Without them, what it holds can still be used: move"
        f" {directory.snapshots} and {directory.events} out of the data directory and start again; every command after"
        f" sequence {end.last_sequence} is lost"
    )


def set_traces_aside(directory: DataDirectory, last_sequence_kept: int) -> None:
    """After the journal was cut: rename every snapshot and event log that tells of a later command, because those
    commands are gone. A start makes the event logs again.

    Raises `OSError`.
    """
    snapshots = [path for path in list_snapshots(directory.snapshots) if int(path.stem) > last_sequence_kept]
    logs = [path for path in list_logs(directory.events) if last_sequence(path) > last_sequence_kept]
    for path in (*snapshots, *logs):
        path.rename(path.with_name(f"{path.name}.cut"))
