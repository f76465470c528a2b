"""How matches are scored, and what the leaderboard shows of it."""

from typing import Annotated, Final

from msgspec import Meta, Struct

from openoutcry.domain.scoring.rules import Formula
from openoutcry.scenarios.schema.bounds import Limit, Name, Percent, Seconds, SecondsOrNone

MAX_BOARDS: Final = 60
"""Most boards that are kept back at a time."""

_Scale = Annotated[int, Meta(ge=1, le=10**9)]


class RoleScoringTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the teams of one role are scored."""

    formula: Annotated[
        Formula | None,
        Meta(
            description="By which the role's 40 points are given: `market_maker`, `hedge_fund`, `arbitrage_desk`, or"
            " `profit` (by P&L alone). Default: for the game's roles that of their name, for another role `profit`."
        ),
    ] = None
    contracts_per_hour: Annotated[
        Limit | None,
        Meta(
            description="The activity floor: contracts or lots that an active team trades in each market hour; 0: there"
            " is none. Default: 100 for market makers, 25 for hedge funds and arbitrage desks, 3 for retail, 0 for"
            " another role.",
        ),
    ] = None


class ScoringTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Scores: who won, and by what. Needs a `[schedule]` and `[pricing]`."""

    horizon_seconds: Annotated[Seconds, Meta(description="So long after a fill its edge is measured.")] = 60
    shift_seconds: Annotated[
        Seconds, Meta(description="So long after a change of regime a fund's P&L counts for `shift`.")
    ] = 600
    response_seconds: Annotated[
        Seconds, Meta(description="In this time after a signal a desk's response is measured.")
    ] = 60
    response_lots: Annotated[_Scale, Meta(description="A response of so many lots is a whole one.")] = 500
    inventory_delta: Annotated[
        _Scale,
        Meta(description="A maker's inventory: an average net delta of so many contracts of the index counts 1..."),
    ] = 50
    inventory_vega: Annotated[
        _Scale,
        Meta(description="... and one of so much vega, in contracts times currency per volatility point, 1 more."),
    ] = 500
    coverage_percent: Annotated[
        Percent, Meta(description="The coverage from which on a maker's points for it are full.")
    ] = 80
    active_percent: Annotated[
        Percent, Meta(description="Share of the session in hours in which an active team reaches its floor.")
    ] = 80
    tail_percent: Annotated[Percent, Meta(description="The share of minutes that are the worst.")] = 5
    roles: Annotated[
        dict[Name, RoleScoringTable],
        Meta(max_length=50, description="One table `[scoring.roles.<name>]` for each role to change."),
    ] = {}


class LeaderboardTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The leaderboard while a session runs; when it has ended, the board shows the result. Without this table nobody is
    shown one. Needs `[scoring]`.

    A team's own score is told as of the same instant as the board, whether the board is shown or not.
    """

    shown: Annotated[bool, Meta(description="Whether the board is public.")] = True
    interval_seconds: Annotated[Seconds, Meta(description="Market time between two boards.")] = 60
    delay_seconds: Annotated[
        SecondsOrNone,
        Meta(description=f"A board is shown so long after its instant; at most {MAX_BOARDS} times `interval_seconds`."),
    ] = 300
    frozen_seconds: Annotated[
        SecondsOrNone, Meta(description="So long before the close a board is shown for the last time.")
    ] = 900
