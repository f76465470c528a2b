"""What a team's positions and open orders could lose, kept instrument by instrument: an order counts only its own anew.

Everything here follows from positions, open orders, marks and scenario values.
"""

from collections.abc import Iterable
from typing import Final

from openoutcry.clearing.position import Position
from openoutcry.domain.orders import Side
from openoutcry.domain.types import InstrumentId, MarketTime
from openoutcry.matching.order import Order

NOTHING: Final = (0, 0)


class Margin:
    """Of one team. Money in money units; `[side]` indexes the pairs."""

    __slots__ = ("at_most", "held", "open_values", "outcomes", "shares", "stale", "worth", "worth_at")

    def __init__(self, scenarios: int) -> None:
        """`scenarios`: how many there are."""
        self.outcomes = [0] * scenarios
        """What the team would gain in each scenario, at worst, as last counted."""
        self.shares: dict[InstrumentId, list[int]] = {}
        """What each instrument has in it."""
        self.stale: dict[InstrumentId, None] = {}
        """Instruments whose share is to be counted anew."""
        self.open_values: dict[InstrumentId, list[int]] = {}
        """Sum of price × quantity of open orders, in ticks, by side."""
        self.held: dict[InstrumentId, tuple[int, int]] = {}
        """The positions that `worth` counts, each with its cost: one without a mark is worth that."""
        self.worth: int | None = None
        """What all positions are worth by their marks; None: they may have changed, and are to be looked up anew."""
        self.worth_at: MarketTime | None = None
        """The market time whose marks it goes by."""
        self.at_most: int | None = None
        """What equity must cover is not more than this; None: that is known only once it is counted. Quotes that come
        are added to it, and leave it too high when they go: most are gone before anything must be counted.
        """

    def work(
        self, instrument_id: InstrumentId, side: Side, price: int | None, quantity: int, position: Position
    ) -> None:
        """`quantity` more (or less) works at `price` on this side, and this is the position now."""
        self.stale[instrument_id] = None
        if quantity:
            assert price is not None, "what works has a price"  # noqa: S101
            values = self.open_values.get(instrument_id)
            if values is None:
                values = self.open_values[instrument_id] = [0, 0]
            values[side] += price * quantity
        if self.held.get(instrument_id, NOTHING) != (position.quantity, position.cost_basis):
            self.look_up_anew()

    def look_up_anew(self) -> None:
        """Positions, or what they are worth, may have changed."""
        self.worth = self.at_most = None

    def value_anew(self, instrument_ids: Iterable[InstrumentId]) -> None:
        """There are other scenario values, or positions have come from elsewhere: count everything anew."""
        self.outcomes = [0] * len(self.outcomes)
        self.shares.clear()
        self.stale = dict.fromkeys(instrument_ids)
        self.look_up_anew()

    def take_open_orders(self, orders: Iterable[Order]) -> None:
        """Count these as what is open."""
        self.open_values.clear()
        for order in orders:
            assert order.price is not None, "only limit orders rest"  # noqa: S101
            values = self.open_values.setdefault(order.instrument_id, [0, 0])
            values[order.side] += order.price * order.remaining_quantity
