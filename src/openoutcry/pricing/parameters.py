"""What every value rests on, whatever the volatility."""

from msgspec import Struct

from openoutcry.pricing.session_time import SESSION_SECONDS, SESSIONS_A_YEAR


class Parameters(Struct, frozen=True, kw_only=True):
    """`rate` and `dividend` are annual, as fractions: 0.02 is 2 %."""

    rate: float = 0.0
    dividend: float = 0.0
    session_seconds: int = SESSION_SECONDS
    """Of a full session."""
    sessions_a_year: int = SESSIONS_A_YEAR

    @property
    def year_seconds(self) -> int:
        """Seconds of sessions in a year. Volatilities and rates are for a year."""
        return self.session_seconds * self.sessions_a_year
