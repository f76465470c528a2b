"""One team's bot: it trades at its pace on the real client, notes what it is told, and goes through troubles."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from time import monotonic, perf_counter_ns
from typing import Final

from openoutcry.client import AsyncClient, Disconnected, Event, NotConnectedError, OutcomeUnknown, TransportError
from openoutcry.client.address import Address
from openoutcry.domain.identifiers import parse_order_id
from openoutcry.protocol.stream import PrivateMessage, Welcome
from proofs.bot import Bot
from proofs.server_process import POLL_SECONDS, ServerFailed, until
from proofs.soak.notes import REFUSED, UNKNOWN, TeamNotes, VerdictNote
from proofs.soak.plan import Plan, Totals
from proofs.soak.troubled_stream import TroubledStream

GRACE_SECONDS: Final = 1
"""Grace in seconds of bots whose orders are cancelled when their connection is cut."""
CATCH_UP_SECONDS: Final = 120.0
OTHER_REQUESTS: Final = 0.3
"""Share of orders after which the bot asks for something else."""
MAX_LATENCY_US: Final = 2**32 - 1


class Trader(Bot):
    """By its number: every tenth makes markets, every fourth is guarded, every fifth reads everything."""

    def __init__(
        self, plan: Plan, number: int, instrument_ids: tuple[str, ...], chance: Random, totals: Totals
    ) -> None:
        grace_seconds = GRACE_SECONDS if number % 4 == 0 else None
        super().__init__(f"team-{number}", instrument_ids, chance, grace_seconds=grace_seconds)
        self.notes = TeamNotes(Path(plan.notes), self.name)
        self._plan = plan
        self._role = "market_maker" if number % 10 == 0 else "retail"
        self.reads_everything = number % 5 == 0
        self._channels = ("book:*", "trades:*") if self.reads_everything else ("top:*",)
        self._totals = totals
        self._api_key: str | None = None
        self.stream = TroubledStream(Address.parse(plan.url))
        """The client of its present process."""
        self._started = 0.0
        self._acts: dict[Callable[[], Awaitable[None]], int] = {
            self._cancel: 12,
            self._amend: 6,
            self._quote: 6 if self._role == "market_maker" else 0,
            self._ask: 3,
            self._cancel_everything: 1,
        }

    async def join(self) -> None:
        """Register and open the stream."""
        async with await AsyncClient.register(self._plan.url, self.name, role=self._role) as client:
            self._api_key = client.api_key
        await self._come_up()

    async def trade_from(self, started: float) -> None:
        """As `trade`, at the pace of a plan that began then."""
        self._started = started
        await self.trade()

    async def come_to_rest(self) -> None:
        """Stop trading. Once all teams have, no further event comes."""
        stream = self.stream
        stream.seconds_per_message = 0.0
        stream.read_on()
        if self._grace_seconds is not None:
            # A bot that has not read for long does not know the state of its connection.
            stream.cut()
            self._is_connected = False
            await until(lambda: self._is_connected, f"{self.name} is connected", seconds=CATCH_UP_SECONDS)
            await self._guard()
            await self.client.cancel_on_disconnect(enabled=False)

    async def hear_the_end(self) -> bool:
        """When all are at rest: wait for the last event; whether it came. Then leave."""
        client = self.client
        response = await client.get_positions()
        last_seq = None if response.data is None else response.data["as_of_seq"]
        with suppress(ServerFailed):
            await until(lambda: client.last_seq == last_seq, f"{self.name} hears the end", seconds=CATCH_UP_SECONDS)
        await self._go_down()
        self.notes.close()
        return client.last_seq == last_seq

    # ---- what it hears

    def _hear(self, event: Event) -> None:
        match event:
            case Welcome():
                self._is_connected = True
            case Disconnected():
                self._is_connected = False
            case _ if isinstance(event, PrivateMessage):
                self.notes.hear(event)
            case _:
                pass

    # ---- its life

    async def _come_up(self) -> None:
        """A new process, which knows its key and how far it has heard."""
        self.stream = TroubledStream(Address.parse(self._plan.url))
        self._client = AsyncClient(self._plan.url, self._api_key, stream_transport=self.stream)
        self._client.on_message(self._hear)
        self._is_connected = False
        await self._open_stream(self._client)
        await self._client.subscribe(*self._channels)
        await self._guard()

    async def _open_stream(self, client: AsyncClient) -> None:
        """Once it has been open, the client opens it again by itself."""
        while True:
            try:
                await client.connect(after_seq=self.notes.last_seq)
            except NotConnectedError:
                await asyncio.sleep(POLL_SECONDS)
            else:
                return

    async def _go_down(self) -> None:
        stream = self.stream
        stream.cut()
        await self.client.close()
        for code in map(str, stream.closed_by_exchange):
            self._totals.closed_by_exchange[code] = self._totals.closed_by_exchange.get(code, 0) + 1
        stream.closed_by_exchange.clear()

    async def _live(self) -> None:
        if self._processes > 1:
            await self._go_down()
            await self._come_up()
        due = monotonic()
        while self._is_trading:
            due += self._chance.expovariate(1 / self._plan.pause_seconds(monotonic() - self._started))
            pause = due - monotonic()
            if pause > 0:
                await asyncio.sleep(pause)
            await self._submit()
            if self._chance.random() < OTHER_REQUESTS:
                self._totals.other_requests += 1
                with suppress(TransportError, OutcomeUnknown):
                    await self._act(self._acts)

    # ---- what it does

    async def _submit(self) -> None:
        """Send one order, and note its verdict or that it is unknown."""
        asked_at_ms, began = int(monotonic() * 1000), perf_counter_ns()
        outcome = UNKNOWN
        try:
            response = await self.client.submit_order({**self._order(), "client_order_id": str(self.notes.orders + 1)})
            outcome = REFUSED if response.order_id is None else parse_order_id(response.order_id)
        except (TransportError, OutcomeUnknown):
            self._totals.gave_up += 1
        finally:
            latency_us = (perf_counter_ns() - began) // 1000
            self.notes.settle(VerdictNote(asked_at_ms, min(latency_us, MAX_LATENCY_US), outcome))

    async def _cancel(self) -> None:
        await self.client.cancel_order(self._some_order_id())

    async def _amend(self) -> None:
        await self.client.amend_order(self._some_order_id(), price=self._price())

    async def _cancel_everything(self) -> None:
        await self.client.mass_cancel()

    async def _quote(self) -> None:
        await self.client.replace_quotes(self._quotes())

    async def _ask(self) -> None:
        client = self.client
        questions = (client.get_open_orders, client.get_closed_orders, client.get_fills, client.get_account)
        await self._chance.choice(questions)()
