"""The session that a match is."""

from msgspec import Struct

from openoutcry.domain.day.phases import Phase
from openoutcry.domain.types import MarketTime


class Session(Struct):
    """The session under way, or the last one. `number` 0: there was none."""

    number: int = 0
    date: str = ""
    opening_at: MarketTime = MarketTime(0)
    """The end of the opening call."""
    close_at: MarketTime = MarketTime(0)
    market_time: MarketTime = MarketTime(0)
    utc_offset: int = 0
    is_running: bool = False
    """From its start to its close."""
    phase: Phase = "closed"
    teams: int = 0
    """How many participants there were by its close: who comes later is in the next match."""

    @property
    def expiry(self) -> str:
        """Of options that expire with it, as columns have it."""
        return self.date.replace("-", "")
