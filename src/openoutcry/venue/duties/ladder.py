"""The ladder of sanctions: up for a minute outside a duty, down for half an hour without; reduce-only at its top."""

from openoutcry.domain.day.duties import REDUCE_ONLY_LEVEL
from openoutcry.domain.day.game_rules import SanctionRules
from openoutcry.domain.day.tasks import CancelOrdersOfTeam
from openoutcry.domain.reasons import CancelReason
from openoutcry.domain.types import MarketTime, OrderId
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.standing import Standing
from openoutcry.venue.state.team import Team
from openoutcry.venue.state.venue import VenueState


def judge(state: VenueState, outcome: Outcome, team: Team, standing: Standing, rules: SanctionRules) -> None:
    """Move the team by one level at most, as what was counted of it says."""
    level = standing.level
    if level == REDUCE_ONLY_LEVEL:
        if standing.level_seconds >= rules.reduce_only_seconds:
            standing.begin_anew()
            _set_level(state, outcome, team, standing, level - 1)
    elif any(record.outside_seconds >= rules.breach_seconds for record in standing.duties):
        task = put_at(state, outcome, team, standing, level + 1)
        if task is not None:
            state.day.begin(task)
    elif level and standing.clean_seconds >= rules.decay_seconds:
        standing.clean_seconds = 0
        _set_level(state, outcome, team, standing, level - 1)


def put_at(
    state: VenueState, outcome: Outcome, team: Team, standing: Standing, level: int
) -> CancelOrdersOfTeam | None:
    """Put the team at this level. Nothing that was found before counts towards the next one, or the way down.

    At the top, what it has open goes: the task is the caller's to queue.
    """
    standing.begin_anew()
    standing.clean_seconds = 0
    _set_level(state, outcome, team, standing, level)
    if level != REDUCE_ONLY_LEVEL:
        return None
    return CancelOrdersOfTeam(team.team_id, OrderId(state.next_order_id), CancelReason.REDUCE_ONLY)


def _set_level(state: VenueState, outcome: Outcome, team: Team, standing: Standing, level: int) -> None:
    """Set the level and tell the team, with every duty that it has."""
    day = state.day
    standing.level = level
    standing.level_seconds = 0
    standing.level_since = MarketTime(outcome.now // 1_000_000) if day.market_time is None else day.market_time
    for record in standing.duties or (None,):
        outcome.duty_judged(team, standing, record, day.utc_offset)
