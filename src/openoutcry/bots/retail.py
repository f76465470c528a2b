"""A crowd of one: small orders at random times, now at the market, now a limit at the touch that may rest a while."""

import asyncio
from random import Random
from typing import Final

from openoutcry.bots.market_view import MarketView
from openoutcry.bots.statistics import BotStats
from openoutcry.client import AsyncClient

MEAN_PAUSE_SECONDS: Final = 0.5
AT_MARKET: Final = 0.4
LARGEST_SIZE: Final = 5
RESTING_ORDERS: Final = 5
"""More than so many limit orders at rest, and the oldest is taken back."""


async def trade_at_random(api: AsyncClient, market: MarketView, rng: Random, stats: BotStats) -> None:
    """Trade until cancelled."""
    tradable = [
        instrument_id
        for instrument_id, instrument in market.instruments.items()
        if instrument.position_limits.get(stats.role, 0) > 0
    ]
    while tradable:
        await asyncio.sleep(rng.expovariate(1 / MEAN_PAUSE_SECONDS))
        instrument_id, is_buyer = rng.choice(tradable), rng.random() < 0.5
        quantity, at_market = rng.randint(1, LARGEST_SIZE), rng.random() < AT_MARKET
        held = api.orders.positions.get(instrument_id, 0)
        if abs(held) >= 3 * LARGEST_SIZE:  # enough of this: it only gets out now
            is_buyer = held < 0
        top = market.tops.get(instrument_id)
        touch = None if top is None else (top.bid_price if is_buyer else top.ask_price)
        response = await api.submit_order(
            instrument_id=instrument_id,
            side="buy" if is_buyer else "sell",
            quantity=quantity,
            price=None if at_market or touch is None else touch,
        )
        stats.count(response)
        if response.retry_after is not None:
            await asyncio.sleep(response.retry_after)
        for order in api.orders.open_orders()[:-RESTING_ORDERS]:
            if order.order_id is not None:
                await api.cancel_order(order.order_id)
