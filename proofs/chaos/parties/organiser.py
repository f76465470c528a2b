"""The organiser: halts instruments and suspends teams now and then, and at the end lets everybody trade again."""

import asyncio
from contextlib import suppress
from random import Random
from typing import Final

from openoutcry.client import TransportError
from proofs.chaos.machine.process import Process
from proofs.chaos.machine.server import ORGANISER, Server
from proofs.chaos.network.http_lane import SimulatedTransport
from proofs.chaos.network.wires import Network
from proofs.chaos.parties.observer import Observer
from proofs.chaos.world import World

PAUSE_SECONDS: Final = 5.0
PATIENCE_SECONDS: Final = 0.5


class Organiser:
    """`is_intervening` False: what it has stopped goes on, and then `is_done`."""

    def __init__(self, world: World, chance: Random, network: Network, server: Server, observer: Observer) -> None:
        self.is_intervening = True
        self.is_done = False
        self._chance = chance
        self._transport = SimulatedTransport(world, network, server, "organiser", observer)
        self._instruments = [instrument.instrument_id for instrument in server.scenario.instruments]
        self._stopped: dict[str, str] = {}
        """The paths of what was stopped, each with the path that ends it; also what goes on since."""
        self._process = Process("organiser", world.loop)

    def start(self) -> None:
        self._process.spawn(self._live())

    def die(self) -> None:
        self._process.kill()

    async def _live(self) -> None:
        while self.is_intervening:
            await asyncio.sleep(self._chance.expovariate(1 / PAUSE_SECONDS))
            await (self._stop_something() if self._chance.random() < 0.5 else self._let_something_go_on())
        # All of it: the loss of power may have taken back that something was let go on.
        waiting = list(self._stopped.values())
        while waiting:
            if await self._ask(waiting[-1]):
                waiting.pop()
            await asyncio.sleep(PATIENCE_SECONDS)
        self.is_done = True

    async def _stop_something(self) -> None:
        if self._chance.random() < 0.5:
            path = f"/admin/instruments/{self._chance.choice(self._instruments)}"
            stop, go_on = f"{path}/halt", f"{path}/resume"
        else:
            path = f"/admin/teams/TEAM_{self._chance.randint(1, 5)}"
            stop, go_on = f"{path}/suspend", f"{path}/reinstate"
        self._stopped[stop] = go_on
        await self._ask(stop)

    async def _let_something_go_on(self) -> None:
        if self._stopped:
            await self._ask(self._chance.choice(list(self._stopped.values())))

    async def _ask(self, path: str) -> bool:
        """Whether it is certain now that it is done, or that there is nothing to be done."""
        with suppress(TransportError):
            return (await self._transport.request("POST", path, ORGANISER, None)).status < 500
        return False
