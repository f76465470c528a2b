"""A team's bot on the real client: it trades at random, remembers what it must not forget, and may die at any time."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from openoutcry.client import (
    AsyncClient,
    Disconnected,
    Event,
    NotConnectedError,
    OutcomeUnknown,
    ProtectionRefusedError,
    StreamReset,
    TransportError,
)
from openoutcry.client.calls import Terms
from openoutcry.client.delivery import ANSWERED_BEFORE_THE_ID
from openoutcry.client.events import private_seq
from openoutcry.protocol.stream import Welcome
from simulator.http_lane import SimulatedTransport
from simulator.network import Network
from simulator.observer import Observer
from simulator.process import Process
from simulator.server import Server
from simulator.stream_lane import StreamLines
from simulator.workload import Workload
from simulator.world import World

ADDRESS: Final = "http://exchange"
PAUSE_SECONDS: Final = 0.25
"""Mean time between two actions of a bot."""
PATIENCE_SECONDS: Final = 0.5
"""Before it tries again what did not work."""
SLOW_HANDLER_CHANCE: Final = 0.005
"""How often its handler of an event takes up to two seconds, in which the client reads nothing."""


@dataclass(slots=True)
class Memory:
    """What a bot has written down before it goes on, so that its next process can take up from there."""

    api_key: str | None = None
    names_used: int = 0
    ids_used: int = 0
    unsettled: dict[str, Terms] = field(default_factory=dict)
    """Orders whose verdict it does not know, by client order id."""
    accepted: dict[str, Terms] = field(default_factory=dict)
    last_seq: int | None = None
    epoch: int | None = None


class Bot:
    """One team. `is_trading` False lets it finish what it has begun; then `is_done` is set."""

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
        self._workload = workload
        self._chance = workload.chance
        self._observer = observer
        self._process: Process | None = None
        self._client = self._new_client()
        self._trusts_its_stream = False
        self._processes = 0
        self._actions: dict[Callable[[], Awaitable[object]], int] = {
            self._submit: 40,
            self._submit_several_at_once: 5,
            self._submit_a_batch: 6,
            self._submit_twice_at_once: 3,
            self._repeat_an_accepted_order: 4,
            self._settle_one: 5,
            self._cancel: 10,
            self._cancel_by_client_id: 3,
            self._cancel_everything: 2,
            self._amend: 8,
            self._quote: 10 if role == "market_maker" else 0,
            self._ask: 12,
            self._validate: 2,
            self._set_dead_man_timer: 2,
            self._guard_the_connection: 2,
        }

    def start(self) -> None:
        """In a process of its own, unless one is running."""
        if self._process is not None:
            return
        self._processes += 1
        self._process = Process(f"{self.name} {self._processes}", self._world.loop)
        self._process.spawn(self._live())

    def die(self) -> None:
        """Without a word: requests and connections break off."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def cut_machine_off(self) -> None:
        """Nobody is reached from this bot's machine, and nobody is told."""
        self.transport.is_cut_off = self.lines.is_cut_off = True
        for line in list(self.lines.open_lines):
            line.fall_silent()

    def reconnect_machine(self) -> None:
        self.transport.is_cut_off = self.lines.is_cut_off = False

    @property
    def has_caught_up_with(self) -> int | None:
        """The last event that the client has delivered."""
        return self._client.last_seq

    async def _live(self) -> None:
        self._client, self._trusts_its_stream = self._new_client(), False
        if self.memory.api_key is None:
            await self._register()
            self._client = self._new_client()
        await self._connect()
        while self.is_trading:
            await asyncio.sleep(self._chance.expovariate(1 / PAUSE_SECONDS))
            act = self._chance.choices(list(self._actions), list(self._actions.values()))[0]
            with suppress(TransportError, OutcomeUnknown):
                await act()
        while self.memory.unsettled:
            with suppress(TransportError, OutcomeUnknown):
                await self._settle_one()
            await asyncio.sleep(PATIENCE_SECONDS)
        self.is_done = True

    def _new_client(self) -> AsyncClient:
        client = AsyncClient(ADDRESS, self.memory.api_key, transport=self.transport, stream_transport=self.lines)
        client.on_message(self._hear)
        return client

    async def _register(self) -> None:
        """Under a new name each time: of a registration whose answer is lost, the key is lost too."""
        while True:
            self.memory.names_used += 1
            with suppress(TransportError, OutcomeUnknown):
                answer = await self._client.register_team(f"{self.name}-{self.memory.names_used}", role=self.role)
                if answer.success:
                    self.memory.api_key = (answer.data or {})["api_key"]
                    return
            await asyncio.sleep(PATIENCE_SECONDS)

    async def _connect(self) -> None:
        """Where it was. What was told in another epoch may be void, unless answers wait for the disk: then from 0."""
        welcome = await self._open_stream(self.memory.last_seq)
        if self.memory.last_seq and self.memory.epoch != welcome.epoch and not self._is_durable:
            await self._client.close()
            self._client = self._new_client()
            welcome = await self._open_stream(0)
        self.memory.epoch, self._trusts_its_stream = welcome.epoch, True
        await self._client.subscribe(*self._chance.sample(("book:*", "trades:*", "top:*", "market"), 2))

    async def _open_stream(self, after_seq: int | None) -> Welcome:
        self._observer.begins(self.name, after_seq)
        while True:
            with suppress(NotConnectedError):
                return await self._client.connect(after_seq=after_seq)
            await asyncio.sleep(PATIENCE_SECONDS)

    async def _hear(self, event: Event) -> None:
        self._observer.delivered(self.name, event)
        if isinstance(event, StreamReset):
            self.memory.last_seq = (event.welcome.next_seq or 1) - 1
        elif isinstance(event, Welcome):
            if self._trusts_its_stream:
                self.memory.epoch = event.epoch
        elif not isinstance(event, Disconnected) and (seq := private_seq(event)) is not None:
            self.memory.last_seq = seq
        if self._chance.random() < SLOW_HANDLER_CHANCE:
            await asyncio.sleep(self._chance.uniform(0, 2))

    # ---- entering orders

    async def _submit(self) -> None:
        await self._send(self._new_order())

    async def _submit_several_at_once(self) -> None:
        orders = [self._new_order() for _ in range(self._chance.randint(2, 5))]
        await asyncio.gather(*map(self._send, orders))

    async def _submit_twice_at_once(self) -> None:
        terms = self._new_order()
        await asyncio.gather(self._send(terms), self._send(terms))

    async def _repeat_an_accepted_order(self) -> None:
        if self.memory.accepted:
            client_order_id = self._chance.choice(list(self.memory.accepted))
            await self._send(self.memory.accepted[client_order_id])

    async def _settle_one(self) -> None:
        """An order whose verdict is not known is sent once more, under the same id."""
        if self.memory.unsettled:
            await self._send(self.memory.unsettled[self._chance.choice(list(self.memory.unsettled))])

    async def _submit_a_batch(self) -> None:
        orders = [self._new_order() for _ in range(self._chance.randint(2, 4))]
        try:
            answer = await self._client.submit_orders(orders)
        except TransportError:
            return
        if answer.success:
            for terms, result in zip(orders, (answer.data or {})["results"], strict=True):
                error = result["error"] or {}
                self._settle(terms, result["order_id"], error.get("code"))

    def _new_order(self) -> Terms:
        """Written down before it is sent: whatever happens, it will be asked what became of it."""
        self.memory.ids_used += 1
        terms = self._workload.order(f"{self.name}-{self.memory.ids_used}")
        self.memory.unsettled[terms["client_order_id"]] = terms
        return terms

    async def _send(self, terms: Terms) -> None:
        try:
            answer = await self._client.submit_order(dict(terms))
        except (TransportError, OutcomeUnknown):
            return
        self._settle(terms, answer.order_id, None if answer.error is None else answer.error.code)

    def _settle(self, terms: Terms, order_id: str | None, code: str | None) -> None:
        if code in ANSWERED_BEFORE_THE_ID:
            return  # which says nothing of what was sent under this id before
        client_order_id = terms["client_order_id"]
        self.memory.unsettled.pop(client_order_id, None)
        if order_id is not None:
            self.memory.accepted[client_order_id] = terms
        self._observer.settled(self.name, client_order_id, order_id)

    # ---- everything else

    async def _cancel(self) -> None:
        order_id = self._workload.some_open_order(self._client)
        await self._client.cancel_order(order_id or "ORD_1")

    async def _cancel_by_client_id(self) -> None:
        if self.memory.accepted:
            await self._client.cancel_order(client_order_id=self._chance.choice(list(self.memory.accepted)))

    async def _cancel_everything(self) -> None:
        await self._client.mass_cancel(side=self._chance.choice((None, "buy", "sell")))

    async def _amend(self) -> None:
        order_id = self._workload.some_open_order(self._client)
        if order_id is not None:
            await self._client.amend_order(order_id, **self._workload.amendment())

    async def _quote(self) -> None:
        quotes = self._workload.quotes()
        if quotes:
            await self._client.replace_quotes(quotes)

    async def _set_dead_man_timer(self) -> None:
        await self._client.cancel_after(self._chance.choice((0, 0, 2, 5, 8)))

    async def _guard_the_connection(self) -> None:
        with suppress(ProtectionRefusedError):
            await self._client.cancel_on_disconnect(
                enabled=self._chance.random() < 0.6, grace_seconds=self._chance.choice((0, 1, 3))
            )

    async def _validate(self) -> None:
        await self._client.validate_order(self._workload.order(f"{self.name}-validated"))

    async def _ask(self) -> None:
        client = self._client
        ask = self._chance.choice((client.get_positions, client.get_open_orders, client.get_account, client.get_fills))
        await ask()
