"""Two teams trade the same contracts there and back, to look active: neither gains, and neither pays a spread."""

from typing import Final

from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.types import Ticks
from proofs.market.stage import INDEX, Seat

EVERY_SECONDS: Final = 20
QUANTITY: Final = 5


class Meeting:
    """Where they meet: between bid and ask, so that nobody else is in the way."""

    def __init__(self) -> None:
        self.name: str | None = None
        self.price = Ticks(0)

    def choose(self, seat: Seat) -> None:
        for option in seat.options:
            bid, ask = seat.see(option.instrument_id).best_prices
            if option.underlying == INDEX and bid is not None and ask is not None and ask - bid >= 2:
                self.name, self.price = str(option.instrument_id), Ticks((bid + ask) // 2)
                return
        self.name = None


class First:
    """Waits: sells in one half of the minute, and buys back in the other."""

    role = "hedge_fund"
    milliseconds = 280

    def __init__(self, meeting: Meeting) -> None:
        self._meeting = meeting

    def act(self, seat: Seat) -> None:
        seat.cancel_all()
        turn, is_time = divmod(seat.now, EVERY_SECONDS)
        if is_time == 0:
            self._meeting.choose(seat)
            if self._meeting.name is not None:
                side = SELL if turn % 2 == 0 else BUY
                seat.order(self._meeting.name, side, QUANTITY, self._meeting.price, rests=True)


class Second:
    """Takes."""

    role = "hedge_fund"
    milliseconds = 285

    def __init__(self, meeting: Meeting) -> None:
        self._meeting = meeting

    def act(self, seat: Seat) -> None:
        turn, is_time = divmod(seat.now, EVERY_SECONDS)
        if is_time == 0 and self._meeting.name is not None:
            side = BUY if turn % 2 == 0 else SELL
            seat.order(self._meeting.name, side, QUANTITY, self._meeting.price)
