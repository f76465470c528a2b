"""The rules of the trading day as integers, beyond those that every exchange has. A rule that is None is off.

Names tell the unit: `_ppm` parts per million; `_seconds` market seconds; `_millipoints` thousandths of a volatility
point; `_micro` 1e-6. Defaults are the default game's.
"""

from math import lcm
from typing import Final

from msgspec import Struct


class BreakerRules(Struct, frozen=True, kw_only=True):
    """All instruments halt when `underlying` has moved by `move_ppm` or more against `window_seconds` before."""

    underlying: str = "SPX"
    move_ppm: int = 12_500
    window_seconds: int = 300
    most_halts: int = 3
    """In one session."""
    quiet_seconds: int = 900
    """Before the close, in which it halts no more."""


class DayRules(Struct, frozen=True, kw_only=True):
    """A session that runs through its phases on market time."""

    opening_random_seconds: int = 30
    """The opening call ends at a random instant of its last seconds, as many as these."""
    halt_seconds: int = 180
    """How long the circuit breaker's halt lasts; the organiser's lasts until resumed."""
    reopening_call_seconds: int = 120
    reopening_random_seconds: int = 15
    breaker: BreakerRules | None = BreakerRules()


class BatchRules(Struct, frozen=True, kw_only=True):
    """Frequent batch auctions in place of continuous matching."""

    interval_seconds: int = 1


class SettlementRules(Struct, frozen=True, kw_only=True):
    """The settlement value is the average of the underlying at `fixings` instants, the last one the close."""

    fixings: int = 30
    interval_seconds: int = 10


class BandRules(Struct, frozen=True, kw_only=True):
    """Buys above and sells below the mark by more than the width of the band are refused."""

    volatility_millipoints: int = 3_000
    """Of vega, in the width of an option's band."""
    spot_ppm: int = 1_000
    """Of the underlying's price times the size of delta, in the same."""
    minimum_ticks: int = 10
    spot_instrument_ppm: int = 2_500
    """Width of a spot instrument's band, of its mark."""


class CoverageRules(Struct, frozen=True, kw_only=True):
    """A market maker's duty: two-sided quotes, narrow and large enough, in the options that count."""

    minimum_value_ticks: int = 5
    """An option counts from this theoretical value on."""
    minimum_quantity: int = 10
    width_value_ppm: int = 100_000
    width_volatility_millipoints: int = 2_000
    width_minimum_ticks: int = 4
    width_spot_ppm: int = 1_000
    sample_seconds: int = 5
    """One second in so many is looked at, drawn by chance."""
    window_seconds: int = 300
    required_ppm: int = 800_000
    judged_from_seconds: int = 60
    """A window shorter than this is not judged."""
    news_exempt_seconds: int = 60
    protection_exempt_seconds: int = 30
    protection_exempt_window_seconds: int = 300


class DeltaRules(Struct, frozen=True, kw_only=True):
    """The portfolio's delta, in contracts of the index, stays within this limit on either side."""

    limit: int = 50


class BalanceRules(Struct, frozen=True, kw_only=True):
    """Deltas of the index and of the tracker are opposite and nearly equal."""

    tolerance_ppm: int = 200_000
    """Of the sum of both sizes, for the size of their sum."""
    measured_from: int = 5
    """Sum of both sizes, in contracts of the index, below which nothing is measured."""


class RoleDuties(Struct, frozen=True, kw_only=True):
    coverage: CoverageRules | None = None
    delta: DeltaRules | None = None
    balance: BalanceRules | None = None


class SanctionRules(Struct, frozen=True, kw_only=True):
    """The ladder: 0 none, 1 warned, 2 points off, 3 reduce-only."""

    breach_seconds: int = 60
    """Consecutive seconds outside a duty that raise the level by one."""
    reduce_only_seconds: int = 300
    """How long level 3 lasts; then it is 2."""
    decay_seconds: int = 1_800
    """Seconds without one outside that lower the level by one."""


class CashRules(Struct, frozen=True, kw_only=True):
    """Equity covers the worst of the scenarios, each a move of the spot with one of the volatility."""

    interval_seconds: int = 60
    spot_moves_ppm: tuple[int, ...] = (-80_000, -40_000, 0, 40_000, 80_000)
    volatility_moves_micro: tuple[int, ...] = (-100_000, 0, 100_000)
    minimum_volatility_micro: int = 50_000

    @property
    def scenarios(self) -> int:
        return len(self.spot_moves_ppm) * len(self.volatility_moves_micro)


class ProtectionRules(Struct, frozen=True, kw_only=True):
    """What a team may ask of market-maker protection; its limits are the team's own."""

    least_move_ppm: int = 100_000
    """Of half a quote's spread."""
    longest_interval_seconds: int = 3_600
    longest_frozen_seconds: int = 3_600


class GameRules(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything about the day that the venue decides by. With no rule set, the venue trades as one without a day."""

    day: DayRules | None = None
    batch: BatchRules | None = None
    """None: continuous matching."""
    settlement: SettlementRules | None = None
    band: BandRules | None = None
    roles: dict[str, RoleDuties] = {}
    """Duties by role; a role that is not here has none."""
    sanctions: SanctionRules | None = None
    cash: CashRules | None = None
    protection: ProtectionRules | None = None
    """None: the defaults."""
    index_ratio: dict[str, int] = {}
    """By underlying: how many of its units make one of the index. SPX 1, SPY 10. One that is not here counts 1."""

    def rests_on(self, underlying: str) -> tuple[str, int]:
        """The underlying whose price an option on this one goes by, and what that is divided by: the index and the
        ratio of the tracker to it; any other goes by itself.
        """
        ratio = self.index_ratio.get(underlying, 1)
        if ratio == 1:
            return underlying, 1
        return next((symbol for symbol, of_index in self.index_ratio.items() if of_index == 1), underlying), ratio

    @property
    def judges_teams(self) -> bool:
        """Whether there is anything that teams are judged by from second to second."""
        return bool(self.roles) or self.sanctions is not None or self.cash is not None

    @property
    def parts_of_delta(self) -> int:
        """Into how many parts a delta of 1e-6 is cut, so that deltas of all underlyings add up in whole parts."""
        return lcm(*self.index_ratio.values())


NO_GAME: Final = GameRules()
"""No rule of the day at all."""
