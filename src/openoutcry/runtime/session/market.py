"""What the sessions of a scenario are made of, and what a simulated market needs for it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from openoutcry.runtime.session.made_second import SecondMaker
from openoutcry.runtime.session.plans import DrawWorld
from openoutcry.runtime.session.prices import PricesAt
from openoutcry.scenarios.model import Scenario, SessionPlan
from openoutcry.venue.reading.queries import Queries

if TYPE_CHECKING:  # it imports numpy, which takes half a second
    from openoutcry.simulation.world.world import World


class Seeds(Protocol):
    """What sessions are drawn from. Raises `Unavailable` if it is lost."""

    def seed_of_session(self) -> bytes: ...

    def seed_of_next(self) -> bytes: ...


class Worlds(Protocol):
    """Where worlds are kept, by the ISO dates of their sessions. Raises `Unavailable` if one cannot be kept or read."""

    def keep(self, date: str, world: "World") -> None: ...

    def find(self, date: str, digest: str | None) -> "World":
        """The one with this date and digest."""


class Simulated(NamedTuple):
    """What a simulated market is drawn from, and where its worlds are kept."""

    seeds: Seeds
    worlds: Worlds


class SessionMarket(NamedTuple):
    prices_at: PricesAt
    maker: SecondMaker
    draw_world: DrawWorld | None
    """None: no world is drawn, because the market is not simulated."""


WITHOUT_IT: Final = "Put the file back from a copy; or end the session, and settle by hand what has expired by its date"
"""What to do if the seed or the world of a session is lost."""

MarketOf = Callable[[Scenario, SessionPlan, Queries, Simulated], SessionMarket]
"""The simulated market of a scenario, which reads the venue by its queries alone."""
