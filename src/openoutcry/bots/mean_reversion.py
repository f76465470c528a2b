"""A bot that sells far above the moving mean, buys far below it, and closes its position near it.

It uses limit orders inside the spread, one at a time in each instrument, and amends them as the market moves.
"""

from typing import Final

from openoutcry.bots.desk import Desk
from openoutcry.domain.orders import SideName

PAUSE_SECONDS: Final = 0.5
WEIGHT: Final = 0.05
"""Weight of the newest price in the moving mean and variance."""
FAR: Final = 1.0
"""How many standard deviations from the mean count as far."""
SIZE: Final = 4
LARGEST_POSITION: Final = 20


async def revert_to_mean(desk: Desk) -> None:
    """Trade until it is time to stop."""
    moments: dict[str, tuple[float, float]] = {}
    while await desk.pause(PAUSE_SECONDS):
        tradable = desk.market.tradable
        for instrument_id in desk.rng.sample(tradable, len(tradable)):
            middle = desk.market.middle(instrument_id)
            if middle is None:
                continue
            mean, variance = moments.get(instrument_id, (middle, 0.0))
            distance = middle - mean
            moments[instrument_id] = mean + WEIGHT * distance, (1 - WEIGHT) * (variance + WEIGHT * distance**2)
            is_far = distance**2 > FAR**2 * variance > 0
            await _work(desk, instrument_id, direction=0 if not is_far else -1 if distance > 0 else 1)


async def _work(desk: Desk, instrument_id: str, direction: int) -> None:
    """Keep one order in the book that trades in `direction`. For 0 it closes the position, if there is one."""
    api, position = desk.api, desk.position(instrument_id)
    if direction == 0 and position:
        direction, quantity = (-1 if position > 0 else 1), min(abs(position), SIZE)
    else:
        quantity = min(SIZE, LARGEST_POSITION - direction * position)
    wanted: SideName | None = None
    if direction and quantity > 0:
        wanted = "buy" if direction > 0 else "sell"
    at_work = None
    for order in api.orders.open_orders(instrument_id):
        if order.order_id is not None and order.side != wanted:
            await api.cancel_order(order.order_id)
        else:
            at_work = order
    price = _inside(desk, instrument_id, direction)
    if wanted is None or price is None:
        return
    if at_work is None:
        await desk.send(api.submit_order(instrument_id=instrument_id, side=wanted, quantity=quantity, price=price))
    elif at_work.order_id is not None and at_work.price != price:
        await desk.send(api.amend_order(at_work.order_id, price=price))


def _inside(desk: Desk, instrument_id: str, direction: int) -> float | None:
    """The price a third of the way from the own side's best price to the other side's. None unless both exist."""
    top = desk.market.tops[instrument_id]
    if top.bid_price is None or top.ask_price is None:
        return None
    near, away = (top.bid_price, top.ask_price) if direction > 0 else (top.ask_price, top.bid_price)
    return desk.market.round_to_tick(instrument_id, near + (away - near) / 3)
