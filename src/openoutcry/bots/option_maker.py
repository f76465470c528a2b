"""A market maker for options. It quotes around the theoretical values that the exchange publishes.

The role's duty asks for both sides in 80 % of the options, no wider than a limit; the bot quotes a part of that width.
Market-maker protection pulls a quote whose value has moved away before anybody can take it, and stops a run of fills.
"""

from typing import Any, Final

from openoutcry.bots.desk import Desk
from openoutcry.bots.hedging import hedge
from openoutcry.bots.market_view import MarketView
from openoutcry.bots.values import Values
from openoutcry.domain.types import MAX_QUOTES_PER_REQUEST

PAUSE_SECONDS: Final = 0.15
SIZE: Final = 10
WIDTH: Final = 0.3
"""The distance between bid and ask, as a share of the widest that the duty allows."""
FULL: Final = 60
"""At a position of so many contracts both prices have moved by half the spread, against the position."""
LARGEST_DELTA: Final = 10.0
"""Of the portfolio; beyond it, it is hedged."""
PROTECTION: Final[dict[str, Any]] = {
    "move": 0.8,  # of half the spread: the value has moved so far, and the quote is wrong
    "quantity": 80,
    "delta": 30.0,
    "interval_seconds": 5,
    "frozen_seconds": 5,
}

Quote = dict[str, Any]


async def quote_options(desk: Desk) -> None:
    """Quote until it is time to stop."""
    await desk.api.protect_quotes(**PROTECTION)
    while await desk.pause(PAUSE_SECONDS):
        if not desk.market.is_open:
            continue
        held, role = desk.api.orders.positions, desk.stats.role
        asked = (quote_for(desk.market, name, held.get(name, 0), role) for name in desk.market.tradable)
        quotes = [quote for quote in asked if quote is not None]
        for start in range(0, len(quotes), MAX_QUOTES_PER_REQUEST):
            await desk.send(desk.api.replace_quotes(quotes[start : start + MAX_QUOTES_PER_REQUEST]))
        await hedge(desk, LARGEST_DELTA)


def widest(values: Values, instrument_id: str, value: float, tick: float) -> float:
    """The widest spread that covers the option, by the duty's default numbers."""
    greeks = values.greeks[instrument_id]
    return max(0.1 * value, 2 * greeks.vega, 4 * tick) + 0.001 * greeks.underlying_price * abs(greeks.delta)


def quote_for(market: MarketView, instrument_id: str, position: int, role: str) -> Quote | None:
    """Both sides for an option, within the role's position limit. None if it has no value."""
    instrument, value = market.instruments[instrument_id], market.values.value_of(instrument_id)
    if instrument.kind != "option" or value is None:
        return None
    half = max(WIDTH * widest(market.values, instrument_id, value, instrument.tick_size) / 2, instrument.tick_size)
    limit = instrument.position_limits.get(role, 0)
    middle = value - half * max(-1.0, min(1.0, position / FULL))
    quote: Quote = {"instrument_id": instrument_id}
    bid_quantity, ask_quantity = min(SIZE, limit - position), min(SIZE, limit + position)
    if market.is_reduce_only:
        bid_quantity, ask_quantity = min(bid_quantity, -position), min(ask_quantity, position)
    if bid_quantity > 0 and middle - half >= instrument.tick_size:
        quote |= {"bid_price": instrument.round_price(middle - half, "down"), "bid_quantity": bid_quantity}
    if ask_quantity > 0:
        quote |= {"ask_price": instrument.round_price(middle + half, "up"), "ask_quantity": ask_quantity}
    return quote
