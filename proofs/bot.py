"""A team's bot on the real client, in a process that may be killed at any moment; the next process continues.

Soak and torture extend it. Chaos has its own bots: they run in virtual time, can be killed between any two steps, and
replace lost keys.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from random import Random
from typing import Final

from openoutcry.client import AsyncClient
from openoutcry.client.http.terms import Terms

MIDDLE_TICKS: Final = 4_000
"""Bots price orders around this, in hundredths."""


class Bot(ABC):
    """`grace_seconds`: of its `cancel_on_disconnect`; None for a bot without it."""

    def __init__(
        self, name: str, instrument_ids: tuple[str, ...], chance: Random, *, grace_seconds: int | None
    ) -> None:
        self.name: Final = name
        self._instrument_ids = instrument_ids
        self._chance = chance
        self._grace_seconds = grace_seconds
        self._client: AsyncClient | None = None
        self._is_connected = False
        self._is_trading = True
        self._process: asyncio.Task[None] | None = None
        self._processes = 0

    async def trade(self) -> None:
        """Run until `stop`. Begun work is finished, by the next process if this one is killed."""
        while self._is_trading:
            self._processes += 1
            self._process = asyncio.create_task(self._live())
            try:
                await asyncio.wait([self._process])
            finally:
                self._process.cancel()
            if not self._process.cancelled():
                self._process.result()

    def stop(self) -> None:
        self._is_trading = False

    def die(self) -> bool:
        """Kill its process at any moment; whether there was one. The next one begins at once."""
        return self._process is not None and self._process.cancel()

    @property
    def client(self) -> AsyncClient:
        """The client of its present process."""
        assert self._client is not None, "it has not joined"  # noqa: S101
        return self._client

    @abstractmethod
    async def _live(self) -> None:
        """Run one process; the first finds that the bot has joined, each later one starts anew."""

    async def _guard(self) -> None:
        if self._grace_seconds is not None:
            await self.client.cancel_on_disconnect(grace_seconds=self._grace_seconds)

    async def _act(self, acts: dict[Callable[[], Awaitable[None]], int]) -> None:
        """One of `acts`, chosen by weight."""
        await self._chance.choices(list(acts), list(acts.values()))[0]()

    # ---- what it asks for

    def _order(self) -> Terms:
        """An order that has no name yet."""
        kind = self._chance.random()
        return {
            "instrument_id": self._chance.choice(self._instrument_ids),
            "side": self._chance.choice(("buy", "sell")),
            "quantity": self._chance.randint(1, 6),
            "price": None if kind < 0.05 else self._price(),
            "order_type": "market" if kind < 0.05 else "limit",
            "time_in_force": "ioc" if kind < 0.2 else "fok" if kind < 0.25 else "day",
        }

    def _quotes(self) -> list[Terms]:
        """One order for each instrument, all around the same price."""
        middle, half = self._chance.randint(-8, 8), self._chance.randint(1, 4)
        return [
            {
                "instrument_id": instrument_id,
                "bid_price": (MIDDLE_TICKS + middle - half) / 100,
                "bid_quantity": self._chance.randint(1, 8),
                "ask_price": (MIDDLE_TICKS + middle + half) / 100,
                "ask_quantity": self._chance.randint(1, 8),
            }
            for instrument_id in self._instrument_ids
        ]

    def _price(self) -> float:
        return (MIDDLE_TICKS + self._chance.randint(-12, 12)) / 100

    def _some_order_id(self) -> str:
        """An order id, mostly of an open order."""
        open_ids = [order.order_id for order in self.client.orders.open_orders() if order.order_id is not None]
        return self._chance.choice(open_ids) if open_ids else "ORD_1"
