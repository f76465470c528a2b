"""What a score is made from: one team in one match, in integers."""

from msgspec import Struct

from openoutcry.domain.types import Money, TeamId


class Entry(Struct, frozen=True, kw_only=True):
    """The inputs of one team's score. Every number is there whatever the role; the role's formula takes what it needs.

    Trades that are excluded are in none of them but `excluded_value` and `excluded_trades`.
    """

    team_id: TeamId
    team_name: str
    role: str
    owner: str
    """The same for all teams of one owner."""
    is_active: bool = True
    """Whether it has reached the activity floor of its role, or there is none."""
    contracts: int = 0
    """Traded, with others than its owner's teams."""
    active_seconds: int = 0
    """Of the session's seconds, those in hours in which the floor was reached,"""
    session_seconds: int = 0
    """of so many so far."""

    pnl: Money = Money(0)
    """Equity at the newest marks, less what the session began with."""
    maker_edge: Money = Money(0)
    """Edge of its fills as maker."""
    edge: Money = Money(0)
    """Edge of all of its fills."""
    fees: Money = Money(0)
    excluded_value: Money = Money(0)
    """What excluded trades were worth to it. It is no part of `pnl`."""
    excluded_trades: int = 0

    coverage_sum_ppm: int = 0
    """Sum of covered / counted over the samples of its quotes."""
    coverage_samples: int = 0
    delta_sum_milli: int = 0
    """Sum over seconds of continuous trading of the size of its net delta, in 1e-3 contracts of the index,"""
    vega_sum: Money = Money(0)
    """and of its net vega, money per volatility point and unit of the underlying,"""
    inventory_seconds: int = 0
    """over so many seconds."""

    shift: Money = Money(0)
    """P&L in the windows after changes of regime."""
    net_delta_squares: int = 0
    """Sum over seconds of the square of its net delta, in 1e-3 contracts,"""
    gross_delta_squares: int = 0
    """and of the sum of the sizes of its options' deltas."""

    convergence: Money = Money(0)
    """What its balanced position earned from the tracker's error, without edge."""
    response_ppb_ppm: int = 0
    """Sum over signals of the size of the error, in 1e-9, times the response in ppm,"""
    signalled_ppb: int = 0
    """and of the size of the error alone."""

    judged_seconds: int = 0
    """Seconds of continuous trading in which a duty counted,"""
    outside_seconds: int = 0
    """and those of them outside one."""
    levels_reached: int = 0
    """Times that level 2 or 3 was reached."""

    drawdown: Money = Money(0)
    """The largest fall of equity from one full market minute to a later one."""
    tail: Money = Money(0)
    """The mean of the worst changes of equity from minute to minute, rounded down."""
