"""Equity that does not cover what it must: first the team may only reduce; below 0 its positions go to the house."""

from openoutcry.domain.day.tasks import CancelOrdersOfTeam, TakeOverPositions
from openoutcry.domain.reasons import CancelReason
from openoutcry.domain.types import OrderId
from openoutcry.venue.cash.requirement import equity, is_covered
from openoutcry.venue.state.margin import Margin
from openoutcry.venue.state.standing import Standing
from openoutcry.venue.state.team import Team
from openoutcry.venue.state.venue import VenueState


def judge_equity(state: VenueState, team: Team, standing: Standing, margin: Margin) -> None:
    """Look at the team at the newest marks and begin what follows."""
    if standing.is_barred_in(state.trading_session):
        return
    own = equity(state, team)
    if own < 0:
        standing.is_short = False
        standing.barred_session = state.trading_session
        state.day.begin(CancelOrdersOfTeam(team.team_id, _next(state), CancelReason.INSUFFICIENT_CASH))
        state.day.begin(TakeOverPositions(team.team_id))
        return
    is_short = not is_covered(state, team, margin, own, 0)
    if is_short and not standing.is_short:
        state.day.begin(CancelOrdersOfTeam(team.team_id, _next(state), CancelReason.REDUCE_ONLY))
    standing.is_short = is_short


def _next(state: VenueState) -> OrderId:
    return OrderId(state.next_order_id)
