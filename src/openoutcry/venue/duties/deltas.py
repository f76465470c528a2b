"""Deltas of portfolios: positions, at the newest marks, in parts of `VenueState.delta_unit`.

Exact integers. A contract on the index counts its delta; one on its tracker, and a lot of it, so much less as the
ratio says.
"""

from openoutcry.domain.day.duties import DUTY_UNITS
from openoutcry.venue.state.team import Team
from openoutcry.venue.state.venue import VenueState


def deltas(state: VenueState, team: Team) -> tuple[int, int]:
    """Of positions on the index, and of those on trackers of it."""
    index, tracker, markets, parts_of_index = 0, 0, state.markets, state.delta_unit // DUTY_UNITS
    for instrument_id, holding in team.holdings.items():
        held = holding.position.quantity
        if held:
            market = markets[instrument_id]
            if market.delta_parts == parts_of_index:
                index += held * market.contract_delta
            else:
                tracker += held * market.contract_delta
    return index, tracker


def portfolio_delta(state: VenueState, team: Team) -> int:
    index, tracker = deltas(state, team)
    return index + tracker


def delta_with_open_orders(state: VenueState, team: Team) -> int:
    """What it would be if everything that the team has open filled."""
    total = 0
    for instrument_id, holding in team.holdings.items():
        buys, sells = holding.open_quantity
        total += (holding.position.quantity + buys - sells) * state.markets[instrument_id].contract_delta
    return total
