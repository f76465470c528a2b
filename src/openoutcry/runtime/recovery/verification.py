"""Checks a whole data directory. Nothing is changed; a server may run on it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct

from openoutcry.domain.identifiers import format_team_id
from openoutcry.domain.rulebook import RULEBOOK_VERSION
from openoutcry.journal.boot import is_same_boot, this_boot
from openoutcry.journal.reader import JournalReader, Segment
from openoutcry.journal.segment import JournalCorrupt
from openoutcry.protocol.translation import Translator
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.projections import Projections, ProjectionsOf, no_projections
from openoutcry.runtime.recovery.completeness import last_told, missing_end, trace_in_event_logs
from openoutcry.runtime.recovery.event_audit import EventAudit
from openoutcry.runtime.recovery.replay import Progress, ReplayFailed, check_kept_scenario, collection_paused, replay
from openoutcry.runtime.recovery.snapshots.files import (
    OtherFormat,
    SnapshotHeader,
    SnapshotUnusable,
    block_of,
    list_snapshots,
    read_snapshot,
)
from openoutcry.runtime.recovery.snapshots.finding import restore
from openoutcry.scenarios.model import Scenario
from openoutcry.venue.snapshots.snapshot import SHAPE
from openoutcry.venue.venue import Venue

Kind = Literal["sound", "note", "damage"]
"""In order; to be repaired by the next start; damaged."""


class Finding(Struct, frozen=True):
    kind: Kind
    subject: str
    """A file, by its name, or all files of a kind."""
    text: str


class Verification(Struct, frozen=True):
    findings: list[Finding]
    sequence: int
    """The last command that could be followed."""
    state_hash: str
    """After it."""

    @property
    def is_sound(self) -> bool:
        return all(finding.kind != "damage" for finding in self.findings)


def verify(
    path: Path,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
    projections_of: ProjectionsOf = no_projections,
) -> Verification:
    """Check segments, snapshots and event logs, and replay the whole journal.

    Snapshots must hold the states that a replay gives of `projections_of` the scenario. Raises `NoExchangeHere`,
    `OtherScenario`, `EditedScenario`, `JournalFormat` and `OSError` if the directory cannot be checked at all.
    """
    directory = DataDirectory(path)
    scenario = directory.kept_scenario()
    told = last_told(directory)  # before the journal: a running server writes that first
    reader = JournalReader(directory.journal)
    check_kept_scenario(reader, directory, scenario)
    venue = Venue(scenario.rulebook, scenario.instruments)
    audit = EventAudit(directory.events, Translator(venue.queries.instrument), venue.queries.has_key)
    projections = Projections(projections_of(scenario))
    snapshots = _SnapshotAudit(directory, scenario, projections_of, venue, projections)
    segments: list[Segment] = []

    def next_segment(segment: Segment) -> None:
        segments.append(segment)
        snapshots.check(segment.number - 1)

    failure: str | None = None
    with collection_paused():
        try:
            follow = [audit.apply, projections.apply]
            for progress in replay(reader, venue, follow, on_segment=next_segment, checks_sums=True):
                on_progress(progress)
            snapshots.check(reader.end.segment_number)
        except (JournalCorrupt, ReplayFailed) as error:
            failure = str(error)
        missing = None
        if failure is None:
            same_boot = is_same_boot(reader.boot_id, this_boot())
            trace = trace_in_event_logs(told, reader.end, is_same_boot=same_boot)
            missing = None if trace is None else missing_end(directory, reader.end, trace)
        findings = [
            *_of_segments(segments, reader, failure or missing),
            *snapshots.findings(failure),
            *_of_logs(audit, failure or missing),
        ]
        return Verification(findings, venue_sequence(reader, segments), venue.state_hash())


def venue_sequence(reader: JournalReader, segments: list[Segment]) -> int:
    """The last command that the venue has seen."""
    return max([reader.end.last_sequence, *(segment.reached for segment in segments)])


def _of_segments(segments: list[Segment], reader: JournalReader, failure: str | None) -> Iterator[Finding]:
    for segment in segments:
        assert segment.header is not None  # noqa: S101 - one without is no segment to the reader
        first, last = segment.header.first_sequence, segment.reached
        commands = f"commands {first} to {last}" if last >= first else f"no command, after {first - 1}"
        extra = "".join(f", passes over {sequence}" for sequence in segment.header.quarantined)
        yield Finding(
            "sound", segment.path.name, f"{segment.size:,} bytes, {commands}, epoch {segment.header.epoch}{extra}"
        )
    if failure is not None:
        yield Finding("damage", "journal", failure)
        return
    stranded = reader.end.stranded
    if stranded is not None:
        yield Finding(
            "note",
            stranded.path.name,
            "power was lost before the segment before it was on the disk, so nothing in it ever counted;"
            " the next start keeps it as a copy (*.torn) and goes on without it",
        )
    torn = reader.end.torn_tail
    if torn is not None:
        yield Finding(
            "note",
            torn.path.name,
            f"the last {torn.size} bytes, from byte {torn.offset}, belong to a record that was cut short;"
            " the next start keeps a copy (*.torn) and cuts them off",
        )
    elif not reader.end.clean:
        yield Finding("note", "journal", "its server was not closed, or is still running; a start raises the epoch")


def _of_logs(audit: EventAudit, failure: str | None) -> Iterator[Finding]:
    for team_id, seq in sorted(audit.damaged.items()):
        yield Finding(
            "damage",
            f"{format_team_id(team_id)}.jsonl",
            f"event {seq} is not what the journal leads to; stop the server, move the folder of event logs (events) out"
            " of the data directory and start again, which makes them anew",
        )
    for team_id, count in sorted(audit.missing().items()):
        yield Finding(
            "note", f"{format_team_id(team_id)}.jsonl", f"events that are missing: {count}; the next start adds them"
        )
    if failure is None:
        for name, count in sorted(audit.surplus().items()):
            yield Finding(
                "note", name, f"lines that the journal does not lead to: {count}; the next start cuts them off"
            )
    yield Finding("sound", "event logs", f"events that agree with the journal: {audit.events:,}")


class _SnapshotAudit:
    """Compares each snapshot with the state and the projections of a replay at its place."""

    def __init__(
        self,
        directory: DataDirectory,
        scenario: Scenario,
        projections_of: ProjectionsOf,
        venue: Venue,
        projections: Projections,
    ) -> None:
        self._directory = directory
        self._scenario = scenario
        self._projections_of = projections_of
        self._venue = venue
        self._projections = projections
        self._findings: list[Finding] = []
        self._to_come: dict[Path, SnapshotHeader] = {}
        for path in list_snapshots(directory.snapshots):
            try:
                header, _, _ = read_snapshot(path)
            except FileNotFoundError:
                continue  # a running server has made another
            except OtherFormat as error:
                self._note(path, "note", f"{error}; a start passes it over")
            except SnapshotUnusable as error:
                self._note(path, "damage", f"{error}; it can be deleted: a start needs no snapshot")
            else:
                if (header.shape, header.rulebook_version) == (SHAPE, RULEBOOK_VERSION):
                    self._to_come[path] = header
                else:
                    self._note(path, "note", "another version of openoutcry wrote it; a start passes it over")

    def check(self, segment_number: int) -> None:
        """The venue stands after the last command of this segment."""
        for path, header in list(self._to_come.items()):
            if header.segment_number == segment_number:
                del self._to_come[path]
                other = self._other_than(header)
                if other is None:
                    self._note(
                        path, "sound", f"{header.state_bytes:,} bytes, the state after command {header.sequence}"
                    )
                else:
                    self._note(
                        path,
                        "damage",
                        f"the journal leads to another {other} at command {header.sequence};"
                        " delete it, and report this with the journal",
                    )

    def _other_than(self, header: SnapshotHeader) -> str | None:
        """The parts that differ from the replay. Projections in another shape are not compared.

        Nor is one that both have dropped: which snapshot it first could not be captured for is not known any more.
        """
        if header.state_hash != self._venue.state_hash():
            return "state"
        kept = {(block.name, block.shape): block for block in header.projections}
        for block in map(block_of, self._projections.capture(header.sequence)):
            found = kept.get((block.name, block.shape), block)
            both_dropped = found.failed_at is not None and block.failed_at is not None
            if found != block and not both_dropped:
                return f"state of the projection {block.name!r}"
        return None

    def findings(self, failure: str | None) -> list[Finding]:
        for path, header in self._to_come.items():
            if failure is None:
                self._note(
                    path,
                    "damage",
                    f"the journal has no segment {header.segment_number}, at whose end it was made: segments are"
                    " missing; or it is another exchange's, and can be deleted",
                )
            else:
                problem = f"not compared: the journal could not be followed to command {header.sequence}"
                self._note(path, "note", f"{problem}; {self._use(path)}")
        return self._findings

    def _use(self, path: Path) -> str:
        """What a start would do with this snapshot."""
        try:
            restore(path, self._directory, self._scenario, self._projections_of)
        except (SnapshotUnusable, OSError) as reason:
            return f"a start passes it over ({reason})"
        return "a start can begin with it and does not read the journal before it: do not cut the journal there"

    def _note(self, path: Path, kind: Kind, text: str) -> None:
        self._findings.append(Finding(kind, path.name, text))
