"""What the venue shows to the flow. The flow reads nothing else of it."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

from openoutcry.domain.day.marks import Mark
from openoutcry.domain.day.phases import Phase
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.orders import Side
from openoutcry.domain.types import ClientOrderId, InstrumentId, MarketTime, Money, OrderId, TeamId, Ticks


class Best(NamedTuple):
    """Best prices of a book, None where a side is empty."""

    bid: Ticks | None
    ask: Ticks | None


class OwnOrder(NamedTuple):
    """An order at work."""

    order_id: OrderId
    client_order_id: ClientOrderId | None
    instrument_id: InstrumentId
    side: Side
    price: Ticks
    remaining_quantity: int


class OwnQuote(NamedTuple):
    """A side of a quote at work."""

    price: Ticks
    remaining_quantity: int


class MarketShown(Protocol):
    """The venue at one instant; every answer is of that instant."""

    @property
    def market_time(self) -> MarketTime: ...

    @property
    def last_news(self) -> MarketTime | None:
        """When news was last published."""

    @property
    def underlyings(self) -> Mapping[str, Money]: ...

    def instruments(self) -> Iterable[Instrument]:
        """Those that can be traded, not expired, in order of listing."""

    def phase(self, instrument_id: InstrumentId) -> Phase: ...

    def mark(self, instrument_id: InstrumentId) -> Mark | None: ...

    def best(self, instrument_id: InstrumentId) -> Best: ...

    def position(self, team_id: TeamId, instrument_id: InstrumentId) -> tuple[int, Money]:
        """The quantity, below 0 if short, and what it cost."""

    def quote(self, team_id: TeamId, instrument_id: InstrumentId, side: Side) -> OwnQuote | None:
        """The side of the team's quote that is at work."""

    def quote_filled_at(self, team_id: TeamId, instrument_id: InstrumentId, side: Side) -> MarketTime | None:
        """When this side of the team's quotes was last filled, in this session."""

    def open_orders(self, team_id: TeamId) -> Iterable[OwnOrder]:
        """The team's limit orders at work that are no quotes, oldest first."""
