"""The proof: a live day that is killed again and again, then the same day undisturbed, then both compared."""

from collections.abc import Callable, Iterable
from pathlib import Path
from time import perf_counter

from openoutcry.bots.fleet import GAME_FLEET, Member
from openoutcry.lab.simulated_days import simulate_days
from openoutcry.scenarios.loader import load_scenario
from proofs.killed_day import checks
from proofs.killed_day.journal import replayed
from proofs.killed_day.play import Kill, KilledDay, play_killed_day
from proofs.report import Report


def prove_killed_day(
    scenario: str,
    folder: Path,
    *,
    seed: int,
    speed: float,
    kills: Iterable[Kill],
    fleet: Iterable[Member] = GAME_FLEET,
    say: Callable[[str], None] = lambda _: None,
) -> Report:
    """Play the day in the new directory `folder`/live and simulate it in `folder`/calm.

    Raises as `play_killed_day`.
    """
    began = perf_counter()
    day = play_killed_day(scenario, folder / "live", seed=seed, speed=speed, kills=kills, fleet=fleet, say=say)
    report = Report(f"A live day of {scenario} at speed {speed:g}, killed {day.kills} times")
    report.facts["played in"] = f"{perf_counter() - began:.0f} s"
    judge(report, day, simulated_calmly(day, folder / "calm", say), say)
    return report


def simulated_calmly(day: KilledDay, folder: Path, say: Callable[[str], None] = lambda _: None) -> Path:
    """Simulate the same session without kills and bots in the new directory `folder`."""
    say("simulating the same day undisturbed")
    simulate_days(load_scenario(day.scenario), folder, seed=day.seed, admin_key_hash=bytes(32), date=day.date)
    return folder


def judge(report: Report, day: KilledDay, calm: Path, say: Callable[[str], None] = lambda _: None) -> None:
    """Hold the day against `calm`, the data directory of the undisturbed one, and against what its bots were told."""
    say("comparing market seconds")
    checks.check_seconds(report, day.data, calm)
    say("replaying both")
    live = replayed(day.data, {notes.team_id for notes in day.notes}, checks.sequences_told(day.notes))
    checks.check_phases(report, live, replayed(calm))
    checks.check_starts(report, day, live)
    checks.check_told(report, day.notes, live)
    say("running openoutcry replay and fairness verify")
    checks.check_commands(report, day)
    report.facts |= {
        "session": day.date.isoformat(),
        "killed at": ", ".join(
            f"{life.ended.time()} ({life.phase}, {life.under_way} requests under way)" for life in day.lives[:-1]
        ),
        "market seconds a second": ", ".join(f"{life.pace:.1f}" for life in day.lives),
        "verdicts": ", ".join(f"{notes.name} {len(notes.verdicts):,}" for notes in day.notes),
        "private events heard": f"{sum(len(notes.heard) for notes in day.notes):,}",
        "journal": f"{live.commands:,} commands",
    }
