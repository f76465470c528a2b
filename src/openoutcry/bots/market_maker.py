"""A market maker: quotes both sides of everything around its own value, and leans against what it holds.

What it holds too much of it offers a little cheaper and bids a little lower for; so its inventory finds its way home.
"""

import asyncio
from random import Random
from typing import Final

from openoutcry.bots.market_view import MarketView
from openoutcry.bots.statistics import BotStats
from openoutcry.client import AsyncClient
from openoutcry.domain.orders import SideName
from openoutcry.domain.reasons import ErrorCode
from openoutcry.domain.types import MAX_QUOTES_PER_REQUEST
from openoutcry.protocol.responses import InstrumentInfo, QuotesData

PAUSE_SECONDS: Final = 0.4
SIZE: Final = 10
HALF_SPREAD: Final = 0.01
"""Share of the value."""
SKEW: Final = 0.0004
"""Share of the value that the quotes move for each contract held."""
WANDERING: Final = 0.00015
"""How far its opinion of the underlying moves at a step, as a share: one standard deviation."""

Quote = dict[str, object]


async def make_markets(api: AsyncClient, market: MarketView, rng: Random, stats: BotStats) -> None:
    """Quote until cancelled."""
    opinion = 0.0
    while True:
        opinion = 0.98 * opinion + rng.gauss(0, WANDERING)
        positions = api.orders.positions
        quotes = [
            _quote(market, instrument, opinion, positions.get(instrument_id, 0), stats.role)
            for instrument_id, instrument in market.instruments.items()
        ]
        quotes = [quote for quote in quotes if quote]
        for start in range(0, len(quotes), MAX_QUOTES_PER_REQUEST):
            await _show(api, stats, quotes[start : start + MAX_QUOTES_PER_REQUEST])
        await asyncio.sleep(PAUSE_SECONDS)


async def _show(api: AsyncClient, stats: BotStats, quotes: list[Quote]) -> None:
    """Put the quotes in the book. Quotes never trade on entry: where another's price is in the way, take it."""
    response = stats.count(await api.replace_quotes(quotes))
    if response.retry_after is not None:
        await asyncio.sleep(response.retry_after)
    if not response.success:
        return
    for quote, result in zip(quotes, response.data_as(QuotesData).results, strict=True):
        if result.error is None:
            continue
        if result.error.code != ErrorCode.POST_ONLY_WOULD_TRADE:
            stats.refusals += 1
            continue
        side: SideName = "buy" if result.bid_order_id is None and "bid_price" in quote else "sell"
        terms = {"price": quote["bid_price"], "quantity": quote["bid_quantity"]}
        if side == "sell":
            terms = {"price": quote["ask_price"], "quantity": quote["ask_quantity"]}
        order = {"instrument_id": result.instrument_id, "side": side, "time_in_force": "ioc", **terms}
        stats.count(await api.submit_order(order))


def _quote(market: MarketView, instrument: InstrumentInfo, opinion: float, position: int, role: str) -> Quote:
    """A quote in one instrument, no larger than the position limit leaves room for; empty where it has no opinion."""
    instrument_id = instrument.instrument_id
    value = market.textbook_value(instrument_id, opinion)
    if value is None:
        return {}
    limit = instrument.position_limits.get(role, 0)
    is_option = instrument.kind == "option"
    share = 1.0 if is_option else 0.02  # a share price is far surer than an option's
    half_spread = max(value * HALF_SPREAD * share, 2 * instrument.tick_size)
    middle = value * (1 - SKEW * share * position)
    bid_quantity, ask_quantity = min(SIZE, limit - position), min(SIZE, limit + position)
    bid_price = market.round_to_tick(instrument_id, middle - half_spread)
    ask_price = market.round_to_tick(instrument_id, middle + half_spread)
    quote: Quote = {"instrument_id": instrument_id}
    if bid_quantity > 0 and middle > half_spread:
        quote |= {"bid_price": bid_price, "bid_quantity": bid_quantity}
    if ask_quantity > 0 and ask_price > bid_price:
        quote |= {"ask_price": ask_price, "ask_quantity": ask_quantity}
    return quote
