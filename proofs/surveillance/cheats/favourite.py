"""A fund that quotes for its friend alone: for a moment, better than all others, when only the friend looks."""

from typing import Final

from openoutcry.domain.orders import BUY, SELL, Side
from openoutcry.domain.types import Ticks
from proofs.market.stage import INDEX, Seat

EVERY_SECONDS: Final = 15
QUANTITY: Final = 10


class Signal:
    """What it tells its friend."""

    def __init__(self) -> None:
        self.name: str | None = None
        self.price = Ticks(0)
        self.side = BUY


class Favouring:
    """Waits, and has no other customer."""

    role = "hedge_fund"
    milliseconds = 290

    def __init__(self, signal: Signal) -> None:
        self._signal = signal

    def act(self, seat: Seat) -> None:
        seat.cancel_all()
        signal = self._signal
        signal.name = None
        if seat.now % EVERY_SECONDS:
            seat.hedge(10.0)
            return
        options = [str(one.instrument_id) for one in seat.options if one.underlying == INDEX]
        name = options[seat.now // EVERY_SECONDS * 5 % len(options)] if options else None
        prices = (None, None) if name is None else seat.see(name).best_prices
        bid, ask = prices
        if name is None or bid is None or ask is None or ask - bid < 2:
            return
        position = seat.see(name).position
        side: Side = SELL if position > 0 else BUY
        signal.name, signal.side = name, Side(1 - side)
        signal.price = Ticks(ask - 1 if side == SELL else bid + 1)
        seat.order(name, side, QUANTITY, signal.price, rests=True)


class Favourite:
    """The friend, who trades with nobody else."""

    role = "hedge_fund"
    milliseconds = 291

    def __init__(self, signal: Signal) -> None:
        self._signal = signal

    def act(self, seat: Seat) -> None:
        if self._signal.name is not None:
            seat.order(self._signal.name, self._signal.side, QUANTITY, self._signal.price)
        seat.hedge(20.0)
