"""Causes faults while the bots trade: in processes, the disk, the network and the clock."""

import asyncio
from collections.abc import Callable, Collection, Coroutine
from typing import Final

from proofs.chaos.machine.disk import DiskTrouble
from proofs.chaos.machine.server import Server
from proofs.chaos.network.wires import Conditions, Network
from proofs.chaos.parties.bot import Bot
from proofs.chaos.world import World

PAUSE_SECONDS: Final = 1.2
"""Mean time between two faults."""

Fault = Callable[[], Coroutine[None, None, None]]


class Adversary:
    """Causes faults from a set that each seed draws for itself, unless one is given. So every combination occurs."""

    def __init__(
        self, world: World, network: Network, server: Server, bots: list[Bot], chosen: Collection[str] | None
    ) -> None:
        self._world = world
        self._network = network
        self._server = server
        self._bots = bots
        self._chance = world.chance.stream("adversary")
        self._faults: dict[str, Fault] = {
            "kill": self.kill,
            "kill in a disk operation": self.kill_in_a_disk_operation,
            "power loss": self.lose_power,
            "power loss in a disk operation": self.lose_power_in_a_disk_operation,
            "kill as segments change": self.kill_as_segments_change,
            "power loss as segments change": self.lose_power_as_segments_change,
            "clean restart": self.restart,
            "disk full": self.fill_the_disk,
            "short writes": self.shorten_writes,
            "slow disk": self.slow_the_disk,
            "failed sync": self.fail_a_sync,
            "bad network": self.spoil_the_network,
            "broken connection": self.cut_a_line,
            "silent connection": self.silence_a_line,
            "bot unreachable": self.cut_a_bot_off,
            "bot dies": self.kill_a_bot,
            "bot freezes": self.freeze_a_bot,
            "clock set": self.set_the_clock,
            "machine suspended": self.suspend,
        }
        self._chosen = sorted(chosen) if chosen is not None else self._some_of(list(self._faults))
        self.counts: dict[str, int] = {}

    async def rage(self) -> None:
        """Cause faults until this is cancelled. Other faults can begin while one lasts."""
        async with asyncio.TaskGroup() as lasting:
            while True:
                await asyncio.sleep(self._chance.expovariate(1 / PAUSE_SECONDS))
                name = self._chance.choice(self._chosen)
                self.counts[name] = self.counts.get(name, 0) + 1
                self._world.trace.note("adversary", name)
                lasting.create_task(self._faults[name]())

    def _some_of(self, names: list[str]) -> list[str]:
        return self._chance.sample(names, self._chance.randint(2, len(names)))

    # ---- the exchange's machine

    async def kill(self) -> None:
        """Kill the server between any two steps."""
        self._world.loop.interrupt_after(self._chance.randint(0, 200), self._server.kill)

    async def kill_in_a_disk_operation(self) -> None:
        self._server.die_in_a_disk_operation(self._chance.randint(0, 20), lose_power=False)

    async def lose_power(self) -> None:
        self._world.loop.interrupt_after(self._chance.randint(0, 200), self._server.lose_power)

    async def lose_power_in_a_disk_operation(self) -> None:
        self._server.die_in_a_disk_operation(self._chance.randint(0, 20), lose_power=True)

    async def kill_as_segments_change(self) -> None:
        self._server.die_changing_segments(self._chance.randint(0, 10), lose_power=False)

    async def lose_power_as_segments_change(self) -> None:
        self._server.die_changing_segments(self._chance.randint(0, 10), lose_power=True)

    async def restart(self) -> None:
        await self._server.stop()

    async def set_the_clock(self) -> None:
        """Set the clock by a few seconds, as a time server does, or by an hour, as a person does."""
        seconds = self._chance.choice((self._chance.uniform(-5, 5), 3_600, -3_600))
        self._server.clock.set_forward(seconds)

    async def suspend(self) -> None:
        self._server.clock.suspend(self._chance.choice((0.5, 4, 3_600)))

    # ---- its disk

    async def fill_the_disk(self) -> None:
        await self._trouble_for(2, lambda trouble: setattr(trouble, "is_full", True))

    async def shorten_writes(self) -> None:
        await self._trouble_for(2, lambda trouble: setattr(trouble, "short_writes", 0.3))

    async def slow_the_disk(self) -> None:
        seconds = self._chance.choice((0.05, 0.5, 4.0))
        await self._trouble_for(3, lambda trouble: setattr(trouble, "sync_seconds", seconds))

    async def fail_a_sync(self) -> None:
        """Let a sync fail. This is final for the process: the operator must restart the exchange."""
        await self._trouble_for(1, lambda trouble: setattr(trouble, "refuses_to_sync", True))

    async def _trouble_for(self, seconds: float, befall: Callable[[DiskTrouble], None]) -> None:
        befall(self._server.disk.trouble)
        await asyncio.sleep(self._chance.uniform(0, seconds))
        self._server.disk.mend()

    # ---- the network

    async def spoil_the_network(self) -> None:
        chance = self._chance
        self._network.conditions = Conditions(
            latency_seconds=chance.choice((0.001, 0.02)),
            slow=chance.choice((0.0, 0.3)),
            refused=chance.uniform(0, 0.2),
            request_lost=chance.uniform(0, 0.2),
            answer_lost=chance.uniform(0, 0.2),
            silent=chance.uniform(0, 0.1),
        )
        await asyncio.sleep(chance.uniform(0, 5))
        self._network.mend()

    async def cut_a_line(self) -> None:
        lines = list(self._chance.choice(self._bots).lines.open_lines)
        if lines:
            self._chance.choice(lines).cut()

    async def silence_a_line(self) -> None:
        lines = list(self._chance.choice(self._bots).lines.open_lines)
        if lines:
            self._chance.choice(lines).swallow()

    async def cut_a_bot_off(self) -> None:
        bot = self._chance.choice(self._bots)
        self._world.loop.call_later(self._chance.uniform(0, 6), bot.reconnect_machine)
        bot.cut_machine_off()

    async def kill_a_bot(self) -> None:
        bot = self._chance.choice(self._bots)
        bot.die()
        self._world.loop.call_later(self._chance.uniform(2, 4), bot.start)

    async def freeze_a_bot(self) -> None:
        """Freeze a bot. The operator starts another process in its place, and the frozen one stays."""
        bot = self._chance.choice(self._bots)
        bot.freeze()
        self._world.loop.call_later(self._chance.uniform(2, 10), bot.start)
