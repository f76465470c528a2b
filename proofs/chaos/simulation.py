"""One simulation, from its seed to its report: a market opens, everything goes wrong, then all must come to rest."""

import asyncio
import gc
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TextIO

from openoutcry.protocol.timestamps import format_timestamp
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.exchange import Durability
from openoutcry.scenarios.loader import load_scenario
from openoutcry.scenarios.model import Scenario
from proofs.chaos.auditor.auditor import Auditor
from proofs.chaos.auditor.examiner import Examiner
from proofs.chaos.auditor.findings import Findings
from proofs.chaos.chance import Chance
from proofs.chaos.machine.disk import SimulatedDisk
from proofs.chaos.machine.logs import logs_watched
from proofs.chaos.machine.loop import NothingLeftToHappen, VirtualLoop
from proofs.chaos.machine.prices import moving_prices
from proofs.chaos.machine.process import ProcessKilled, owned_tasks
from proofs.chaos.machine.server import Server
from proofs.chaos.machine.slices import short_slices
from proofs.chaos.network.wires import SILENCE_UNNOTICED_SECONDS, Network
from proofs.chaos.parties.adversary import Adversary
from proofs.chaos.parties.bot import Bot
from proofs.chaos.parties.conductor import Conductor
from proofs.chaos.parties.organiser import Organiser
from proofs.chaos.parties.watcher import Watcher
from proofs.chaos.parties.workload import Workload
from proofs.chaos.reckoning import Reckoning
from proofs.chaos.report import RunReport
from proofs.chaos.trace import Trace
from proofs.chaos.world import World

CALM_SECONDS: Final = 2.0
"""Before things go wrong: teams register."""
RAGE_SECONDS: Final = 25.0
REST_SECONDS: Final = 120.0
"""Within which everything must have come to rest once nothing goes wrong any more."""
QUIET_SECONDS: Final = 30.0
"""More than a client needs to notice that its connection has fallen silent, and to come back."""
RESTART_SECONDS: Final = 1.5
"""Longest pause in seconds before the operator restarts an exchange that has ended."""
LOOK_SECONDS: Final = 0.1

MEMORY_DISK: Final = Path("/dev/shm")  # noqa: S108 - where there is one: the simulated disk is written to all the time

DURABILITIES: Final[tuple[Durability, ...]] = ("os", "disk")

TEAMS: Final = ("market_maker", "market_maker", "hedge_fund", "retail", "retail")
TEAMS_OF_A_DAY: Final = ("market_maker", "market_maker", "hedge_fund", "arbitrage_desk", "retail")
DAY_CHANCE: Final = 0.5
"""The chance that a seed runs days instead of a market that is always open."""


def simulate(
    seed: int,
    sink: TextIO | None = None,
    *,
    durability: Durability | None = None,
    faults: Collection[str] | None = None,
    has_day: bool | None = None,
) -> RunReport:
    """Run the seed. `sink` gets the trace, line by line.

    The seed chooses durability, kinds of faults, and whether there is a trading day, unless they are given. If given,
    the same seed runs differently.
    """
    chance, findings = Chance(seed), Findings()
    report = RunReport(seed)
    place = MEMORY_DISK if MEMORY_DISK.is_dir() else None
    with (
        _orderly_memory(),
        logs_watched(lambda text: findings.add("nothing fails without a reason", text)),
        short_slices(),
        TemporaryDirectory(prefix="openoutcry-chaos-", dir=place) as folder,
        asyncio.Runner(loop_factory=VirtualLoop) as runner,
    ):
        loop = runner.get_loop()
        assert isinstance(loop, VirtualLoop)  # noqa: S101 - the factory's
        world = World(loop, chance, Trace(loop.time, sink))
        drawn = chance.stream("scenario").random() < DAY_CHANCE
        name = "day.toml" if (drawn if has_day is None else has_day) else "scenario.toml"
        scenario = load_scenario(Path(__file__).with_name(name))
        simulation = _Simulation(world, scenario, Path(folder), findings, report, durability, faults)
        loop.set_task_factory(owned_tasks)
        loop.set_exception_handler(simulation.on_exception)
        try:
            runner.run(simulation.run())
        except NothingLeftToHappen as stalled:
            findings.add("everything comes to rest", str(stalled))
        report.trace_hash, report.steps, report.virtual_seconds = world.trace.hash, loop.steps, loop.time()
        report.compared, report.findings = findings.compared, findings.texts
    return report


