"""A taker that follows the trend: buys what has risen, sells what has fallen, gets out when it fades.

Takes with IOC orders only, so nothing of its own ever rests in the book.
"""

import asyncio
from random import Random
from typing import Final

from openoutcry.bots.market_view import MarketView
from openoutcry.bots.statistics import BotStats
from openoutcry.client import AsyncClient

PAUSE_SECONDS: Final = 0.5
FAST: Final = 0.3
SLOW: Final = 0.05
"""Weights of the newest price in the fast and in the slow average."""
TREND: Final = 0.002
"""How far the averages must part, as a share of the price."""
FADED: Final = 0.25
"""At this share of it the trend is over, and the position goes."""
SIZE: Final = 3
LARGEST_POSITION: Final = 30


async def follow_trends(api: AsyncClient, market: MarketView, rng: Random, stats: BotStats) -> None:
    """Trade until cancelled."""
    averages: dict[str, tuple[float, float]] = {}
    while True:
        await asyncio.sleep(PAUSE_SECONDS)
        for instrument_id in rng.sample(list(market.instruments), len(market.instruments)):
            middle = market.middle(instrument_id)
            if middle is None:
                continue
            fast, slow = averages.get(instrument_id, (middle, middle))
            fast, slow = fast + FAST * (middle - fast), slow + SLOW * (middle - slow)
            averages[instrument_id] = fast, slow
            strength = (fast - slow) / middle
            position = api.orders.positions.get(instrument_id, 0)
            if abs(strength) > TREND:
                direction = 1 if strength > 0 else -1
                quantity = min(SIZE, LARGEST_POSITION - direction * position)
            elif abs(strength) < FADED * TREND and position:
                direction, quantity = (-1 if position > 0 else 1), min(SIZE, abs(position))
            else:
                continue
            if quantity > 0:
                await _take(api, market, stats, instrument_id, direction, quantity)


async def _take(
    api: AsyncClient, market: MarketView, stats: BotStats, instrument_id: str, direction: int, quantity: int
) -> None:
    """Take what is offered at the price shown."""
    top = market.tops[instrument_id]
    price = top.ask_price if direction > 0 else top.bid_price
    if price is None:
        return
    response = await api.submit_order(
        instrument_id=instrument_id,
        side="buy" if direction > 0 else "sell",
        quantity=quantity,
        price=price,
        time_in_force="ioc",
    )
    stats.count(response)
    if response.retry_after is not None:
        await asyncio.sleep(response.retry_after)
