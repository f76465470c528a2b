"""The whole proof: many bots trade for long on a watched server, and then everything that it told is checked."""

import asyncio
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Final

from msgspec import Struct

from proofs.report import Report
from proofs.server_process import ServerFailed, ServerProcess, reserved_port
from proofs.soak.audit import Audit
from proofs.soak.crew import Crew
from proofs.soak.observer import Observer, Sample
from proofs.soak.plan import Plan, Totals
from proofs.soak.scenario import SCENARIO
from proofs.soak.verdicts import judge_steadiness

GENERATORS: Final = 2


class Soak(Struct, kw_only=True):
    """The outcome, beside the journal in the server's directory and the notes of the bots."""

    notes: Path
    state_hash: str
    totals: list[Totals]
    samples: list[Sample]


def prove_by_soaking(
    data: Path,
    *,
    seconds: float,
    teams: int,
    orders_per_second: float,
    chance: Random,
    options: Sequence[str] = (),
    advance: Callable[[], None] = lambda: None,
) -> Report:
    """Soak a server on the new directory `data`. `advance` is called once for every second."""
    report = Report(f"{teams} teams for {seconds / 60:g} minutes, {orders_per_second:g} orders/s")
    ended = report.check("the soak came to its end")
    soak: Soak | None = None
    try:
        soak = asyncio.run(carry_out(data, seconds, teams, orders_per_second, chance, options, advance))
    except* ServerFailed as failures:
        for failure in failures.exceptions:
            ended.differ(str(failure))
    ended.compared += 1
    if soak is not None:
        judge(report, data, soak)
    return report


async def carry_out(
    data: Path,
    seconds: float,
    teams: int,
    orders_per_second: float,
    chance: Random,
    options: Sequence[str] = (),
    advance: Callable[[], None] = lambda: None,
) -> Soak:
    """The soak itself. Raises `ServerFailed`."""
    notes = data.with_name("notes")
    notes.mkdir(parents=True)
    with reserved_port() as port, ServerProcess(SCENARIO, data, port, "os", *options) as server:
        server.start()
        await server.is_up()
        observer = Observer(server, seconds)
        plans = share_out(server.url, notes, seconds, teams, orders_per_second, chance)
        async with Crew(plans) as crew:
            await crew.joined()
            async with asyncio.TaskGroup() as watch:
                watching = [watch.create_task(observer.observe()), watch.create_task(_tick(advance))]
                await crew.trade()
                for task in watching:
                    task.cancel()
            totals = await crew.conclude()
        state_hash = await server.end()
    return Soak(notes=notes, state_hash=state_hash, totals=totals, samples=observer.samples)


def judge(report: Report, data: Path, soak: Soak) -> None:
    """Nothing lost, and steady."""
    audit = Audit(report, data, soak.notes)
    audit.carry_out(soak.state_hash)
    said = _sum(soak.totals)
    unheard = report.check("every bot had heard its last event when all was quiet")
    unheard.equal("teams", expected=[], found=said.unheard)
    codes = ", ".join(f"{code}: {count}" for code, count in sorted(said.closed_by_exchange.items())) or "none"
    report.facts |= {
        "orders": f"{said.orders:,} of the bots, and {said.other_requests:,} other requests;"
        f" {said.gave_up:,} of unknown outcome; {audit.commands:,} commands in the journal",
        "events": f"{said.events:,} private ones heard",
        "troubles": f"{said.cuts} lines cut, {said.deaths} bots died, {said.stalls} did not read for a while,"
        f" {said.slow_spells} read slowly, {said.sleepers} stopped reading for good",
        "connections given up by the server": f"by close code, 1006 where its reader took no more: {codes}",
    }
    judge_steadiness(report, soak.samples, soak.notes, said)


def share_out(
    url: str, notes: Path, seconds: float, teams: int, orders_per_second: float, chance: Random
) -> list[Plan]:
    """A plan for each generator."""
    generators = min(GENERATORS, teams)
    firsts = [teams * number // generators for number in range(generators + 1)]
    return [
        Plan(
            url=url,
            notes=str(notes.resolve()),
            first_team=first,
            teams=end - first,
            seconds=seconds,
            orders_per_second=orders_per_second * (end - first) / teams,
            seed=chance.getrandbits(32),
        )
        for first, end in pairwise(firsts)
    ]


async def _tick(advance: Callable[[], None]) -> None:
    while True:
        await asyncio.sleep(1)
        advance()


def _sum(totals: Sequence[Totals]) -> Totals:
    """All of them as one."""
    whole = Totals()
    for part in totals:
        for name in whole.__struct_fields__:
            mine, more = getattr(whole, name), getattr(part, name)
            if isinstance(mine, dict):
                more = {key: mine.get(key, 0) + more.get(key, 0) for key in mine | more}
                setattr(whole, name, more)
            else:
                setattr(whole, name, mine + more)
    return whole
