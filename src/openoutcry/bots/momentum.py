"""A bot that follows the trend: it buys what has risen, sells what has fallen, and closes when the trend fades.

It sends IOC orders only, so none of its orders ever rests in the book.
"""

from typing import Final

from openoutcry.bots.desk import Desk
from openoutcry.domain.orders import SideName

PAUSE_SECONDS: Final = 0.5
FAST: Final = 0.3
SLOW: Final = 0.05
"""Weights of the newest price in the fast and in the slow average."""
TREND: Final = 0.002
"""The difference of the averages, as a share of the price, that counts as a trend."""
FADED: Final = 0.25
"""The part of `TREND` below which the trend is over and the position is closed."""
SIZE: Final = 3
LARGEST_POSITION: Final = 30


async def follow_trends(desk: Desk) -> None:
    """Trade until it is time to stop."""
    averages: dict[str, tuple[float, float]] = {}
    while await desk.pause(PAUSE_SECONDS):
        tradable = desk.market.tradable
        for instrument_id in desk.rng.sample(tradable, len(tradable)):
            middle = desk.market.middle(instrument_id)
            if middle is None:
                continue
            fast, slow = averages.get(instrument_id, (middle, middle))
            fast, slow = fast + FAST * (middle - fast), slow + SLOW * (middle - slow)
            averages[instrument_id] = fast, slow
            await _trade(desk, instrument_id, strength=(fast - slow) / middle)


async def _trade(desk: Desk, instrument_id: str, strength: float) -> None:
    """Trade a little with the trend, or close a part of the position if it is over, at the best price."""
    position = desk.position(instrument_id)
    if abs(strength) > TREND:
        direction = 1 if strength > 0 else -1
        quantity = min(SIZE, LARGEST_POSITION - direction * position)
    elif abs(strength) < FADED * TREND and position:
        direction, quantity = (-1 if position > 0 else 1), min(SIZE, abs(position))
    else:
        return
    top = desk.market.tops[instrument_id]
    price = top.ask_price if direction > 0 else top.bid_price
    if quantity > 0 and price is not None:
        side: SideName = "buy" if direction > 0 else "sell"
        await desk.send(
            desk.api.submit_order(
                instrument_id=instrument_id, side=side, quantity=quantity, price=price, time_in_force="ioc"
            )
        )
