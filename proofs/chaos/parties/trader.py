"""A bot's random actions with its client, and the notes that it makes before each of them."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import msgspec

from openoutcry.client import AsyncClient, OutcomeUnknown, ProtectionRefusedError, TransportError
from openoutcry.client.http.delivery import ANSWERED_BEFORE_THE_ID
from openoutcry.client.http.terms import Terms
from proofs.chaos.network.http_lane import SimulatedTransport
from proofs.chaos.parties.observer import Observer
from proofs.chaos.parties.workload import Workload


@dataclass(slots=True)
class Memory:
    """The bot's notes, from which its next process continues."""

    team_id: str | None = None
    api_key: str | None = None
    names_used: int = 0
    ids_used: int = 0
    unsettled: dict[str, Terms] = field(default_factory=dict)
    """Orders without a known verdict, by client order id."""
    accepted: dict[str, Terms] = field(default_factory=dict)
    last_seq: int | None = None
    epoch: int | None = None


class Trader:
    """The trading of one process on one client."""

    def __init__(
        self,
        bot: str,
        role: str,
        client: AsyncClient,
        memory: Memory,
        workload: Workload,
        observer: Observer,
        transport: SimulatedTransport,
        *,
        protects_its_quotes: bool,
    ) -> None:
        """`transport`: for what no method of the client does."""
        self._bot = bot
        self._client = client
        self._memory = memory
        self._workload = workload
        self._chance = workload.chance
        self._observer = observer
        self._transport = transport
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
        if protects_its_quotes:
            self._actions |= {self._set_protection: 4, self._reset_protection: 3}

    async def act(self) -> None:
        """Take one action. Failures of the network are ignored."""
        action = self._chance.choices(list(self._actions), list(self._actions.values()))[0]
        with suppress(TransportError, OutcomeUnknown):
            await action()

    async def settles(self) -> bool:
        """Ask for one unknown verdict. True if all verdicts are known and the exchange knows this team."""
        with suppress(TransportError):
            await self._settle_one()
            return (await self._client.get_positions()).success and not self._memory.unsettled
        return False

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
        if self._memory.accepted:
            await self._send(self._memory.accepted[self._chance.choice(list(self._memory.accepted))])

    async def _settle_one(self) -> None:
        """Send an order without a known verdict once more, under the same id."""
        if self._memory.unsettled:
            await self._send(self._memory.unsettled[self._chance.choice(list(self._memory.unsettled))])

    async def _submit_a_batch(self) -> None:
        orders = [self._new_order() for _ in range(self._chance.randint(2, 4))]
        answer = await self._client.submit_orders(orders)
        if answer.success:
            for terms, result in zip(orders, (answer.data or {})["results"], strict=True):
                error = result["error"] or {}
                self._settle(terms, result["order_id"], error.get("code"))

    def _new_order(self) -> Terms:
        """Note a new order before it is sent, so that the bot can always ask for its verdict."""
        self._memory.ids_used += 1
        terms = self._workload.order(f"{self._bot}-{self._memory.ids_used}")
        self._memory.unsettled[terms["client_order_id"]] = terms
        return terms

    async def _send(self, terms: Terms) -> None:
        try:
            answer = await self._client.submit_order(dict(terms))
        except (TransportError, OutcomeUnknown):
            return
        self._settle(terms, answer.order_id, None if answer.error is None else answer.error.code)

    def _settle(self, terms: Terms, order_id: str | None, code: str | None) -> None:
        if code in ANSWERED_BEFORE_THE_ID:
            return  # such a code does not tell the outcome of an earlier order under this id
        client_order_id = terms["client_order_id"]
        self._memory.unsettled.pop(client_order_id, None)
        if order_id is not None:
            self._memory.accepted[client_order_id] = terms
        self._observer.settled(self._bot, client_order_id, order_id)

    # ---- everything else

    async def _cancel(self) -> None:
        order_id = self._workload.some_open_order(self._client)
        await self._client.cancel_order(order_id or "ORD_1")

    async def _cancel_by_client_id(self) -> None:
        if self._memory.accepted:
            await self._client.cancel_order(client_order_id=self._chance.choice(list(self._memory.accepted)))

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

    async def _set_protection(self) -> None:
        chance = self._chance
        terms = {
            "group": chance.choice((None, "SPX", "SPY")),
            "quantity": chance.choice((None, 3, 10)),
            "delta": chance.choice((None, 2.0)),
            "vega": chance.choice((None, 20.0)),
            "move": chance.choice((None, 0.2, 1.0)),
            "interval_seconds": chance.choice((5, 60)),
            "frozen_seconds": chance.choice((0, 5, 20)),
        }
        await self._ask_for("PUT", "/quotes/protection", terms)

    async def _reset_protection(self) -> None:
        await self._ask_for("POST", "/quotes/protection/reset", {"group": self._chance.choice((None, "SPX", "SPY"))})

    async def _ask_for(self, method: str, path: str, terms: dict[str, Any]) -> None:
        headers = {"X-API-Key": self._memory.api_key or "", "Content-Type": "application/json"}
        await self._transport.request(method, path, headers, msgspec.json.encode(terms))

    async def _validate(self) -> None:
        await self._client.validate_order(self._workload.order(f"{self._bot}-validated"))

    async def _ask(self) -> None:
        client = self._client
        ask = self._chance.choice((client.get_positions, client.get_open_orders, client.get_account, client.get_fills))
        await ask()
