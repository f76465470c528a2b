"""A bot that trusts the average: sells what stands far above its mean, buys what stands far below, and goes home there.

Works with limit orders inside the spread, one at a time in each instrument, amended as the market moves.
"""

import asyncio
from random import Random
from typing import Final

from openoutcry.bots.market_view import MarketView
from openoutcry.bots.statistics import BotStats
from openoutcry.client import AsyncClient

PAUSE_SECONDS: Final = 0.5
WEIGHT: Final = 0.05
"""Of the newest price in the moving mean and variance."""
FAR: Final = 1.0
"""How many standard deviations from the mean it takes to act."""
SIZE: Final = 4
LARGEST_POSITION: Final = 20


async def revert_to_mean(api: AsyncClient, market: MarketView, rng: Random, stats: BotStats) -> None:
    """Trade until cancelled."""
    moments: dict[str, tuple[float, float]] = {}
    while True:
        await asyncio.sleep(PAUSE_SECONDS)
        for instrument_id in rng.sample(list(market.instruments), len(market.instruments)):
            middle = market.middle(instrument_id)
            if middle is None:
                continue
            mean, variance = moments.get(instrument_id, (middle, 0.0))
            distance = middle - mean
            moments[instrument_id] = mean + WEIGHT * distance, (1 - WEIGHT) * (variance + WEIGHT * distance**2)
            far = distance**2 > FAR**2 * variance > 0
            await _work(api, market, stats, instrument_id, -1 if far and distance > 0 else 1 if far else 0)


async def _work(api: AsyncClient, market: MarketView, stats: BotStats, instrument_id: str, direction: int) -> None:
    """Have one order at work that goes in `direction`; with 0, one that takes the position home, if there is any."""
    position = api.orders.positions.get(instrument_id, 0)
    if direction == 0 and position:
        direction, quantity = (-1 if position > 0 else 1), min(abs(position), SIZE)
    else:
        quantity = min(SIZE, LARGEST_POSITION - direction * position)
    side = "buy" if direction > 0 else "sell"
    working = [order for order in api.orders.open_orders(instrument_id) if order.order_id is not None]
    for order in working:
        if direction == 0 or quantity <= 0 or order.side != side:
            await api.cancel_order(order.order_id)
    price = _inside(market, instrument_id, direction)
    if direction == 0 or quantity <= 0 or price is None:
        return
    at_work = next((order for order in working if order.side == side), None)
    if at_work is None:
        response = await api.submit_order(instrument_id=instrument_id, side=side, quantity=quantity, price=price)
    elif at_work.price != price and at_work.order_id is not None:
        response = await api.amend_order(at_work.order_id, price=price)
    else:
        return
    stats.count(response)
    if response.retry_after is not None:
        await asyncio.sleep(response.retry_after)


def _inside(market: MarketView, instrument_id: str, direction: int) -> float | None:
    """A third of the way from the own side's best price to the other's."""
    top = market.tops[instrument_id]
    if top.bid_price is None or top.ask_price is None:
        return None
    near, away = (top.bid_price, top.ask_price) if direction > 0 else (top.ask_price, top.bid_price)
    return market.round_to_tick(instrument_id, near + (away - near) / 3)
