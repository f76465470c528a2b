"""Where a start begins: with the newest usable snapshot, else at the journal's first command."""

from pathlib import Path
from typing import Final

import msgspec
import structlog
from msgspec import Struct

from openoutcry.domain.identifiers import format_team_id
from openoutcry.domain.rulebook import RULEBOOK_VERSION
from openoutcry.domain.types import TeamId
from openoutcry.journal.reader import START, JournalEnd, JournalReader
from openoutcry.journal.segment import segment_path
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.projections import NotRestored, Projections, ProjectionsOf, no_projections
from openoutcry.runtime.recovery.snapshots.files import SnapshotHeader, SnapshotUnusable, list_snapshots, read_snapshot
from openoutcry.runtime.streams.event_logs.folder import log_path
from openoutcry.runtime.streams.event_logs.log import is_log_to
from openoutcry.scenarios.model import Scenario
from openoutcry.venue.snapshots.snapshot import SHAPE, decode
from openoutcry.venue.snapshots.state_hash import contradicts
from openoutcry.venue.state.limits import DEFAULT_LIMITS, VenueLimits
from openoutcry.venue.venue import Venue

_log: Final = structlog.get_logger()


class Restored(Struct, frozen=True):
    """A venue and projections, and the place that they have reached: in the journal, and (in bytes) in each team's
    event log.
    """

    venue: Venue
    projections: Projections
    after: JournalEnd
    event_log_bytes: dict[TeamId, int]


def restore_newest(
    directory: DataDirectory,
    scenario: Scenario,
    projections_of: ProjectionsOf = no_projections,
    limits: VenueLimits = DEFAULT_LIMITS,
) -> Restored:
    """Venue and projections from the newest usable snapshot, or new ones. Unusable snapshots are passed over with a
    warning.
    """
    for path in list_snapshots(directory.snapshots):
        try:
            return restore(path, directory, scenario, projections_of, limits)
        except (SnapshotUnusable, OSError) as reason:
            _log.warning("snapshot passed over", snapshot=path.name, reason=str(reason))
    new_venue = Venue(scenario.rulebook, scenario.instruments, limits=limits)
    return Restored(new_venue, Projections(projections_of(scenario)), START, {})


def restore(
    path: Path,
    directory: DataDirectory,
    scenario: Scenario,
    projections_of: ProjectionsOf = no_projections,
    limits: VenueLimits = DEFAULT_LIMITS,
) -> Restored:
    """Venue and projections from the snapshot at `path`.

    It is usable if it is undamaged, of this scenario, rulebook and shape, and holds each projection in its shape. The
    journal must continue where it ends, and every team's event log must have all bytes that it had then. Raises
    `SnapshotUnusable`, `OSError`.
    """
    header, state, captured = read_snapshot(path)
    if (header.shape, header.rulebook_version) != (SHAPE, RULEBOOK_VERSION):
        raise SnapshotUnusable("another version of openoutcry wrote it")
    if header.scenario_hash != scenario.hash:
        raise SnapshotUnusable("it is of another scenario")
    after = JournalEnd(
        segment_number=header.segment_number,
        last_path=segment_path(directory.journal, header.segment_number),
        last_sequence=header.sequence,
        last_time=header.time,
        epoch=header.epoch,
        clean=False,
    )
    _check_journal(header, JournalReader(directory.journal, after=after))
    try:
        venue = Venue(scenario.rulebook, snapshot=decode(state), limits=limits)
    except msgspec.DecodeError as error:
        raise SnapshotUnusable(f"its state cannot be read ({error})") from error
    if contradicts(header.live_hash, venue.live_hash()):
        raise SnapshotUnusable("its state does not have the hash that its header names")
    if len(header.event_log_bytes) != len(venue.queries.teams()):
        raise SnapshotUnusable("it does not name the event log of every team")
    event_log_bytes = {TeamId(number): size for number, size in enumerate(header.event_log_bytes, start=1)}
    for team_id, size in event_log_bytes.items():
        log, last_seq = log_path(directory.events, team_id), venue.queries.last_seq(team_id)
        # A replay from here on would not restore the missing events.
        if venue.queries.has_key(team_id) and not is_log_to(log, last_seq, size):
            raise SnapshotUnusable(f"the event log of {format_team_id(team_id)} has changed since")
    projections = Projections(projections_of(scenario))
    try:
        projections.restore(captured)
    except NotRestored as reason:
        raise SnapshotUnusable(str(reason)) from reason
    return Restored(venue, projections, after, event_log_bytes)


def _check_journal(header: SnapshotHeader, rest: JournalReader) -> None:
    following = rest.header
    if following is None or following.first_sequence != header.sequence + 1:
        raise SnapshotUnusable(f"the journal has no segment that goes on after sequence {header.sequence}")
    if (following.rulebook_version, following.scenario_hash) != (header.rulebook_version, header.scenario_hash):
        raise SnapshotUnusable("the journal goes on under another scenario or rulebook")
    if contradicts(following.live_hash, header.live_hash):
        raise SnapshotUnusable(f"the journal names another state after sequence {header.sequence}")
    if any(sequence <= header.sequence for sequence in rest.quarantined):
        raise SnapshotUnusable("it holds the effect of a command that was quarantined later")
