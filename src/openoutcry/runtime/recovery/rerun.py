"""Replays the journal of a data directory and counts the outcome. Nothing on disk changes."""

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from openoutcry.domain.events import Event
from openoutcry.domain.sequenced import Sequenced
from openoutcry.journal.reader import JournalReader
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.projections import Captured, Projections, ProjectionsOf, no_projections
from openoutcry.runtime.recovery.counts import Counts
from openoutcry.runtime.recovery.replay import Progress, check_kept_scenario, collection_paused, replay
from openoutcry.scenarios.model import Scenario
from openoutcry.venue.reading.queries import Queries
from openoutcry.venue.venue import Venue


class RerunReport(Struct, kw_only=True):
    """The content of a journal and its outcome."""

    scenario_name: str
    commands: int = 0
    executed: int = 0
    """Commands that were accepted and executed."""
    events: int = 0
    trades: int = 0
    last_sequence: int = 0
    epoch: int = 1
    torn_bytes: int = 0
    """Bytes of an incomplete record at the very end: cut short by a crash, or still being written by a running
    server."""
    stranded_bytes: int = 0
    """Bytes of a segment that does not count, because power was lost before the previous one was on the disk."""
    quarantined: list[int] = []
    """Commands that were passed over because the venue fails on them."""
    state_hash: str = ""
    projections: tuple[Captured, ...] = ()
    """The captured projections of the scenario."""


def rerun(
    directory: Path,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
    projections_of: ProjectionsOf = no_projections,
) -> RerunReport:
    """Replay the journal in the data directory `directory`, under its stored scenario.

    Raises `NoExchangeHere`, `OtherScenario`, `EditedScenario`, `JournalCorrupt`, `JournalFormat`, `ReplayFailed` and
    `OSError`.
    """
    scenario, reader = _opened(directory)
    venue = Venue(scenario.rulebook, scenario.instruments)
    counts = Counts()
    projections = Projections(projections_of(scenario))
    report = RerunReport(scenario_name=scenario.name)
    with collection_paused():
        for progress in replay(reader, venue, [counts.apply, projections.apply]):
            report.commands = progress.commands
            on_progress(progress)
    report.executed, report.events, report.trades = counts.executed, counts.events, counts.trades
    report.last_sequence = reader.end.last_sequence
    report.epoch = reader.end.epoch
    report.quarantined = sorted(reader.quarantined)
    report.torn_bytes = reader.end.torn_tail.size if reader.end.torn_tail else 0
    report.stranded_bytes = reader.end.stranded.size if reader.end.stranded else 0
    report.state_hash = venue.state_hash()
    report.projections = projections.capture(reader.end.last_sequence)
    return report


class Moment(Struct, frozen=True):
    """A command of a journal, what it did, and the venue just after it."""

    sequenced: Sequenced
    events: list[Event]
    queries: Queries


class NoSuchMoment(Exception):  # noqa: N818 - what is asked for, named
    """The journal has no command with this sequence number; the text says which it has."""


def rerun_until(
    directory: Path, sequence: int, on_progress: Callable[[Progress], None] = lambda _progress: None
) -> Moment:
    """Replay the journal in the data directory `directory` as far as the command `sequence`.

    Raises `NoSuchMoment`, and as `rerun`.
    """
    scenario, reader = _opened(directory)
    venue = Venue(scenario.rulebook, scenario.instruments)
    last: tuple[Sequenced, list[Event]] | None = None

    def follow(sequenced: Sequenced, events: list[Event]) -> None:
        nonlocal last
        last = sequenced, events

    with collection_paused():
        for progress in replay(reader, venue, [follow], until=sequence):
            on_progress(progress)
    if last is None or last[0].sequence != sequence:
        where = "is empty" if last is None else f"has {last[0].sequence} last before it"
        raise NoSuchMoment(f"there is no command {sequence} in the journal, which {where}")
    return Moment(*last, venue.queries)


def _opened(directory: Path) -> tuple[Scenario, JournalReader]:
    data_directory = DataDirectory(directory)
    scenario = data_directory.kept_scenario()
    reader = JournalReader(data_directory.journal)
    check_kept_scenario(reader, data_directory, scenario)
    return scenario, reader
