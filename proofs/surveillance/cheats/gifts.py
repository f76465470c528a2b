"""A team gives gains to a friend, who sells to it at the far edge of the price band. Both close elsewhere."""

from typing import Final

from openoutcry.domain.instruments import Instrument
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.types import Ticks
from proofs.market.stage import Seat
from proofs.market.widths import Widths

LEVELS: Final = 20
LEAST_VALUE: Final = 500
"""In money: options that are worth less are left alone."""
AT_ONCE: Final = 10


class Plan:
    """What both know. They deal every so many seconds, in so many contracts."""

    def __init__(self, widths: Widths, every_seconds: int, quantity: int) -> None:
        self.every_seconds: Final = every_seconds
        self.quantity: Final = quantity
        self.option: Instrument | None = None
        self.edge = Ticks(0)
        self._widths = widths

    def is_due(self, seat: Seat) -> bool:
        return seat.now % self.every_seconds == 0

    def choose(self, seat: Seat) -> None:
        """Another option with each deal."""
        options = [one for one in seat.options if None not in seat.see(one.instrument_id).best_prices]
        options = [one for one in options if seat.mark(one.instrument_id).value >= LEAST_VALUE]
        self.option = option = options[seat.now // self.every_seconds * 7 % len(options)] if options else None
        if option is not None:
            mark = seat.mark(option.instrument_id)
            self.edge = self._widths.upper_edge(option, mark, seat.shown.underlyings)


class Friend:
    """Gets the gains."""

    role = "hedge_fund"
    milliseconds = 270

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def act(self, seat: Seat) -> None:
        seat.cancel_all()
        if not self._plan.is_due(seat):
            _close(seat)
            return
        self._plan.choose(seat)
        if self._plan.option is not None:
            seat.order(self._plan.option.instrument_id, SELL, self._plan.quantity, self._plan.edge, rests=True)


class Giver:
    """Gives them away."""

    role = "hedge_fund"
    milliseconds = 275

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def act(self, seat: Seat) -> None:
        option, edge = self._plan.option, self._plan.edge
        if not self._plan.is_due(seat) or option is None:
            _close(seat)
            return
        depth = seat.queries.depth(option.instrument_id, LEVELS)
        asked = sum(quantity for price, quantity in depth.asks if price <= edge) if depth else 0
        if asked:
            seat.order(option.instrument_id, BUY, asked, edge)


def _close(seat: Seat) -> None:
    seat.hold(dict.fromkeys(seat.queries.positions(seat.team_id), 0), AT_ONCE)
    seat.hedge(10.0)
