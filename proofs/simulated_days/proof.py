"""The proof: whole days of the default game, one after the other in one process."""

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from openoutcry.bench.cores import resident_bytes
from openoutcry.bootstrap.market import market_of
from openoutcry.domain.commands import AdvanceMarket, ListInstrument
from openoutcry.journal.reader import JournalReader
from openoutcry.lab.session import Progress
from openoutcry.lab.simulated_days import SimulatedDays, simulate_days
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.fairness.verification import verify_fairness
from openoutcry.scenarios.model import Scenario
from proofs.report import Report
from proofs.server_process import ROOT

DATE: Final = dt.date(2024, 3, 14)
SETTLED_DAYS: Final = 2
"""After so many days the process has what it needs."""
MOST_A_DAY: Final = 500_000
"""Bytes by which memory may grow from one day to the next, beside those of newly listed instruments."""
MOST_AN_INSTRUMENT: Final = 30_000
"""Bytes that a listed instrument may take for good: its market, and what the exchange's own teams hold in it."""
_MEGABYTE: Final = 1_000_000


class Morning(NamedTuple):
    """When a session has just started."""

    sequence: int
    memory: int
    """Of this process, in bytes; 0 where the system does not tell."""


def prove_simulated_days(scenario: Scenario, days: int, seed: int, data: Path, say: Callable[[str], None]) -> Report:
    """Simulate so many sessions on the empty directory `data`, replay them and verify them."""
    report = Report(f"{days} simulated sessions of {scenario.name}")
    say("simulating")
    mornings: list[Morning] = []

    def note(progress: Progress) -> None:
        if progress.day > len(mornings):
            mornings.append(Morning(progress.sequence, resident_bytes(os.getpid()) or 0))
            say(f"simulating {progress.date}")

    ended = simulate_days(scenario, data, seed=seed, admin_key_hash=bytes(32), date=DATE, days=days, on_progress=note)
    _check_seconds(report, data, ended)
    say("replaying without random numbers")
    hashes = report.check("state hash: a replay in a process without random numbers = the simulation's")
    hashes.equal("replay", expected=ended.state_hash, found=_replayed_alone(data))
    say("verifying fair play")
    fair = report.check("the sessions are fair: seeds, worlds and flow come out again")
    found = verify_fairness(data, market_of)
    for session in found.sessions:
        for finding in session.findings:
            what = f"{session.date}, {finding.subject}: {finding.text}"
            fair.equal(what, expected=True, found=finding.kind != "failed")
    fair.equal("the whole directory", expected=True, found=found.is_fair)
    _check_memory(report, data, mornings)
    report.facts["commands"] = f"{ended.sequence:,}"
    return report


def _check_seconds(report: Report, data: Path, ended: SimulatedDays) -> None:
    check = report.check("every market second has its tick, once and in order")
    before = 0
    for record in JournalReader(DataDirectory(data).journal):
        if isinstance(record.command, AdvanceMarket):
            second = record.command.market_time
            if second != before + 1 and second - before < 3_600:  # between two sessions there are hours
                check.differ(f"second {second} follows {before}")
            check.compared += 1
            before = second
    report.facts["sessions"] = ", ".join(ended.dates)


def _check_memory(report: Report, data: Path, mornings: list[Morning]) -> None:
    report.facts["memory"] = ", ".join(f"{each.memory / _MEGABYTE:.0f} MB" for each in mornings)
    if len(mornings) <= SETTLED_DAYS + 1 or not all(each.memory for each in mornings):
        return
    settled, last = mornings[SETTLED_DAYS], mornings[-1]
    listed = sum(
        isinstance(record.command, ListInstrument) and settled.sequence < record.sequence <= last.sequence
        for record in JournalReader(DataDirectory(data).journal)
    )
    days = len(mornings) - 1 - SETTLED_DAYS
    most = settled.memory + days * MOST_A_DAY + listed * MOST_AN_INSTRUMENT
    check = report.check(f"memory stays flat after {SETTLED_DAYS} days, but for the {listed} instruments listed since")
    check.compared += 1
    if last.memory > most:
        check.differ(
            f"{settled.memory / _MEGABYTE:.1f} MB became {last.memory / _MEGABYTE:.1f} MB, not at most"
            f" {most / _MEGABYTE:.1f} MB"
        )


def _replayed_alone(data: Path) -> str:
    command = [sys.executable, "-m", "proofs.simulated_days.replay_alone", str(data)]
    replayed = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return replayed.stdout.strip()
