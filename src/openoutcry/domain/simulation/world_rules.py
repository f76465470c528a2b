"""The rules by which the world is drawn: regimes, news, jumps, the tracker, theoretical variance, signals.

Integers, named for their units as in `openoutcry.domain.day.game_rules`. Defaults are the default game's.
"""

from typing import Final

from msgspec import Struct

from openoutcry.domain.simulation.headlines import REGIMES, Headline, Regime


class RegimeRules(Struct, frozen=True, kw_only=True):
    """One regime of volatility. Chances are those of `low`, `medium` and `high`, in this order."""

    volatility_micro: int
    """Annual: 200,000 is 20 %."""
    stay_seconds: int
    """The mean of how long it lasts."""
    next_ppm: tuple[int, ...]
    """What follows it; its own chance is 0."""
    forced_ppm: tuple[int, ...]
    """What news that shift the regime make of it."""


LOW: Final = RegimeRules(
    volatility_micro=100_000,
    stay_seconds=3_600,
    next_ppm=(0, 800_000, 200_000),
    forced_ppm=(0, 700_000, 300_000),
)
MEDIUM: Final = RegimeRules(
    volatility_micro=200_000,
    stay_seconds=2_400,
    next_ppm=(330_000, 0, 670_000),
    forced_ppm=(100_000, 0, 900_000),
)
HIGH: Final = RegimeRules(
    volatility_micro=500_000,
    stay_seconds=1_200,
    next_ppm=(100_000, 900_000, 0),
    forced_ppm=(50_000, 850_000, 100_000),
)


class WorldRules(Struct, frozen=True, kw_only=True):
    """Of prices, beliefs and news. `year_seconds` follows from the scenario's hours; all else is a key of its file."""

    year_seconds: int = 4_989_600
    """Seconds of sessions in a year, for which volatilities are given: 252 sessions of five and a half hours."""
    low: RegimeRules = LOW
    medium: RegimeRules = MEDIUM
    high: RegimeRules = HIGH
    start: Regime = "medium"
    """The regime in which every session starts."""
    news_gap_least_seconds: int = 300
    """Between two items of news, at least; beyond it the gap is exponential."""
    news_gap_beyond_seconds: int = 2_100
    """The mean of what comes beyond it."""
    jump_ppm: int = 5_000
    """The mean size of a jump, of the index's price."""
    jump_spread_ppm: int = 300_000
    """Standard deviation of the logarithm of a jump's size."""
    tracker_deviation_ppm: int = 400
    """Stationary standard deviation of the tracker's error."""
    tracker_half_life_seconds: int = 600
    level_noise_ppm: int = 15_000
    """Stationary standard deviation of the noise on the root of the theoretical variance."""
    level_half_life_seconds: int = 1_800
    smile_seconds: int = 1_800
    """The time to settlement at which the squared curvature of the smile has halved."""

    def of(self, regime: Regime) -> RegimeRules:
        rules: RegimeRules = getattr(self, regime)
        return rules

    @property
    def regimes(self) -> tuple[RegimeRules, ...]:
        """In the order of `REGIMES`."""
        return tuple(map(self.of, REGIMES))


class ForecastRules(Struct, frozen=True, kw_only=True):
    """The signal `volatility_forecast`."""

    role: str = "hedge_fund"
    confidence_least_ppm: int = 460_000
    confidence_most_ppm: int = 860_000
    lead_least_seconds: int = 60
    lead_most_seconds: int = 300
    quiet_seconds: int = 400
    """A false alarm is followed by so many seconds without a shift."""
    blur_ppm: int = 300_000
    """`seconds_until_change` is off the lead by at most this share of it."""


class TrackingRules(Struct, frozen=True, kw_only=True):
    """The signal `tracking_error`."""

    role: str = "arbitrage_desk"
    ahead_seconds: int = 2
    """The signal tells the error so many seconds ahead."""
    trigger_milli: int = 1_000
    """The error that triggers it, in thousandths of its standard deviation."""
    rearmed_ppm: int = 333_333
    """Of the trigger: once the error is smaller, the next one may come."""
    confidence_ppm: int = 660_000
    """At one standard deviation."""
    confidence_slope_ppm: int = 200_000
    """By how much less it is for each standard deviation more."""
    confidence_least_ppm: int = 100_000


class MarketRules(Struct, frozen=True, kw_only=True):
    """What the world of a session is drawn from, beside its seed."""

    world: WorldRules = WorldRules()
    headlines: tuple[Headline, ...] = ()
    """Without any there is no news."""
    forecast: ForecastRules | None = None
    """None: there is no such signal."""
    tracking: TrackingRules | None = None
