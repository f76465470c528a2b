"""What the venue shows to the simulated flow, as values."""

from msgspec import Struct

from openoutcry.domain.day.marks import Mark
from openoutcry.domain.day.phases import Phase
from openoutcry.domain.orders import Side
from openoutcry.domain.types import ClientOrderId, InstrumentId, MarketTime, OrderId, Ticks


class InstrumentShown(Struct, frozen=True, array_like=True, gc=False):
    """An instrument as a team sees it. Pairs are indexed by side."""

    phase: Phase
    matches: bool
    """Whether an order trades at once where it can."""
    mark: Mark | None
    position: int
    """Below 0 if short."""
    best_prices: tuple[Ticks | None, Ticks | None]
    """Of the book, None where a side is empty."""
    quote_prices: tuple[Ticks | None, Ticks | None]
    """Of the team's own quote, None where it has none at work."""
    quote_quantities: tuple[int, int]
    """What is left of it."""
    quote_filled_at: tuple[MarketTime | None, MarketTime | None]
    """When the team's quotes were last filled."""


class OwnOrder(Struct, frozen=True, array_like=True, gc=False):
    """A team's own order at work."""

    order_id: OrderId
    client_order_id: ClientOrderId | None
    instrument_id: InstrumentId
    side: Side
    price: Ticks
