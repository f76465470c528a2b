"""A market maker quotes every option a bit inside the house, and hedges with the tracker."""

from typing import Final

from openoutcry.domain.instruments import Instrument
from openoutcry.domain.simulation.flow_rules import HouseRules
from openoutcry.operations import quote_protection
from openoutcry.protocol.requests import ProtectionRequest, QuoteRequest
from openoutcry.simulation.flow.widths import half_width
from proofs.market.stage import Seat

HOUSE: Final = HouseRules()
SHARE: Final = 0.8
"""Of the house's width."""
QUANTITY: Final = 10
FULL: Final = 100
"""At this position both prices have moved by half the spread, against the position."""
LARGEST_DELTA: Final = 20.0


class Maker:
    role = "market_maker"
    milliseconds = 250

    def __init__(self, move: float | None = 0.25) -> None:
        """`move`: of its protection; None: it has none."""
        self._move = move
        self._is_protected = False

    def act(self, seat: Seat) -> None:
        if self._move is not None and not self._is_protected:
            result = seat.transport.ask(quote_protection.set_protection, ProtectionRequest(move=self._move))
            assert result.reject is None, result.reject  # noqa: S101
            self._is_protected = True
        asked = (self._quote(seat, option) for option in seat.options)
        seat.quote([quote for quote in asked if quote is not None])
        seat.hedge(LARGEST_DELTA)

    def _quote(self, seat: Seat, option: Instrument) -> QuoteRequest | None:
        """None: it stands whole, and is pulled once its value moves. Without protection it is quoted in each second."""
        seen = seat.see(option.instrument_id)
        if seen.mark is None or (self._move is not None and min(seen.quote_quantities) == QUANTITY):
            return None
        tick = option.tick_size
        half = SHARE * half_width(HOUSE, seen.mark, seat.shown.underlyings[option.underlying], tick)
        middle = seen.mark.value - half * max(-1.0, min(1.0, seen.position / FULL))
        bid, ask = int((middle - half) // tick), max(int(-((-middle - half) // tick)), 1)
        bid_quantity, ask_quantity = (max(min(QUANTITY, FULL - sign * seen.position), 0) for sign in (1, -1))
        has_bid, has_ask = bid > 0 and bid_quantity > 0, ask_quantity > 0
        return QuoteRequest(
            instrument_id=option.instrument_id,
            bid_price=option.price_of(bid) if has_bid else None,
            bid_quantity=bid_quantity if has_bid else None,
            ask_price=option.price_of(ask) if has_ask else None,
            ask_quantity=ask_quantity if has_ask else None,
        )
