"""The next snapshot: the one before it, and the segments sealed since.

`snapshot_process` makes it in a process of its own, because the state may be large: the server neither waits nor copies
anything. It reads only sealed segments, which no longer change, and so needs nothing from the server.
"""

import hashlib
import time
from typing import Final

from msgspec import Struct

from openoutcry.domain.rulebook import RULEBOOK_VERSION
from openoutcry.domain.types import Sequence
from openoutcry.journal.lock import DirectoryLock
from openoutcry.journal.reader import JournalReader
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.projections import ProjectionsOf
from openoutcry.runtime.recovery.replay import check_kept_scenario, collection_paused, replay
from openoutcry.runtime.recovery.snapshots.files import SNAPSHOT_FORMAT, SnapshotHeader, block_of, write_snapshot
from openoutcry.runtime.recovery.snapshots.finding import restore_newest
from openoutcry.runtime.streams.event_logs.folder import log_path, sync_logs
from openoutcry.runtime.streams.event_logs.log import size_up_to
from openoutcry.venue.snapshots.snapshot import SHAPE, encode
from openoutcry.venue.venue import Venue

PATIENCE_SECONDS: Final = 30.0
"""Seconds that a snapshot waits for the event logs to reach it. The server writes them at most a second late."""

_POLL_SECONDS: Final = 0.05


class SnapshotBuilt(Struct, frozen=True, kw_only=True):
    sequence: Sequence
    commands: int
    """Commands replayed since the previous snapshot."""
    state_bytes: int
    seconds: float
    failed_projections: dict[str, Sequence] = {}
    """Those that it does without, by name: the command at which they were dropped."""


class EventsMissing(Exception):  # noqa: N818 - what is wrong, named
    """An event log does not reach the state, and a replay from the snapshot on would not bring its events back."""


def build_next(
    directory: DataDirectory, projections_of: ProjectionsOf, *, patience_seconds: float = PATIENCE_SECONDS
) -> SnapshotBuilt | None:
    """Write the snapshot of all sealed segments; None if it exists already.

    `projections_of` must give the projections of the server on this directory; otherwise its start passes the snapshot
    over. Every verdict is compared on the way, and at every seal the state with the server's note. Raises what
    `replay` does, `NoExchangeHere`, `EditedScenario`, `DirectoryInUse` (another one is being built), `EventsMissing`
    and `OSError`.
    """
    started = time.perf_counter()
    scenario = directory.kept_scenario()
    check_kept_scenario(JournalReader(directory.journal), directory, scenario)
    directory.snapshots.mkdir(mode=0o700, exist_ok=True)
    lock = DirectoryLock(directory.snapshots / "lock")
    try:
        with collection_paused():
            restored = restore_newest(directory, scenario, projections_of)
            venue, projections = restored.venue, restored.projections
            reader = JournalReader(directory.journal, after=restored.after, sealed_only=True)
            replayed = replay(reader, venue, [projections.apply], checks_sums=True)
            commands = [progress.commands for progress in replayed][-1]
            end = reader.end
            if end.segment_number == restored.after.segment_number:
                return None
            event_log_bytes = _await_events(directory, venue, patience_seconds)
            sync_logs(directory.events)
            state = encode(venue.snapshot())
            captured = projections.capture(end.last_sequence)
            header = SnapshotHeader(
                snapshot_format=SNAPSHOT_FORMAT,
                shape=SHAPE,
                rulebook_version=RULEBOOK_VERSION,
                scenario_hash=scenario.hash,
                segment_number=end.segment_number,
                sequence=end.last_sequence,
                time=end.last_time,
                epoch=end.epoch,
                live_hash=venue.live_hash(),
                state_hash=hashlib.sha256(state).hexdigest(),
                state_bytes=len(state),
                event_log_bytes=event_log_bytes,
                projections=tuple(map(block_of, captured)),
            )
            write_snapshot(directory.snapshots, header, state, captured)
    finally:
        lock.release()
    seconds = time.perf_counter() - started
    return SnapshotBuilt(
        sequence=end.last_sequence,
        commands=commands,
        state_bytes=len(state),
        seconds=seconds,
        failed_projections=projections.failed,
    )


def _await_events(directory: DataDirectory, venue: Venue, patience_seconds: float) -> tuple[int, ...]:
    """By team, the size of its event log up to this state, once all are that long; 0 for a team without a log."""
    deadline = time.monotonic() + patience_seconds
    sizes = []
    for team in venue.queries.teams():
        if not venue.queries.has_key(team.team_id):
            sizes.append(0)
            continue
        last_seq = venue.queries.last_seq(team.team_id)
        path = log_path(directory.events, team.team_id)
        while (size := size_up_to(path, last_seq)) is None:
            if time.monotonic() > deadline:
                raise EventsMissing(
                    f"{path} does not reach event {last_seq}, not even after {patience_seconds:g} seconds"
                )
            time.sleep(_POLL_SECONDS)
        sizes.append(size)
    return tuple(sizes)
