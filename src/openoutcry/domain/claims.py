"""Client order ids in use: which order each one names, and on which terms."""

from msgspec import Struct

from openoutcry.domain.commands import SubmitOrder
from openoutcry.domain.types import InstrumentId, OrderId, Ticks


class Claim(Struct, frozen=True, array_like=True, gc=False):
    """The order that has a client order id, and the terms that it was accepted with. `price` None: a market order."""

    order_id: OrderId
    instrument_id: InstrumentId
    side: str
    quantity: int
    price: Ticks | None
    time_in_force: str
    post_only: bool

    def stands_for(self, command: SubmitOrder) -> bool:
        """Whether `command`, which carries the same client order id, asks for the same terms."""
        asked = command.price
        return (
            (asked is None if self.price is None else asked is not None and asked.ticks == self.price)
            and (asked is None or asked.off_grid is None)
            and self.instrument_id == command.instrument_id
            and self.side == command.side
            and self.quantity == command.quantity
            and self.time_in_force == command.time_in_force
            and self.post_only == command.post_only
        )
