"""The leaderboard."""

from openoutcry.access.caller import Caller
from openoutcry.access.refusals import not_found
from openoutcry.domain.reasons import ErrorCode
from openoutcry.operations.result import Result
from openoutcry.protocol.responses import LeaderboardData
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.leaderboard import PROJECTION, Leaderboard
from openoutcry.runtime.sequencing.unavailable import Unavailable


def show_leaderboard(exchange: Exchange, _caller: Caller) -> Result[LeaderboardData]:
    """Raises as `public_leaderboard`."""
    return Result(exchange.clock.now(), public_leaderboard(exchange).data())


def public_leaderboard(exchange: Exchange) -> Leaderboard:
    """Raises `Refused` (404) where there is none to show, `Unavailable` if the scores failed and were dropped."""
    leaderboard = scores_of(exchange)
    if not leaderboard.is_shown:
        raise not_found(
            ErrorCode.NO_SCORES,
            "The organiser does not show a leaderboard; GET /account/score tells a team its own score",
        )
    return leaderboard


def scores_of(exchange: Exchange) -> Leaderboard:
    """Raises `Refused` (404) if the scenario has no scores, `Unavailable` if they failed and were dropped."""
    if exchange.scenario.scoring is None:
        raise not_found(ErrorCode.NO_SCORES, "This scenario is not scored: its file has no [scoring]")
    if exchange.leaderboard is None or PROJECTION in exchange.projections.failed:
        raise Unavailable("The scores failed and were dropped")
    return exchange.leaderboard
