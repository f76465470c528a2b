"""The whole proof: a campaign against a server, then everything that was told in it compared with the journal."""

import asyncio
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Final

from openoutcry.journal.segment import list_provisional
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.exchange import Durability
from proofs.report import Report
from proofs.server_process import ServerProcess, reserved_port
from proofs.torture import checks
from proofs.torture.campaign import SCENARIO, Campaign, new_chance
from proofs.torture.diary import Diary
from proofs.torture.losses import Losses
from proofs.torture.power import Power, watched
from proofs.torture.truth import Truth

SYNC_SECONDS: Final = 0.03
"""Seconds of a sync on a slow disk, so that power can take something."""
SMALL_SEGMENTS: Final = ("--segment-bytes", "4096")
"""So that segments are followed by others, and snapshots made of them, in the middle of it all."""
LOAD: Final = 1_500
"""Most verdicts between two kills."""


def prove_by_killing(
    data: Path,
    rounds: int,
    *,
    durability: Durability = "os",
    load: int = LOAD,
    chance: Random | None = None,
    advance: Callable[[], None] = lambda: None,
) -> Report:
    """Kill a server on the new directory `data` so many times under load: everything that it told must still hold."""
    report = Report(f"{rounds} times kill -9 under load, --durability {durability}")
    # By default as anyone would run it; with the other durability also with segments that are sealed all the time.
    options = SMALL_SEGMENTS if durability == "disk" else ()
    with reserved_port() as port, ServerProcess(SCENARIO, data, port, durability, *options) as server:
        changes_under_way = 0

        def kill() -> None:
            nonlocal changes_under_way
            server.kill()
            changes_under_way += len(list_provisional(DataDirectory(data).journal))

        campaign = Campaign(server, chance or new_chance(), load, kill)
        if carry_out(report, campaign, server, rounds, advance):
            judge(report, campaign.diaries, campaign.state_hash, Truth(data), Losses())
    report.facts["changes of segments cut short"] = str(changes_under_way)
    return report


def carry_out(
    report: Report, campaign: Campaign, server: ServerProcess, rounds: int, advance: Callable[[], None]
) -> bool:
    """Whether the campaign came to its end; where it did not, the report has a failed check."""
    began = perf_counter()
    check = report.check("the campaign came to its end")
    try:
        asyncio.run(campaign.run(rounds, advance))
    except* Exception as failures:  # noqa: BLE001 - whatever it is, it belongs into the report
        for failure in _single(failures):
            check.differ("".join(traceback.format_exception(failure)))
        check.differ(f"the server printed:\n{server.output}")
    check.equal("deaths", expected=rounds, found=campaign.deaths)
    report.facts["time"] = f"{perf_counter() - began:.1f} s"
    return check.holds


def _single(failures: BaseExceptionGroup[Exception]) -> Iterator[Exception]:
    for failure in failures.exceptions:
        if isinstance(failure, BaseExceptionGroup):
            yield from _single(failure)
        else:
            yield failure


def judge(report: Report, diaries: Sequence[Diary], state_hash: str, truth: Truth, losses: Losses) -> None:
    """Hold everything that the bots were told against the truth; `state_hash` is what the server printed at its end."""
    checks.check_orders(report, diaries, truth, losses)
    checks.check_deeds(report, diaries, truth, losses)
    checks.check_events(report, diaries, truth, losses)
    checks.check_signs(report, diaries, truth, losses)
    checks.check_protection(report, diaries, truth)
    checks.check_states(report, diaries, truth, losses)
    checks.check_end(report, diaries, truth, state_hash)
    report.facts |= {
        "orders told": f"{sum(len(diary.orders) for diary in diaries):,},"
        f" of which {sum(diary.resolved for diary in diaries):,} after a lost answer;"
        f" {sum(len(diary.never_sent) for diary in diaries):,} never sent",
        "other answers": f"{sum(len(diary.deeds) for diary in diaries):,} cancels, amends and quotes,"
        f" {sum(len(diary.states) for diary in diaries):,} views of a team's state",
        "events seen": f"{sum(diary.events for diary in diaries):,} by {len(diaries)} bots, which were cut off"
        f" {sum(diary.disconnects for diary in diaries)} times and died {sum(diary.deaths for diary in diaries)} times",
        "journal": f"{len(truth.records):,} commands in {truth.end.segment_number} segments, epoch {truth.end.epoch}",
    }


def prove_by_power_loss(
    data: Path,
    rounds: int,
    *,
    durability: Durability,
    load: int = LOAD,
    chance: Random | None = None,
    advance: Callable[[], None] = lambda: None,
) -> Report:
    """Cut a server's power several times under load. With durability "disk" nothing that was told may be lost. With
    "os" the last milliseconds may be lost, and every bot must notice it and continue.
    """
    report = Report(f"{rounds} times loss of power under load, --durability {durability}")
    chance = chance or new_chance()
    ledger = data.with_name("ledger")
    launcher = watched(ledger, SYNC_SECONDS)
    with (
        reserved_port() as port,
        ServerProcess(SCENARIO, data, port, durability, *SMALL_SEGMENTS, launcher=launcher) as server,
    ):
        power = Power(data, ledger, chance)

        def lose_power() -> None:
            server.lose_machine()
            power.lose()

        # All that a new process knows of its stream is the last seq, which after a loss may be another event's.
        campaign = Campaign(server, chance, load, lose_power, bots_die=durability == "disk")
        if carry_out(report, campaign, server, rounds, advance):
            losses = Losses(power.losses if durability == "os" else ())
            judge(report, campaign.diaries, campaign.state_hash, Truth(data), losses)
    left = "".join(f", {count} {what}" for what, count in sorted(power.left_provisional.items()))
    report.facts["changes of segments cut short"] = f"{power.changes_under_way}{left}"
    report.facts["lost with the power"] = f"{power.lost_commands} commands at the ends of the journal"
    if durability == "os":
        report.check("power was lost in a moment that cost something").equal(
            "commands lost", expected=True, found=power.lost_commands > 0
        )
    return report
