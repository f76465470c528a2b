"""The leaderboard, and a team's own score."""

from msgspec import Struct

from openoutcry.domain.scoring.components import ComponentName, Section


class ComponentInfo(Struct, kw_only=True):
    """One of the things that a score consists of. `points` is `share` times `of`, but for `sanctions`, which only take.
    The points of all components add up to the score.
    """

    name: ComponentName
    section: Section
    value: float
    share: float
    points: float
    of: float


class TeamScoreInfo(Struct, kw_only=True):
    """What a team has in the session. `rank` is that among the teams of its role: totals compare within a role.

    On the leaderboard, what the score is made of is left out until the result is final: `role_points`, `compliance` and
    `risk` are null, and `components` is empty.
    """

    rank: int
    team_id: str
    team_name: str
    role: str
    score: float
    pnl: float
    role_points: float | None
    compliance: float | None
    risk: float | None
    components: list[ComponentInfo]
    inactive: str | None
    excluded_trades: int
    excluded_value: float


class ExclusionInfo(Struct, kw_only=True):
    """Trades between the teams of two owners that are in nobody's score, because of what surveillance has found."""

    teams: list[str]
    kinds: list[str]
    trades: int
    contracts: int
    value: float


class LeaderboardData(Struct, kw_only=True):
    """Everybody's score at one instant, role by role and best first.

    Until a session shows standings of its own, those of the last one's end. `as_of`: null before the first.
    """

    as_of: str | None
    session_date: str | None
    frozen: bool
    final: bool
    teams: list[TeamScoreInfo]
    exclusions: list[ExclusionInfo]


class ScoreInputs(Struct, kw_only=True):
    """What a score is made from: sums over the session, without what excluded trades did."""

    is_active: bool
    contracts: int
    active_seconds: int
    session_seconds: int
    pnl: float
    maker_edge: float
    edge: float
    fees: float
    excluded_value: float
    excluded_trades: int
    coverage_sum_ppm: int
    coverage_samples: int
    delta_sum_milli: int
    vega_sum: float
    inventory_seconds: int
    shift: float
    net_delta_squares: int
    gross_delta_squares: int
    convergence: float
    response_ppb_ppm: int
    signalled_ppb: int
    judged_seconds: int
    outside_seconds: int
    levels_reached: int
    drawdown: float
    tail: float


class ScoreData(Struct, kw_only=True):
    """A team's own score as of the instant that the leaderboard shows. `score` and `inputs`: null before there is one,
    and for a team that was not there yet.
    """

    as_of: str | None
    session_date: str | None
    frozen: bool
    final: bool
    score: TeamScoreInfo | None
    inputs: ScoreInputs | None
