"""A scalper takes the nearest option with the trend and is out again within a minute, always at the best price."""

from collections import deque
from typing import Final

from openoutcry.domain.types import MarketTime
from proofs.market.stage import INDEX, Seat

QUANTITY: Final = 8
LOOKS_BACK: Final = 15
HOLDS: Final = 25
LEAST_MOVE: Final = 0.0004


class Scalper:
    role = "hedge_fund"
    milliseconds = 350

    def __init__(self) -> None:
        self._prices: deque[int] = deque(maxlen=LOOKS_BACK)
        self._held: str | None = None
        self._until = MarketTime(0)

    def act(self, seat: Seat) -> None:
        spot = seat.shown.underlyings[INDEX]
        move = spot / self._prices[0] - 1 if self._prices else 0.0
        self._prices.append(spot)
        if self._held is not None and self._held not in seat.tradable:
            self._held = None
        if self._held is None and abs(move) >= LEAST_MOVE:
            self._held = _nearest(seat, "call" if move > 0 else "put")
            self._until = MarketTime(seat.now + HOLDS)
        if self._held is not None:
            is_over = seat.now >= self._until
            seat.move_to(self._held, 0 if is_over else QUANTITY, QUANTITY)
            if is_over and not seat.see(self._held).position:
                self._held = None
        seat.hedge(30.0)


def _nearest(seat: Seat, kind: str) -> str | None:
    spot = seat.shown.underlyings[INDEX]
    terms = [
        (one.option.expiry, abs(one.option.strike - spot), str(one.instrument_id))
        for one in seat.options
        if one.option and one.underlying == INDEX and one.option.option_type == kind
    ]
    return min(terms)[2] if terms else None
