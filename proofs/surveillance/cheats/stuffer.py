"""A fund floods one option with orders far from the market that it takes away at once, to keep others busy."""

from typing import Final

from openoutcry.domain.orders import BUY
from openoutcry.domain.types import Ticks
from proofs.market.stage import Seat

MESSAGES: Final = 24
"""In one second of every `EVERY_SECONDS`: orders, and as many cancellations."""
EVERY_SECONDS: Final = 30


class Stuffer:
    role = "hedge_fund"
    milliseconds = 500

    def act(self, seat: Seat) -> None:
        if seat.now % EVERY_SECONDS or not seat.options:
            return
        name = str(seat.options[seat.now // EVERY_SECONDS % len(seat.options)].instrument_id)
        for _ in range(MESSAGES):
            seat.order(name, BUY, 1, Ticks(1), rests=True)
            seat.cancel_all()
