"""What each bot works with: its client, its view of the market, its random numbers and its statistics."""

import asyncio
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from random import Random

from openoutcry.bots.market_view import MarketView
from openoutcry.bots.statistics import BotStats
from openoutcry.client import AsyncClient, Response
from openoutcry.domain.orders import SideName


class Desk:
    def __init__(self, api: AsyncClient, market: MarketView, rng: Random, stats: BotStats, stop: asyncio.Event) -> None:
        self.api = api
        self.market = market
        self.rng = rng
        self.stats = stats
        self.stop = stop

    async def pause(self, seconds: float) -> bool:
        """Wait, and return whether to go on. A bot stops here between requests, never in the middle of one."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.stop.wait(), seconds)
        return not self.stop.is_set()

    async def send(self, request: Awaitable[Response]) -> Response:
        """Send an order, an amend or quotes, count it, and wait if a rate limit says so."""
        response = await request
        self.stats.orders += 1
        self.stats.refusals += not response.success
        if response.retry_after is not None:
            await self.pause(response.retry_after)
        return response

    async def move_to(self, instrument_id: str, target: int, *, most: int) -> None:
        """Trade towards a position, once: for at most `most`, near the theoretical value, and nothing rests."""
        missing, value = target - self.position(instrument_id), self.market.values.value_of(instrument_id)
        if missing and value is not None:
            instrument, allowed = self.market.instruments[instrument_id], self.market.values.spread_of(instrument_id)
            side: SideName = "buy" if missing > 0 else "sell"
            order = {
                "instrument_id": instrument_id,
                "side": side,
                "quantity": min(abs(missing), most),
                "price": instrument.round_price(value + allowed if side == "buy" else value - allowed),
                "time_in_force": "ioc",
            }
            await self.send(self.api.submit_order(order))

    async def hold(self, targets: Mapping[str, int], *, most: int) -> dict[str, int]:
        """Trade towards these positions, once; those that are still to be held: not what is closed, or has expired."""
        for instrument_id, target in targets.items():
            if instrument_id in self.market.tradable:
                await self.move_to(instrument_id, target, most=most)
        return {
            instrument_id: target
            for instrument_id, target in targets.items()
            if instrument_id in self.market.tradable and (target or self.position(instrument_id))
        }

    def position(self, instrument_id: str) -> int:
        """The team's position after the last event."""
        return self.api.orders.positions.get(instrument_id, 0)
