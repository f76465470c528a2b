"""The house takes over the positions of a team whose equity is below 0."""

from openoutcry.domain.day.tasks import TakeOverPositions
from openoutcry.domain.types import Money
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.team import Holding, Team
from openoutcry.venue.state.venue import VenueState


def take_over_positions(
    state: VenueState, outcome: Outcome, task: TakeOverPositions, budget: int
) -> tuple[TakeOverPositions | None, int]:
    """One after the other, each at its mark, or without one at what it cost. No fees are paid."""
    team, house = state.team(task.team_id), state.house
    if house is None:
        return None, 0
    moved = 0
    for holding in list(team.holdings.values()):
        held = holding.position.quantity
        if not held:
            continue
        if moved >= budget:
            return task, moved
        market = state.markets[holding.instrument_id]
        unit_value = _unit_value(market, holding)
        _book(outcome, team, holding, -held, unit_value)
        _book(outcome, house, house.holding(market), held, unit_value)
        moved += 1
    return None, moved


def _unit_value(market: Market, holding: Holding) -> int:
    """Money per contract."""
    mark, position = market.mark, holding.position
    return position.cost_basis // position.quantity if mark is None else mark.value * market.instrument.multiplier


def _book(outcome: Outcome, team: Team, holding: Holding, quantity: int, unit_value: int) -> None:
    team.account.settle(holding.position, quantity, unit_value, Money(0))
    team.position_changed(holding)
    outcome.position_changed(team, holding)
