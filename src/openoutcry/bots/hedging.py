"""Hedging: what a portfolio of options gains or loses with the index is offset with lots of the tracker."""

from typing import Final

from openoutcry.bots.desk import Desk
from openoutcry.bots.values import TRACKER

MOST_LOTS: Final = 200
"""In one order."""


def portfolio_delta(desk: Desk) -> float:
    """Of everything that the team holds, in units of the index."""
    held = desk.api.orders.positions
    return sum(quantity * desk.market.values.delta_of(instrument_id) for instrument_id, quantity in held.items())


async def hedge(desk: Desk, within: float) -> None:
    """Trade the tracker towards a delta of 0, once, if the portfolio's delta is larger than `within`."""
    delta = portfolio_delta(desk)
    if abs(delta) > within and TRACKER in desk.market.tradable:
        lots = round(delta / desk.market.values.delta_of(TRACKER))
        await desk.move_to(TRACKER, desk.position(TRACKER) - lots, most=MOST_LOTS)
