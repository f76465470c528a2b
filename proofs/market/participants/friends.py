"""Two teams that pass gains from one to the other: one sells to the other at the far edge of the price band, and both
then close with whoever else is there.
"""

from typing import Final, NamedTuple

from openoutcry.domain.instruments import Instrument
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.types import MONEY_UNITS, Ticks
from proofs.market.stage import Seat
from proofs.market.widths import Widths

EVERY_SECONDS: Final = 45
"""A deal begins so often; what is left of it is closed in between."""
QUANTITY: Final = 35
AT_ONCE: Final = 10
LEVELS: Final = 20
TAKER_FEE: Final = 0.50
LEAST_VALUE: Final = 500
"""In money: options that are worth less are left alone."""


class Deal(NamedTuple):
    """Per contract, in currency."""

    spread: float
    """The best ask less the best bid, and a taker's fee on each."""
    widest: float
    """What the market makers' duty lets them ask for."""


class Scheme:
    """What both know."""

    def __init__(self, widths: Widths) -> None:
        self._widths = widths
        self.option: Instrument | None = None
        self.edge = Ticks(0)
        self.deals: list[Deal] = []

    def choose(self, seat: Seat) -> None:
        """Another option with each deal, one that has a bid and an ask."""
        options = [one for one in seat.options if None not in seat.see(one.instrument_id).best_prices]
        options = [one for one in options if seat.mark(one.instrument_id).value >= LEAST_VALUE]
        self.option = option = options[seat.now // EVERY_SECONDS * 7 % len(options)]
        mark, underlyings = seat.mark(option.instrument_id), seat.shown.underlyings
        self.edge = self._widths.upper_edge(option, mark, underlyings)
        bid, ask = seat.see(option.instrument_id).best_prices
        assert bid is not None and ask is not None  # noqa: PT018, S101
        units = option.multiplier / MONEY_UNITS
        widest = self._widths.widest_spread(option, mark, underlyings)
        self.deals.append(Deal((ask - bid) * option.tick_size * units + 2 * TAKER_FEE, widest * units))


class Friend:
    """Gets the gains."""

    role = "hedge_fund"
    milliseconds = 250

    def __init__(self, scheme: Scheme) -> None:
        self._scheme = scheme

    def act(self, seat: Seat) -> None:
        seat.cancel_all()
        if seat.now % EVERY_SECONDS:
            _close(seat)
            return
        self._scheme.choose(seat)
        assert self._scheme.option is not None  # noqa: S101
        seat.order(self._scheme.option.instrument_id, SELL, QUANTITY, self._scheme.edge, rests=True)


class Giver:
    """Gives them away."""

    role = "hedge_fund"
    milliseconds = 300

    def __init__(self, scheme: Scheme) -> None:
        self._scheme = scheme

    def act(self, seat: Seat) -> None:
        option, edge = self._scheme.option, self._scheme.edge
        if seat.now % EVERY_SECONDS or option is None:
            _close(seat)
            return
        depth = seat.queries.depth(option.instrument_id, LEVELS)
        assert depth is not None  # noqa: S101
        asked = sum(quantity for price, quantity in depth.asks if price <= edge)
        seat.order(option.instrument_id, BUY, asked, edge)


def _close(seat: Seat) -> None:
    seat.hold(dict.fromkeys(seat.queries.positions(seat.team_id), 0), AT_ONCE)
