"""A retail trader that makes a market by single orders: whenever the value of one of its options moves, it cancels both
sides and enters them anew.
"""

from typing import Final

from openoutcry.domain.identifiers import format_order_id
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.simulation.flow_rules import HouseRules
from openoutcry.domain.types import Ticks
from openoutcry.operations import order_changes
from openoutcry.simulation.flow.widths import half_width
from proofs.market.stage import INDEX, Seat

HOUSE: Final = HouseRules()
SHARE: Final = 0.9
"""Of the house's width."""
QUANTITY: Final = 3
MOST: Final = 8
"""At this position it only reduces."""
OPTIONS: Final = 4


class Ladder:
    role = "retail"
    milliseconds = 260

    def __init__(self) -> None:
        self._values: dict[str, int] = {}
        """At which each option's orders were entered."""

    def act(self, seat: Seat) -> None:
        orders: dict[str, list[str]] = {}
        for order in seat.shown.open_orders(seat.team_id):
            orders.setdefault(str(order.instrument_id), []).append(format_order_id(order.order_id))
        for name in self._chosen(seat):
            value = seat.mark(name).value
            if len(orders.get(name, ())) == 2 and value == self._values.get(name):
                continue
            for order_id in orders.pop(name, ()):
                seat.transport.ask(order_changes.cancel_order, order_id)
            self._values[name] = value
            self._enter(seat, name)

    def _enter(self, seat: Seat, name: str) -> None:
        instrument, mark = seat.instruments[name], seat.mark(name)
        tick, position = instrument.tick_size, seat.see(name).position
        half = SHARE * half_width(HOUSE, mark, seat.shown.underlyings[instrument.underlying], tick)
        bid, ask = int((mark.value - half) // tick), int(-((-mark.value - half) // tick))
        if position < MOST and bid > 0:
            seat.order(name, BUY, QUANTITY, Ticks(bid), rests=True)
        if position > -MOST:
            seat.order(name, SELL, QUANTITY, Ticks(max(ask, 1)), rests=True)

    def _chosen(self, seat: Seat) -> list[str]:
        """Options on the index, of the nearest expiry, around the money."""
        spot = seat.shown.underlyings[INDEX]
        terms = [
            (one.option.expiry, abs(one.option.strike - spot), str(one.instrument_id))
            for one in seat.options
            if one.option and one.underlying == INDEX
        ]
        return [name for _, _, name in sorted(terms)[:OPTIONS]]
