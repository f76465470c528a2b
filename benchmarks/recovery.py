"""`python -m benchmarks.recovery`: how soon a server is back on a long session, with a snapshot and without."""

import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks.long_session import SCENARIO, make_session
from benchmarks.machine import commit, machine
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.types import TimestampUs
from openoutcry.journal.event_log import EventLogs
from openoutcry.journal.reader import JournalReader
from openoutcry.journal.records import JournalRecord
from openoutcry.protocol.translation import Translator
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.publisher import Publisher
from openoutcry.runtime.recovery import collection_paused, replay
from openoutcry.runtime.snapshot_builder import build_next
from openoutcry.scenarios.model import Scenario
from openoutcry.venue.venue import Venue

RESULTS: Final = Path(__file__).resolve().parent / "results"

SAMPLE: Final = 200_000
"""Commands over which the parts of a replay are told apart."""

TARGET_SECONDS: Final = 3.0
TARGET_PER_SECOND: Final = 200_000

console = Console()


def run(
    commands: Annotated[int, typer.Option(min=1_000, help="How long the session is.")] = 1_000_000,
    rounds: Annotated[int, typer.Option(min=1, help="Starts of each kind; the quickest counts.")] = 3,
    directory: Annotated[
        Path | None, typer.Option(help="A data directory to use in place of a new one; it is left with snapshots.")
    ] = None,
) -> None:
    """Time from the command line to `listening on`, on a directory that holds `commands` commands."""
    with tempfile.TemporaryDirectory() as temporary:
        used = DataDirectory(directory if directory is not None else Path(temporary) / "session")
        if directory is None:
            with Progress(console=console) as progress:
                task = progress.add_task(f"trading {commands:,} commands", total=commands)
                make_session(used.path, commands, lambda count: progress.advance(task, count))
        figures = _measure(used, Path(temporary), rounds)
    console.print(_table(figures))
    console.print(f"Machine: {machine()}")
    taken_at = datetime.now(UTC)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"recovery-{taken_at:%Y%m%dT%H%M%SZ}.json"
    head = {"taken_at": taken_at.isoformat(timespec="seconds"), "machine": machine(), "commit": commit()}
    path.write_text(json.dumps(head | figures, indent=2) + "\n")
    console.print(f"Kept in {path}", soft_wrap=True)


def _measure(directory: DataDirectory, temporary: Path, rounds: int) -> dict[str, float]:
    scenario = directory.kept_scenario()
    figures: dict[str, float] = {}
    console.print("making the first snapshot, of the whole session")
    for old in directory.snapshots.glob("*.snapshot"):
        old.unlink()
    built = build_next(directory)
    if built is not None:
        figures["first_snapshot_seconds"] = built.seconds
        figures["snapshot_bytes"] = built.state_bytes
    console.print("starting servers")
    away = directory.path / "snapshots.away"
    bare, with_snapshot, without = [], [], []
    for _ in range(rounds):  # in turns: what else the machine does, it does to all
        bare.append(_seconds_to_listen(temporary / "empty"))
        with_snapshot.append(_seconds_to_listen(directory.path))
        directory.snapshots.rename(away)
        without.append(_seconds_to_listen(directory.path))
        for left_over in directory.snapshots.glob("*"):
            left_over.unlink()
        directory.snapshots.rmdir()
        away.rename(directory.snapshots)
    figures |= {"bare_seconds": min(bare), "with_snapshot_seconds": min(with_snapshot), "without_seconds": min(without)}
    console.print("telling the parts of a replay apart")
    return figures | _parts(directory, scenario, rounds)


