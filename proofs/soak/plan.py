"""The plan of a soak, given to the processes that carry it out."""

from typing import Final

from msgspec import Struct

WAVES: Final = 6
"""How often the load rises and falls. It does so equally in each third of the soak. So growth with the orders can be
told from growth with the time."""
SWING: Final = 0.6
"""The share by which the load is above its mean in the first half of a wave, and below it in the second."""
TROUBLES_PER_TEAM: Final = 12
"""Troubles of a team in a soak, on average; at most one every `TROUBLE_SECONDS`."""
TROUBLE_SECONDS: Final = 30.0
NEVER_READS_AGAIN: Final = 0.05
"""Share of teams that stop reading for good."""
NEVER_READS_AGAIN_AFTER: Final = 1 / 6
"""The share of the soak that is over by then: well before its second half, in which memory is judged."""


class Plan(Struct, frozen=True, kw_only=True):
    """The plan of one generator. `orders_per_second`: of its teams together, on average."""

    url: str
    notes: str
    first_team: int
    teams: int
    seconds: float
    orders_per_second: float
    seed: int

    @property
    def trouble_seconds(self) -> float:
        """Mean seconds between two troubles of one team."""
        return min(TROUBLE_SECONDS, self.seconds / TROUBLES_PER_TEAM)

    def pause_seconds(self, elapsed: float) -> float:
        """Mean seconds between two orders of one team, at this time after the start."""
        wave = elapsed / self.seconds * WAVES
        swing = 1 + SWING if wave % 1 < 0.5 else 1 - SWING
        return self.teams / (self.orders_per_second * swing)


class Totals(Struct, kw_only=True):
    """A generator's report at its end, beside its notes."""

    events: int = 0
    orders: int = 0
    other_requests: int = 0
    cuts: int = 0
    stalls: int = 0
    slow_spells: int = 0
    deaths: int = 0
    sleepers: int = 0
    gave_up: int = 0
    """Requests whose outcome the client could not find out."""
    closed_by_exchange: dict[str, int] = {}
    """Connections that the exchange ended, by close code."""
    unheard: list[str] = []
    """Teams that had not heard their last event when the time for it was over."""
    memory_before_bytes: int = 0
    memory_after_bytes: int = 0
