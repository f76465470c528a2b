"""What the venue shows to the flow. The flow reads nothing else of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from openoutcry.domain.day.marks import Mark
from openoutcry.domain.day.phases import Phase
from openoutcry.domain.simulation.shown import InstrumentShown, OwnOrder
from openoutcry.domain.types import InstrumentId, MarketTime, Money, TeamId

Wanted = tuple[InstrumentId, int, Money]
"""An instrument, the quantity that is to be quoted on either side of it, and the theoretical value from which on there
can be a bid.
"""


class MarketShown(Protocol):
    """The venue as it is whenever it is asked."""

    @property
    def market_time(self) -> MarketTime | None:
        """None before the first session."""

    @property
    def last_news(self) -> MarketTime | None:
        """When news was last published."""

    @property
    def underlyings(self) -> Mapping[str, Money]:
        """Prices by symbol."""

    def phase(self, instrument_id: InstrumentId) -> Phase: ...

    def mark(self, instrument_id: InstrumentId) -> Mark | None: ...

    def position(self, team_id: TeamId, instrument_id: InstrumentId) -> tuple[int, Money]:
        """The quantity, below 0 if short, and what it cost."""

    def instrument(self, team_id: TeamId, instrument_id: InstrumentId) -> InstrumentShown:
        """All that is to be seen of it, with the team's own quote."""

    def unquoted(self, team_id: TeamId, wanted: Sequence[Wanted]) -> list[int]:
        """Places in `wanted` of the instruments in which not both sides of the team's quote stand with that quantity,
        or not the ask alone where there can be no bid. Cheap: most quotes do.
        """

    def open_orders(self, team_id: TeamId) -> Iterable[OwnOrder]:
        """The team's limit orders at work that are no quotes, oldest first."""
