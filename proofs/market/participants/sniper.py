"""A sniper hits what is still quoted at old prices, before anybody else can act."""

from typing import Final

from openoutcry.domain.orders import BUY, SELL, Side
from openoutcry.domain.types import Ticks
from proofs.market.stage import TRACKER, Seat

TAKER_FEE: Final = 5_000
"""Per contract, in money; its role's."""
LEVELS: Final = 5
LARGEST_DELTA: Final = 3.0


class Sniper:
    """Right after a second's prices it takes every order that these, and its fee, make worth taking."""

    role = "hedge_fund"
    milliseconds = 1

    def __init__(self, victim: str | None = None) -> None:
        """`victim`: it takes this team's quotes alone, though nobody is told whose they are; None: everybody's."""
        self._victim = victim

    def act(self, seat: Seat) -> None:
        victims = [team.team_id for team in seat.queries.teams() if team.team_name == self._victim]
        for instrument_id in [TRACKER, *(str(option.instrument_id) for option in seat.options)]:
            seen, instrument = seat.see(instrument_id), seat.instruments[instrument_id]
            mark = seen.mark
            if mark is None:
                continue
            fee = TAKER_FEE // instrument.multiplier
            highest = Ticks((mark.value - fee) // instrument.tick_size)
            lowest = Ticks(-((-mark.value - fee) // instrument.tick_size))
            bid, ask = seen.best_prices
            for victim in victims:
                bid, ask = seat.shown.instrument(victim, instrument.instrument_id).quote_prices
            if ask is not None and ask <= highest:
                self._take(seat, instrument_id, BUY, highest)
            elif bid is not None and bid >= lowest:
                self._take(seat, instrument_id, SELL, lowest)
        seat.hedge(LARGEST_DELTA)

    def _take(self, seat: Seat, instrument_id: str, side: Side, worst: Ticks) -> None:
        depth = seat.queries.depth(instrument_id, LEVELS)
        assert depth is not None, "the instrument is listed"  # noqa: S101
        worth = [
            quantity
            for price, quantity in (depth.asks if side == BUY else depth.bids)
            if (price <= worst if side == BUY else price >= worst)
        ]
        seat.order(instrument_id, side, min(sum(worth), 200), worst)