class _Simulation:
    def __init__(
        self,
        world: World,
        scenario: Scenario,
        folder: Path,
        findings: Findings,
        report: RunReport,
        durability: Durability | None,
        faults: Collection[str] | None,
    ) -> None:
        self._world = world
        self._findings = findings
        self._report = report
        self._chance = world.chance.stream("simulation")
        has_day = scenario.session is not None
        drawn = self._chance.choice(DURABILITIES)
        chosen = drawn if durability is None else durability
        report.durability, report.has_day = chosen, has_day
        self._network = Network(world)
        disk = SimulatedDisk(world.chance.stream("disk"), world.loop.time)
        prices_at = moving_prices(scenario, world.chance.stream)
        self._server = Server(world, scenario, DataDirectory(folder), disk, chosen, prices_at)
        self._auditor = Auditor(findings, world.trace, world.loop.time)
        self._bots: list[Bot] = []
        for number, role in enumerate(TEAMS_OF_A_DAY if has_day else TEAMS, start=1):
            name = f"bot{number}"
            workload = Workload(scenario.instruments, world.chance.stream(name))
            self._bots.append(Bot(world, name, role, workload, self._network, self._server, self._auditor))
        self._watchers = [Watcher(world, bot, world.chance.stream(f"{bot.name}'s watcher")) for bot in self._bots[1:4]]
        organise = Conductor if has_day else Organiser
        self._organiser = organise(world, world.chance.stream("organiser"), self._network, self._server, self._auditor)
        self._adversary = Adversary(world, self._network, self._server, self._bots, faults)

    async def run(self) -> None:
        try:
            await self._play()
        finally:
            self._end_clients()
            self._server.kill()
            await asyncio.sleep(LOOK_SECONDS)

    def on_exception(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if not isinstance(error, ProcessKilled):
            self._findings.add("nothing fails without a reason", f"{context['message']}: {error!r}")

    async def _play(self) -> None:
        for bot in self._bots:
            bot.start()
        for watcher in self._watchers:
            watcher.start()
        self._organiser.start()
        keeping = asyncio.create_task(self._keep_running())
        await asyncio.sleep(CALM_SECONDS)
        raging = asyncio.create_task(self._adversary.rage())
        await asyncio.sleep(RAGE_SECONDS)
        raging.cancel()
        self._mend()
        if await self._all_is_quiet() and not keeping.done():
            await self._audit()
        keeping.cancel()
        for outcome in await asyncio.gather(keeping, raging, return_exceptions=True):
            if isinstance(outcome, Exception):
                self._findings.add("the exchange starts again", repr(outcome))
        self._report.faults = self._adversary.counts
        self._report.lives = len(self._server.lives)
        self._report.found_provisional = dict(self._server.found_provisional)
        self._report.answers = len(self._auditor.answers)
        self._report.events = len(self._auditor.events)

    def _end_clients(self) -> None:
        for bot in self._bots:
            bot.die()
        for watcher in self._watchers:
            watcher.die()
        self._organiser.die()

    async def _keep_running(self) -> None:
        """The operator: starts the exchange whenever it has ended, and ends it after its disk has failed."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if not self._server.is_running:
                await asyncio.sleep(self._chance.uniform(0, RESTART_SECONDS))
                self._server.start()
            elif self._server.exchange is not None and self._server.exchange.journal.failure is not None:
                await self._server.stop()

    def _mend(self) -> None:
        self._network.mend()
        self._server.disk.mend()
        self._server.spare()
        self._organiser.is_intervening = False
        for bot in self._bots:
            bot.is_trading = False
            bot.reconnect_machine()

    async def _all_is_quiet(self) -> bool:
        """Whether every bot has settled its orders and its stream has nothing more to tell."""
        end = self._world.loop.time() + REST_SECONDS
        while self._world.loop.time() < end:
            await asyncio.sleep(LOOK_SECONDS)
            if self._organiser.is_done and all(bot.is_done for bot in self._bots) and self._server.listens:
                await asyncio.sleep(QUIET_SECONDS)
                return True
        waiting = [bot.name for bot in self._bots if not bot.is_done]
        self._findings.add("everything comes to rest", f"{waiting} still wait after {REST_SECONDS:g} s without a fault")
        return False

    async def _audit(self) -> None:
        """Once no message is in transit, all bots leave; once their timers have struck, the last queries are made."""
        exchange = self._server.exchange
        assert exchange is not None, "it listens"  # noqa: S101
        quiet_at = format_timestamp(exchange.sequencer.time)
        self._end_clients()
        await asyncio.sleep(SILENCE_UNNOTICED_SECONDS + QUIET_SECONDS)
        examiner = Examiner(self._world, self._network, self._server, self._auditor)
        await Reckoning(self._server, self._auditor, examiner).hold(self._bots, quiet_at)
        if self._server.exchange is not None:
            self._report.commands = self._server.exchange.sequencer.last_sequence


@contextmanager
def _orderly_memory() -> Iterator[None]:
    """No collection of garbage in between: when it comes depends on what ran before in this process."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        with suppress(ProcessKilled):
            gc.collect()
