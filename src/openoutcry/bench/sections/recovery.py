"""Replay of a journal, and the start of a server after a long session, with and without a snapshot."""

import shutil
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from msgspec import Struct

from openoutcry.bench import targets
from openoutcry.bench.engines.long_session import SCENARIO, make_session
from openoutcry.bench.measures import spread
from openoutcry.bench.report import NOTHING, Claim, Section, rate
from openoutcry.bench.servers import serve_exchange
from openoutcry.bench.stage import Stage
from openoutcry.bootstrap.projections import projections_of
from openoutcry.journal.reader import JournalReader
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.replay import replay
from openoutcry.runtime.recovery.snapshots.builder import build_next
from openoutcry.venue.venue import Venue


class _Start(Struct, frozen=True):
    """Of a server, from the command line until it listens; its processor time is None where the system tells none."""

    seconds: float
    processor_seconds: float | None


def recovery(stage: Stage) -> Section:
    section = Section(
        f"Replay and recovery, a session of {stage.effort.session_commands:,} commands", ("what", "figure", "spread")
    )
    with tempfile.TemporaryDirectory() as temporary:
        directory = DataDirectory(Path(temporary) / "session")
        make_session(directory.path, stage.effort.session_commands)
        commands = _add_replay(section, stage, directory)
        _add_starts(section, stage, directory, commands, Path(temporary))
    section.notes.append("Starts last from the command line until the server takes requests.")
    return section


def _add_replay(section: Section, stage: Stage, directory: DataDirectory) -> int:
    """Read, judge and execute the journal and compare every verdict. Gives the processor time and the commands."""
    scenario = directory.kept_scenario()
    rates = []
    commands = 0
    for _ in range(stage.effort.few_rounds):
        venue = Venue(scenario.rulebook, scenario.instruments)
        started = process_time()
        for progress in replay(JournalReader(directory.journal), venue):
            commands = progress.commands
        rates.append(commands / (process_time() - started))
    figure = spread(rates)
    beside = f"{rate(figure.low)} to {rate(figure.high)}"
    section.rows.append(("replay, commands a second of CPU", rate(figure.median), beside))
    section.figures["replay_per_second"] = rates
    section.claims.append(Claim(targets.REPLAY, figure))
    return commands


def _add_starts(section: Section, stage: Stage, directory: DataDirectory, commands: int, temporary: Path) -> None:
    started = perf_counter()
    built = build_next(directory, projections_of)
    snapshot_seconds = perf_counter() - started
    starts: dict[str, list[_Start]] = {"on an empty directory": [], "with a snapshot": [], "without": []}
    for number in range(stage.effort.few_rounds):
        starts["on an empty directory"].append(_start(stage, temporary / f"empty-{number}"))
        # A running server makes snapshots, so each start is on a copy.
        without = temporary / f"without-{number}"
        shutil.copytree(directory.path, without, ignore=shutil.ignore_patterns(directory.snapshots.name))
        starts["without"].append(_start(stage, without))
        shutil.rmtree(without)
        starts["with a snapshot"].append(_start(stage, directory.path))
    for name, of_kind in starts.items():
        figure = spread([start.seconds for start in of_kind])
        section.rows.append((f"start {name}", f"{figure.median:.2f} s", f"{figure.low:.2f} to {figure.high:.2f} s"))
        section.figures[f"start_{name}_seconds"] = [start.seconds for start in of_kind]
        if name == "with a snapshot" and not stage.effort.is_quick:
            section.claims.append(Claim(targets.START, figure))
    replaying = _processor_seconds(starts["without"]) - _processor_seconds(starts["on an empty directory"])
    if replaying > 0:
        section.figures["replaying_at_start_per_second"] = commands / replaying
        what = "commands that a start replays a second of CPU, with streams and logs"
        section.rows.append((what, rate(commands / replaying), NOTHING))
    if built is not None:
        size = f"{built.state_bytes / 1e6:,.0f} MB"
        section.rows.append((f"a snapshot of all of it, {size}", f"{snapshot_seconds:.2f} s", NOTHING))


def _start(stage: Stage, directory: Path) -> _Start:
    started = perf_counter()
    with serve_exchange(directory, stage.cores.server, SCENARIO) as server:
        return _Start(perf_counter() - started, server.processor_seconds)


def _processor_seconds(starts: list[_Start]) -> float:
    return median(start.processor_seconds or 0.0 for start in starts)
