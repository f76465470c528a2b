"""A patient retail trader: a few orders inside the house's prices, cancelled as soon as their value has moved."""

from typing import Final

from openoutcry.domain.identifiers import format_order_id
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.simulation.flow_rules import HouseRules
from openoutcry.domain.types import Ticks
from openoutcry.operations import order_changes
from openoutcry.simulation.flow.widths import half_width
from proofs.market.stage import INDEX, Seat

HOUSE: Final = HouseRules()
SHARE: Final = 0.7
"""Of the house's width."""
QUANTITY: Final = 3
OPTIONS: Final = 3
MOVE: Final = 0.25
"""Of the house's half-width: so far the value may move before an order goes."""
LARGEST_DELTA: Final = 1.0


class Retail:
    role = "retail"
    milliseconds = 5

    def __init__(self) -> None:
        self._entered: dict[str, int] = {}
        """Values at which orders were entered."""

    def act(self, seat: Seat) -> None:
        standing = set()
        delta = seat.delta
        for order in list(seat.shown.open_orders(seat.team_id)):
            instrument_id = str(order.instrument_id)
            mark, half = self._half(seat, instrument_id)
            order_id = format_order_id(order.order_id)
            if abs(mark - self._entered[order_id]) > MOVE * half:
                seat.transport.ask(order_changes.cancel_order, order_id)
            else:
                standing.add((instrument_id, order.side))
        for instrument_id in self._chosen(seat):
            mark, half = self._half(seat, instrument_id)
            tick, position = seat.instruments[instrument_id].tick_size, seat.see(instrument_id).position
            adds = 1 if seat.delta_of(instrument_id) > 0 else -1
            for side in (BUY, SELL):
                sign = 1 if side == BUY else -1
                if (instrument_id, side) in standing or position * sign >= 2 * QUANTITY:
                    continue
                if sign * adds * delta > LARGEST_DELTA:
                    continue
                away = SHARE * half
                price = int((mark - away) // tick) if side == BUY else int(-((-mark - away) // tick))
                if price > 0:
                    entered = seat.order(instrument_id, side, QUANTITY, Ticks(price), rests=True)
                    if entered is not None:
                        self._entered[entered] = mark

    def _half(self, seat: Seat, instrument_id: str) -> tuple[int, int]:
        instrument, mark = seat.instruments[instrument_id], seat.mark(instrument_id)
        spot = seat.shown.underlyings[instrument.underlying]
        return mark.value, half_width(HOUSE, mark, spot, instrument.tick_size)

    def _chosen(self, seat: Seat) -> list[str]:
        """Options on the index, of the nearest expiry, in which the house is widest."""
        nearest = min(one.option.expiry for one in seat.options if one.option)
        names = [
            str(one.instrument_id)
            for one in seat.options
            if one.option and one.option.expiry == nearest and one.underlying == INDEX
        ]
        return sorted(names, key=lambda name: -self._half(seat, name)[1])[:OPTIONS]
