"""A retail trader who buys and sells any option by chance, at the market or at the touch, whatever it costs."""

import random
from typing import Final

from openoutcry.domain.identifiers import format_order_id
from openoutcry.domain.orders import BUY, SELL, SIDE_NAMES
from openoutcry.operations import order_changes, order_entry
from openoutcry.protocol.requests import OrderRequest
from proofs.market.stage import Seat

EVERY_SECONDS: Final = 4.0
LARGEST: Final = 5
ENOUGH: Final = 20
RESTING: Final = 4


class Gambler:
    role = "retail"
    milliseconds = 400

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - no secret

    def act(self, seat: Seat) -> None:
        chance = self._chance
        if chance.random() > 1 / EVERY_SECONDS or not seat.options:
            return
        positions = seat.queries.positions(seat.team_id).items()
        held = {str(name): quantity for name, quantity in positions if quantity and name in seat.tradable}
        name = str(chance.choice(seat.options).instrument_id)
        side, quantity = chance.choice((BUY, SELL)), chance.randint(1, LARGEST)
        if sum(map(abs, held.values())) >= ENOUGH:
            name = chance.choice(list(held))
            side, quantity = (SELL if held[name] > 0 else BUY), min(quantity, abs(held[name]))
        touch = seat.see(name).best_prices[side]
        if chance.random() < 0.5:
            request = OrderRequest(
                instrument_id=name, side=SIDE_NAMES[side], quantity=quantity, order_type="market", time_in_force="ioc"
            )
            seat.transport.ask(order_entry.submit_order, request)
        elif touch is not None:
            seat.order(name, side, quantity, touch, rests=True)
        for order in list(seat.shown.open_orders(seat.team_id))[:-RESTING]:
            seat.transport.ask(order_changes.cancel_order, format_order_id(order.order_id))
