"""A team's bot on the real client: its processes, its key and its stream, and how it recovers each of them."""

import asyncio
from contextlib import suppress
from typing import Final

from openoutcry.client import (
    AsyncClient,
    Disconnected,
    Event,
    NotConnectedError,
    OutcomeUnknown,
    StreamRefusedError,
    StreamReset,
    TransportError,
)
from openoutcry.client.events import private_seq
from openoutcry.client.http.response import read_response
from openoutcry.client.settings import ClientSettings
from openoutcry.domain.reasons import ErrorCode
from openoutcry.protocol.stream import Welcome
from proofs.chaos.machine.process import Process
from proofs.chaos.machine.server import ORGANISER, Server
from proofs.chaos.network.http_lane import SimulatedTransport
from proofs.chaos.network.stream_lane import StreamLines
from proofs.chaos.network.wires import Network
from proofs.chaos.parties.observer import Observer
from proofs.chaos.parties.trader import Memory, Trader
from proofs.chaos.parties.workload import Workload
from proofs.chaos.world import World

ADDRESS: Final = "http://exchange"
PAUSE_SECONDS: Final = 0.25
"""Mean time between two actions of a bot."""
PATIENCE_SECONDS: Final = 0.5
"""The pause before a bot tries a failed action again."""
SLOW_HANDLER_CHANCE: Final = 0.005
"""The chance that a bot's event handler takes up to two seconds. The client reads nothing in that time."""
ROTATION_CHANCE: Final = 0.01
"""The chance that a bot rotates its key before an action."""


class LockedOut(Exception):  # noqa: N818 - a state of the bot
    """The bot's key is no longer valid."""


