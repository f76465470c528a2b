"""A team's own score."""

from openoutcry.access.caller import Caller
from openoutcry.operations.leaderboard import scores_of
from openoutcry.operations.result import Result
from openoutcry.protocol.responses import ScoreData
from openoutcry.runtime.exchange import Exchange


def show_score(exchange: Exchange, caller: Caller) -> Result[ScoreData]:
    """The team's own, as of the instant that the leaderboard shows. Raises as `scores_of`."""
    return Result(exchange.clock.now(), scores_of(exchange).of_team(caller.team_id))
