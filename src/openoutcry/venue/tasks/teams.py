"""Teams one after the other: counted anew, judged by equity and by the ladder of sanctions, or rid of what they have
open.

What a step says that it spent goes by the venue's state alone, never by what is kept to save time. So the slices of a
replay, or after a restart, are those of the first run.
"""

from itertools import islice
from typing import Final

from openoutcry.domain.day.tasks import CancelOrdersOfTeam, CountRequirements, JudgeTeams
from openoutcry.domain.types import TeamId
from openoutcry.venue import execution
from openoutcry.venue.cash.requirement import count_anew
from openoutcry.venue.cash.shortfall import judge_equity
from openoutcry.venue.duties import ladder
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.venue import VenueState

JUDGED: Final = 5
"""Orders to cancel that take as long as a team to judge by its equity, about."""


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
                spent += JUDGED
            if rules is not None:
                ladder.judge(state, outcome, team, standing, rules)
            spent += 1
    return None, spent


def count_requirements(
    state: VenueState,
    outcome: Outcome,  # noqa: ARG001 - a step
    task: CountRequirements,
    budget: int,
) -> tuple[CountRequirements | None, int]:
    """An instrument takes as long as an order to cancel, about."""
    spent = 0
    for team_id in range(task.team_id, len(state.teams) + 1):
        if spent >= budget:
            return CountRequirements(TeamId(team_id)), spent
        team = state.teams[team_id - 1]
        if team.margin is not None:
            count_anew(state, team, team.margin)
            spent += 1 + len(team.holdings)
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
