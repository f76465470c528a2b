"""Hedging: what a portfolio of options gains or loses with the index is offset with lots of the tracker."""

from collections.abc import Mapping
from typing import Final

from openoutcry.bots.desk import Desk
from openoutcry.bots.values import TRACKER, Values

MOST_LOTS: Final = 200
"""In one order."""


def portfolio_delta(positions: Mapping[str, int], values: Values) -> float:
    """Of everything that is held, in units of the index."""
    return sum(quantity * values.delta_of(instrument_id) for instrument_id, quantity in positions.items())


async def hedge(desk: Desk, within: float) -> None:
    """Trade the tracker towards a delta of 0, once, if the portfolio's delta is larger than `within`."""
    delta = portfolio_delta(desk.api.orders.positions, desk.market.values)
    if abs(delta) > within and TRACKER in desk.market.tradable:
        lots = round(delta / desk.market.values.delta_of(TRACKER))
        await desk.move_to(TRACKER, desk.position(TRACKER) - lots, most=MOST_LOTS)
