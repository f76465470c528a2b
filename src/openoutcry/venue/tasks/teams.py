"""Teams one after the other: judged by equity and by the ladder of sanctions, or rid of what they have open."""

from itertools import islice
from typing import Final

from openoutcry.domain.day.tasks import CancelOrdersOfTeam, JudgeTeams
from openoutcry.domain.types import TeamId
from openoutcry.venue import execution
from openoutcry.venue.cash.shortfall import judge_equity
from openoutcry.venue.duties import ladder
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state import VenueState

COUNTED: Final = 2
"""Orders to cancel that take as long as an instrument to count anew, about. Every instrument of a team is taken to be
counted: how many there are in truth depends on what was asked meanwhile, and how far a slice comes may not."""


def judge_teams(state: VenueState, outcome: Outcome, task: JudgeTeams, budget: int) -> tuple[JudgeTeams | None, int]:
    """What is begun for one team is done before the next is judged."""
    rules = state.rulebook.game.sanctions
    spent = 0
    for team_id in range(task.team_id, len(state.teams) + 1):
        if spent >= budget or state.day.begun:
            return JudgeTeams(TeamId(team_id)), spent
        team = state.teams[team_id - 1]
        standing = team.standing
        if standing is not None:
            if team.margin is not None:
                judge_equity(state, team, standing, team.margin)
                spent += COUNTED * len(team.holdings)
            if rules is not None:
                ladder.judge(state, outcome, team, standing, rules)
            spent += 1
    return None, spent


def cancel_orders_of_team(
    state: VenueState, outcome: Outcome, task: CancelOrdersOfTeam, budget: int
) -> tuple[CancelOrdersOfTeam | None, int]:
    """Its orders from the oldest on. What it enters meanwhile stays."""
    team = state.team(task.team_id)
    oldest = list(islice(team.open_orders.values(), budget + 1))
    going = [order for order in oldest[:budget] if order.order_id < task.before]
    for order in going:
        execution.cancel(outcome, team, state.markets[order.instrument_id], order, task.reason)
    is_done = len(oldest) <= budget or oldest[budget].order_id >= task.before
    return (None if is_done else task), len(going)
