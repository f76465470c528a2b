"""Whether the journal is all there, as far as what was derived from it tells: a start without its end would lose it."""

from openoutcry.journal.event_log import list_logs
from openoutcry.journal.snapshot_files import SnapshotUnusable, list_snapshots, read_snapshot
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.scenarios.model import Scenario


class JournalIncomplete(Exception):  # noqa: N818 - what is wrong, named
    """Segments of the journal are gone; the text says how that shows, and what to do."""


def check_not_gone(directory: DataDirectory) -> None:
    """Raises `JournalIncomplete` where there is no journal at all beside what only one can have led to.

    What `--repair-tail` has cut to nothing has left its copy, and is no such place. Raises `OSError`.
    """
    derived = [*list_logs(directory.events), *list_snapshots(directory.snapshots)]
    if derived and not any(directory.journal.iterdir()):
        raise JournalIncomplete(
            f"the journal is missing: {directory.journal} is empty, but {derived[0]} was made from it. Put the journal"
            " back (a copy of the folder will do), or start afresh in another data directory"
        )


def check_reaches_snapshots(directory: DataDirectory, scenario: Scenario, last_sequence: int) -> None:
    """Raises `JournalIncomplete` where a sound snapshot is of a command after the journal's last, `last_sequence`.

    A snapshot is made of what is on the disk for good, so no loss of power leads to that.
    """
    for path in list_snapshots(directory.snapshots):
        if int(path.stem) <= last_sequence:
            return
        try:
            header, _ = read_snapshot(path)
        except (SnapshotUnusable, OSError):
            continue
        if header.scenario_hash == scenario.hash and header.sequence > last_sequence:
            raise JournalIncomplete(
                f"the end of the journal is missing: it ends with sequence {last_sequence}, but {path} holds the state"
                f" after {header.sequence}. Put the later segments back into {directory.journal}. Without them, what"
                f" it holds can still be used: move {directory.snapshots} out of the data directory and start again;"
                f" everything after {last_sequence} is lost"
            )


def set_snapshots_aside(directory: DataDirectory, last_sequence: int) -> None:
    """After the journal was cut: rename every snapshot of a later command, for what it was made of is given up.

    Raises `OSError`.
    """
    for path in list_snapshots(directory.snapshots):
        if int(path.stem) > last_sequence:
            path.rename(path.with_name(f"{path.name}.cut"))
