"""What each bot works with: its client, its view of the market, its random numbers and its statistics."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from random import Random

from openoutcry.bots.market_view import MarketView
from openoutcry.bots.statistics import BotStats
from openoutcry.client import AsyncClient, Response


class Desk:
    def __init__(self, api: AsyncClient, market: MarketView, rng: Random, stats: BotStats, stop: asyncio.Event) -> None:
        self.api = api
        self.market = market
        self.rng = rng
        self.stats = stats
        self._stop = stop

    async def pause(self, seconds: float) -> bool:
        """Wait, and return whether to go on. A bot stops here between requests, never in the middle of one."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)
        return not self._stop.is_set()

    async def send(self, request: Awaitable[Response]) -> Response:
        """Send an order, an amend or quotes, count it, and wait if a rate limit says so."""
        response = await request
        self.stats.orders += 1
        self.stats.refusals += not response.success
        if response.retry_after is not None:
            await self.pause(response.retry_after)
        return response

    async def move_to(self, instrument_id: str, target: int, *, most: int) -> None:
        """Trade towards a position, once: at the other side's best price, for at most `most`, and nothing rests."""
        missing = target - self.position(instrument_id)
        top = self.market.tops.get(instrument_id)
        price = None if top is None else top.ask_price if missing > 0 else top.bid_price
        if missing and price is not None:
            order = {
                "instrument_id": instrument_id,
                "side": "buy" if missing > 0 else "sell",
                "quantity": min(abs(missing), most),
                "price": price,
                "time_in_force": "ioc",
            }
            await self.send(self.api.submit_order(order))

    def position(self, instrument_id: str) -> int:
        """The team's position after the last event."""
        return self.api.orders.positions.get(instrument_id, 0)
