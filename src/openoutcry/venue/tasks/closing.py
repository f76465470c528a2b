"""The session's close: every open order is cancelled."""

from openoutcry.domain.day.tasks import CancelOrders
from openoutcry.domain.reasons import CancelReason
from openoutcry.domain.types import TeamId
from openoutcry.venue import execution
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.venue import VenueState


def cancel_orders(
    state: VenueState, outcome: Outcome, task: CancelOrders, budget: int
) -> tuple[CancelOrders | None, int]:
    """Team after team, each one's orders from the oldest on."""
    spent = 0
    for team_id in range(task.team_id, len(state.teams) + 1):
        team = state.teams[team_id - 1]
        while team.open_orders:
            if spent >= budget:
                return CancelOrders(TeamId(team_id)), spent
            order = next(iter(team.open_orders.values()))
            market = state.markets[order.instrument_id]
            execution.cancel(outcome, team, market, order, CancelReason.SESSION_CLOSE)
            spent += 1
    return None, spent
