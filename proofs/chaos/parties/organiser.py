"""The organiser halts instruments and suspends teams at random, and settles one; at the end all others trade again."""

import asyncio
from contextlib import suppress
from random import Random
from typing import Any, Final

import msgspec

from openoutcry.client import TransportError
from openoutcry.client.http.transport import Answer
from proofs.chaos.machine.process import Process
from proofs.chaos.machine.server import ORGANISER, Server
from proofs.chaos.network.http_lane import SimulatedTransport
from proofs.chaos.network.wires import Network
from proofs.chaos.parties.observer import Observer
from proofs.chaos.world import World

PAUSE_SECONDS: Final = 5.0
PATIENCE_SECONDS: Final = 0.5
SETTLEMENT: Final = {"instrument_id": "SPX_CALL_4400_20240115", "settlement_price": 1.03}


class Organiser:
    """When `is_intervening` is False, it lets everything trade again; then `is_done` is True."""

    pause_seconds = PAUSE_SECONDS

    def __init__(self, world: World, chance: Random, network: Network, server: Server, observer: Observer) -> None:
        self.is_intervening = True
        self.is_done = False
        self._chance = chance
        self._transport = SimulatedTransport(world, network, server, "organiser", observer)
        self._instruments: list[str] = [each.instrument_id for each in server.scenario.instruments]
        self._stopped: dict[str, str] = {}
        """The path of each halt and suspension, with the path that ends it. Ended ones stay listed."""
        self._process = Process("organiser", world.loop)

    def start(self) -> None:
        self._process.spawn(self._live())

    def die(self) -> None:
        self._process.kill()

    async def _live(self) -> None:
        while self.is_intervening:
            await asyncio.sleep(self._chance.expovariate(1 / self.pause_seconds))
            await self._intervene()
        # All of them are ended again, because a loss of power may have undone an earlier end.
        waiting = list(self._stopped.values())
        while waiting:
            if await self._ask(waiting[-1]):
                waiting.pop()
            await asyncio.sleep(PATIENCE_SECONDS)
        await self._end()
        self.is_done = True

    async def _intervene(self) -> None:
        dice = self._chance.random()
        if dice < 0.15:
            await self._ask("/admin/settle", SETTLEMENT)
        else:
            await (self._stop_something() if dice < 0.55 else self._let_something_go_on())

    async def _end(self) -> None:
        """What is to be done before everything can come to rest."""

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

    async def _ask(self, path: str, terms: dict[str, Any] | None = None) -> bool:
        """Send the request. True if it was certainly carried out, or certainly has nothing to do."""
        answer = await self._request("POST", path, terms)
        return answer is not None and answer.status < 500

    async def _request(self, method: str, path: str, terms: dict[str, Any] | None = None) -> Answer | None:
        headers, body = ORGANISER, None
        if terms is not None:
            headers, body = {**ORGANISER, "Content-Type": "application/json"}, msgspec.json.encode(terms)
        with suppress(TransportError):
            return await self._transport.request(method, path, headers, body)
        return None
