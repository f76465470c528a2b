"""Batch auctions in the reference: who trades in which turn, and who leaves with the batch."""

from openoutcry.domain.day.draws import draw
from openoutcry.domain.orders import BUY, SELL, Side
from openoutcry.domain.reasons import CancelReason
from openoutcry.domain.types import (
    InstrumentId,
    Ticks,
)
from reference.auctions import reaches
from reference.ledger import ReferenceOrder
from reference.phases import ReferencePhases


class ReferenceBatches(ReferencePhases):
    def hold_batches(self, seconds: int, interval: int) -> None:
        """After so many seconds of the session. A batch that is missed is not held later."""
        number = self.next_batch
        if seconds < number * interval:
            return
        self.next_batch = seconds // interval + 1
        for here in self.instruments:
            if self.phase_of(here) == "continuous":
                self._hold_batch(here, number)
            elif self.phase_of(here) != "closed":
                self._end_batch(here)

    def _hold_batch(self, here: InstrumentId, number: int) -> None:
        fixing = self.fixing(here)
        while fixing is not None and (order := self._first_unfilled(here, number, *fixing[:2])):
            self.take_out(order, CancelReason.FOK_NOT_FILLABLE)
            fixing = self.fixing(here)
        volume = 0 if fixing is None else fixing[1]
        while fixing is not None and volume:
            buy, sell = (self._in_turn(here, side, number)[0] for side in (BUY, SELL))
            volume -= min(buy.remaining, sell.remaining)
            self.fill_in_auction(buy, sell, Ticks(fixing[0]))
        self._end_batch(here)

    def _end_batch(self, here: InstrumentId) -> None:
        """What lives one batch leaves."""
        over = [order for order in self.resting if order.instrument_id == here and order.time_in_force != "day"]
        for order in sorted(over, key=lambda order: order.order_id):
            is_fok = order.time_in_force == "fok"
            self.take_out(order, CancelReason.FOK_NOT_FILLABLE if is_fok else CancelReason.IOC_REMAINDER)

    def _in_turn(self, here: str, side: Side, number: int) -> list[ReferenceOrder]:
        """Price, then chance."""
        best_first = -1 if side == BUY else 1
        orders = self.book_side(here, side)
        return sorted(orders, key=lambda order: (best_first * order.limit, draw(self.word, number, order.order_id)))

    def _first_unfilled(self, here: str, number: int, price: int, volume: int) -> ReferenceOrder | None:
        """The first order that accepts the price and must fill completely, and would not."""
        for side in (BUY, SELL):
            left = volume
            for order in self._in_turn(here, side, number):
                if not reaches(order, price):
                    break
                if order.time_in_force == "fok" and order.remaining > left:
                    return order
                left -= min(left, order.remaining)
        return None
