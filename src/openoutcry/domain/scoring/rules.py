"""How a match is scored. Integers, named for their units as in `openoutcry.domain.day.game_rules`; defaults are the
default game's.
"""

from typing import Final, Literal

from msgspec import Struct, field

from openoutcry.domain.scoring.surveillance_rules import SurveillanceRules

Formula = Literal["market_maker", "hedge_fund", "arbitrage_desk", "profit"]
"""By which the 40 points of a role are given; `profit`: by P&L alone."""


class RoleScoring(Struct, frozen=True, kw_only=True):
    """How the teams of one role are scored."""

    formula: Formula = "profit"
    contracts_per_hour: int = 0
    """The activity floor: what an active team trades in each market hour. 0: there is none."""


GAME_ROLES: Final[dict[str, RoleScoring]] = {
    "market_maker": RoleScoring(formula="market_maker", contracts_per_hour=100),
    "hedge_fund": RoleScoring(formula="hedge_fund", contracts_per_hour=25),
    "arbitrage_desk": RoleScoring(formula="arbitrage_desk", contracts_per_hour=25),
    "retail": RoleScoring(formula="profit", contracts_per_hour=3),
}
"""Of the roles of the default game, by their names."""


class BoardRules(Struct, frozen=True, kw_only=True):
    """The leaderboard while the session runs. When it has ended, the board shows the result."""

    shown: bool = True
    """Whether it is public. Teams are told their own score as of the board's instant in any case."""
    interval_seconds: int = 60
    delay_seconds: int = 300
    """By so much what it shows is older than the market."""
    frozen_seconds: int = 900
    """So long before the close it is shown anew for the last time."""


class ScoringRules(Struct, frozen=True, kw_only=True):
    roles: dict[str, RoleScoring] = field(default_factory=lambda: dict(GAME_ROLES))
    """By role; one that is not here is scored by its P&L, without a floor."""
    horizon_seconds: int = 60
    """So long after a fill its edge is measured."""
    shift_seconds: int = 600
    """So long after a change of regime a fund's P&L counts for `shift`."""
    response_seconds: int = 60
    """In this time after a signal a desk's response is measured."""
    response_lots: int = 500
    """A response of so many lots is a whole one."""
    inventory_delta: int = 50
    """An average net delta of so many contracts of the index counts 1,"""
    inventory_vega: int = 500
    """and one of so much vega, in contracts times currency per volatility point, 1 more."""
    coverage_ppm: int = 800_000
    """The coverage from which on its points are full."""
    active_ppm: int = 800_000
    """The share of the session in hours in which an active team reaches its floor."""
    tail_ppm: int = 50_000
    """The share of minutes that are the worst."""
    board: BoardRules = BoardRules()
    surveillance: SurveillanceRules = SurveillanceRules()

    def of(self, role: str) -> RoleScoring:
        return self.roles.get(role, RoleScoring())
