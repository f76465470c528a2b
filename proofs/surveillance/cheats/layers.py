"""A trader shows large orders that it does not mean, until it has traded on the other side: then they go."""

from typing import Final

from openoutcry.domain.orders import BUY, SELL, Side
from openoutcry.domain.types import Ticks
from proofs.market.stage import INDEX, Seat

LARGE: Final = 10
SMALL: Final = 3
EVERY_SECONDS: Final = 10


class Layers:
    """Buys a few contracts under large asks, and sells them again over large bids."""

    role = "retail"
    milliseconds = 300

    def __init__(self) -> None:
        self._name: str | None = None
        self._side: Side = BUY
        """On which it means to trade."""

    def act(self, seat: Seat) -> None:
        turn = seat.now % EVERY_SECONDS
        if turn == 0:
            self._choose(seat)
            if self._name is None:
                return
            prices = seat.see(self._name).best_prices
            other = Side(1 - self._side)
            price = prices[other]
            if price is not None:
                away = 1 if other == SELL else -1
                for step in (1, 2):
                    seat.order(self._name, other, LARGE, Ticks(max(price + away * step, 1)), rests=True)
        elif turn == 2 and self._name in seat.tradable:
            price = seat.see(self._name).best_prices[1 - self._side]
            if price is not None:
                seat.order(self._name, self._side, SMALL, price)
            seat.cancel_all()

    def _choose(self, seat: Seat) -> None:
        """What it holds, to be rid of it; else another option."""
        held = [str(name) for name, held in seat.queries.positions(seat.team_id).items() if held]
        held = [name for name in held if name in seat.tradable]
        options = [str(one.instrument_id) for one in seat.options if one.underlying == INDEX]
        options = [name for name in options if None not in seat.see(name).best_prices]
        self._name = held[0] if held else options[seat.now // EVERY_SECONDS % len(options)] if options else None
        self._side = SELL if held and seat.see(held[0]).position > 0 else BUY