def _seconds_to_listen(directory: Path) -> float:
    """From the command line until the server takes requests; then it is ended."""
    command = [sys.executable, "-m", "openoutcry", "serve", "--scenario", SCENARIO, "--port", "0"]
    started = time.perf_counter()
    with subprocess.Popen(
        [*command, "--data", str(directory)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        seconds = time.perf_counter() - started
        process.send_signal(signal.SIGTERM)
    assert line.startswith("listening on"), f"the server said {line!r}"
    return seconds


def _parts(directory: DataDirectory, scenario: Scenario, rounds: int) -> dict[str, float]:
    """Processor time of a replay and of its parts, in seconds per command, the best of several turns."""
    records: list[JournalRecord] = []
    for record in JournalReader(directory.journal):
        records.append(record)
        if len(records) == SAMPLE:
            break
    sample = len(records)

    def read() -> None:
        for number, _ in enumerate(JournalReader(directory.journal), start=1):
            if number == sample:
                return

    def judge_and_execute() -> None:
        venue = Venue(scenario.rulebook, scenario.instruments)
        for record in records:
            if type(venue.validate(record.command)) is Accepted:
                venue.execute(record.sequence, record.time, record.command)

    def all_of_it() -> None:
        venue = Venue(scenario.rulebook, scenario.instruments)
        instrument_ids = [instrument.instrument_id for instrument in scenario.instruments]
        logs = EventLogs(directory.events)
        translator = Translator(scenario.instruments)
        publisher = Publisher(translator, instrument_ids, logs, scenario.rulebook.opening_phase, _no_time)
        for _ in replay(JournalReader(directory.journal), venue, publisher.catch_up, step=sample):
            return

    parts: dict[str, Callable[[], None]] = {"read": read, "venue": judge_and_execute, "replay": all_of_it}
    best = dict.fromkeys(parts, float("inf"))
    with collection_paused():
        for _ in range(2 * rounds):
            for name, part in parts.items():
                started = time.process_time()
                part()
                best[name] = min(best[name], time.process_time() - started)
        venue = Venue(scenario.rulebook, scenario.instruments)
        for _ in replay(JournalReader(directory.journal), venue):
            pass
        started = time.process_time()
        venue.live_hash()
        live_hash_seconds = time.process_time() - started
        started = time.process_time()
        venue.state_hash()
        state_hash_seconds = time.process_time() - started
    commands = JournalReader(directory.journal)
    total = sum(1 for _ in commands)
    return {
        "commands": total,
        "read_us": best["read"] / sample * 1e6,
        "venue_us": best["venue"] / sample * 1e6,
        "replay_us": best["replay"] / sample * 1e6,
        "live_hash_seconds": live_hash_seconds,
        "state_hash_seconds": state_hash_seconds,
    }


def _no_time() -> TimestampUs:
    return TimestampUs(0)


def _table(figures: dict[str, float]) -> Table:
    commands = figures["commands"]
    own_us = figures["replay_us"] - figures["venue_us"]
    replaying = figures["without_seconds"] - figures["bare_seconds"]
    table = Table("recovery", f"{commands:,.0f} commands", "target", box=None, padding=(0, 2))
    table.columns[1].justify = "right"
    for row in (
        ("start on an empty directory", f"{figures['bare_seconds']:.2f} s", ""),
        ("start with a snapshot", f"{figures['with_snapshot_seconds']:.2f} s", f"< {TARGET_SECONDS:g} s"),
        ("start without", f"{figures['without_seconds']:.2f} s", ""),
        ("  of which replaying", f"{commands / replaying:,.0f} commands/s", f"≥ {TARGET_PER_SECOND:,}"),
        ("replay, processor time", f"{figures['replay_us']:.2f} µs a command", ""),
        ("  judging and executing", f"{figures['venue_us']:.2f} µs", ""),
        ("  all around it", f"{own_us:.2f} µs", ""),
        ("    of which reading", f"{figures['read_us']:.2f} µs", ""),
        ("first snapshot, made at once", f"{figures.get('first_snapshot_seconds', 0):.2f} s", ""),
        ("its size", f"{figures.get('snapshot_bytes', 0) / 1e6:,.0f} MB", ""),
        ("live hash, at a seal", f"{figures['live_hash_seconds'] * 1e3:.2f} ms", ""),
        ("state hash, at the end", f"{figures['state_hash_seconds']:.2f} s", ""),
    ):
        table.add_row(*row)
    return table


if __name__ == "__main__":
    typer.run(run)