class Bot:
    """One team. When `is_trading` is False, it finishes what it has begun; then `is_done` is True."""

    def __init__(
        self,
        world: World,
        name: str,
        role: str,
        workload: Workload,
        network: Network,
        server: Server,
        observer: Observer,
    ) -> None:
        self.name: Final = name
        self.role: Final = role
        self.memory = Memory()
        self.is_trading = True
        self.is_done = False
        self.transport = SimulatedTransport(world, network, server, name, observer)
        self.lines = StreamLines(world, network, server, name, observer)
        self._world = world
        self._is_durable = server.durability == "disk"
        self._has_day = server.scenario.session is not None
        self._workload = workload
        self._chance = workload.chance
        self._observer = observer
        self._settings = ClientSettings(entropy=world.chance.stream(f"{name}'s client").randbytes)
        self._process: Process | None = None
        self._processes = 0
        self._trusts_its_stream = False
        self.client = self._new_client()

    # ---- its machine

    def start(self) -> None:
        """Start a process of the bot, unless one is running."""
        if self._process is not None:
            return
        self._processes += 1
        self._process = Process(f"{self.name} {self._processes}", self._world.loop)
        self._process.spawn(self._live())

    def die(self) -> None:
        """End the process without notice: its requests and connections break off."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def freeze(self) -> None:
        """Stop the bot, but leave its connections open: the exchange sees a client that does not read."""
        for line in self.lines.open_lines:
            line.freeze()
        self.die()

    def cut_machine_off(self) -> None:
        """Cut the bot's machine off from the network. No side is notified."""
        self.transport.is_cut_off = self.lines.is_cut_off = True
        for line in list(self.lines.open_lines):
            line.swallow()

    def reconnect_machine(self) -> None:
        self.transport.is_cut_off = self.lines.is_cut_off = False

    # ---- its life

    async def _live(self) -> None:
        while not self.is_done:
            if self.memory.api_key is None:
                await self._register()
            try:
                await self._trade()
            except LockedOut:
                await self._ask_for_a_new_key()

    async def _trade(self) -> None:
        """Raises `LockedOut`."""
        async with self._new_client() as self.client:
            await self._connect()
            trader = Trader(
                self.name,
                self.role,
                self.client,
                self.memory,
                self._workload,
                self._observer,
                self.transport,
                protects_its_quotes=self._has_day and self.role == "market_maker",
            )
            while self.is_trading:
                await asyncio.sleep(self._chance.expovariate(1 / PAUSE_SECONDS))
                if self._chance.random() < ROTATION_CHANCE:
                    await self._rotate_key()
                await trader.act()
                self._check_key()
            while not await trader.settles():
                self._check_key()
                await asyncio.sleep(PATIENCE_SECONDS)
            self.is_done = True
            await asyncio.Event().wait()  # it listens until the simulation ends it

    def _new_client(self) -> AsyncClient:
        client = AsyncClient(
            ADDRESS,
            self.memory.api_key,
            team_id=self.memory.team_id,
            transport=self.transport,
            stream_transport=self.lines,
            settings=self._settings,
        )
        client.on_message(self._hear)
        return client

    # ---- its key

    async def _register(self) -> None:
        """Register, under a new name at each attempt: if the answer is lost, the key is lost with it."""
        async with self._new_client() as client:
            while True:
                self.memory.names_used += 1
                with suppress(TransportError, OutcomeUnknown):
                    answer = await client.register_team(f"{self.name}-{self.memory.names_used}", role=self.role)
                    if answer.success:
                        data = answer.data or {}
                        self.memory.team_id, self.memory.api_key = data["team_id"], data["api_key"]
                        return
                await asyncio.sleep(PATIENCE_SECONDS)

    async def _rotate_key(self) -> None:
        self._observer.may_have_lost_its_key(self.name)  # it has lost it if it dies before the answer arrives
        with suppress(OutcomeUnknown):
            try:
                answer = await self.client.rotate_key()
            except TransportError:
                is_certain = True
            else:
                self.memory.api_key = self.client.api_key
                is_certain = answer.error is None or answer.error.code != ErrorCode.PROCESSING_TIMEOUT
            if is_certain:
                self._observer.has_its_key(self.name)

    def _check_key(self) -> None:
        if self.transport.refused_key == self.memory.api_key:
            raise LockedOut

    async def _ask_for_a_new_key(self) -> None:
        """Get a new key from the organiser. If the exchange has no such team, the registration was lost: start anew."""
        self._observer.locked_out(self.name)
        path = f"/admin/teams/{self.memory.team_id}/rotate-key"
        while True:
            with suppress(TransportError):
                answer = read_response(await self.transport.request("POST", path, ORGANISER, None))
                if answer.success:
                    self.memory.api_key = (answer.data or {})["api_key"]
                    self._observer.has_its_key(self.name)
                    return
                if answer.status == 404:
                    self.memory = Memory(names_used=self.memory.names_used, ids_used=self.memory.ids_used)
                    return
            await asyncio.sleep(PATIENCE_SECONDS)

    # ---- its stream

    async def _connect(self) -> None:
        """Continue the stream after the last event.

        In a new epoch, earlier events may be void unless answers wait for the disk. The bot then reads from 0.
        """
        memory, self._trusts_its_stream = self.memory, False
        welcome = await self._open_stream(memory.last_seq)
        if memory.last_seq and memory.epoch != welcome.epoch and not self._is_durable:
            await self.client.close()
            self.client = self._new_client()
            welcome = await self._open_stream(0)
        memory.epoch, self._trusts_its_stream = welcome.epoch, True
        channels = self._chance.sample(("book:*", "trades:*", "top:*", "market"), 2)
        if self._has_day:
            channels += ("greeks:*", "underlyings", "auction:*", "market")
        await self.client.subscribe(*dict.fromkeys(channels))

    async def _open_stream(self, after_seq: int | None) -> Welcome:
        """Raises `LockedOut`."""
        self._observer.begins(self.name, after_seq)
        while True:
            try:
                return await self.client.connect(after_seq=after_seq)
            except NotConnectedError:
                await asyncio.sleep(PATIENCE_SECONDS)
            except StreamRefusedError:
                raise LockedOut from None

    async def _hear(self, event: Event) -> None:
        self._observer.delivered(self.name, event)
        self._workload.hear(event)
        if isinstance(event, StreamReset):
            self.memory.last_seq = (event.welcome.next_seq or 1) - 1
        elif isinstance(event, Welcome):
            if self._trusts_its_stream:
                self.memory.epoch = event.epoch
        elif not isinstance(event, Disconnected) and (seq := private_seq(event)) is not None:
            self.memory.last_seq = seq
        if self._chance.random() < SLOW_HANDLER_CHANCE:
            await asyncio.sleep(self._chance.uniform(0, 2))
