"""The end of an instrument: its orders are cancelled, its positions paid out."""

from typing import Final

from openoutcry.domain.day.tasks import CancelExpired, PayOut
from openoutcry.domain.reasons import CancelReason
from openoutcry.domain.types import Money
from openoutcry.venue import execution
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.venue import VenueState

TEAMS_PER_ORDER: Final = 20
"""Teams without a position that take as long to pass over as one order to cancel, about."""


def cancel_expired(
    state: VenueState, outcome: Outcome, task: CancelExpired, budget: int
) -> tuple[CancelExpired | None, int]:
    """Bids before asks, each by price, then time: the orders are found in the book, however many others there are."""
    market = state.markets[task.instrument_id]
    spent = 0
    for side in market.book.sides:
        while side.best is not None:
            if spent >= budget:
                return task, spent
            order = side.best.first
            assert order is not None, "a level has an order"  # noqa: S101
            team = state.teams[order.team_id - 1]
            execution.cancel(outcome, team, market, order, CancelReason.INSTRUMENT_EXPIRED)
            spent += 1
    market.fleeting.clear()
    return None, spent + 1


def pay_out(state: VenueState, outcome: Outcome, task: PayOut, budget: int) -> tuple[PayOut | None, int]:
    """Team after team: cash for the position at the settlement price. Longs get what shorts pay, for positions add up
    to zero.
    """
    market = state.markets[task.instrument_id]
    settlement = market.settlement
    assert settlement is not None, "it is settled before it is paid out"  # noqa: S101
    value = settlement.settlement_price * market.tick_value
    passed = paid = 0
    for team in state.teams[task.team_id - 1 :]:
        if paid + passed // TEAMS_PER_ORDER >= budget:
            return PayOut(task.instrument_id, team.team_id), budget
        passed += 1
        holding = team.holdings.get(task.instrument_id)
        if holding is None or not holding.position.quantity:
            continue
        paid += 1
        team.account.settle(holding.position, -holding.position.quantity, value, Money(0))
        team.position_changed(holding)
        outcome.position_changed(team, holding)
    return None, paid + passed // TEAMS_PER_ORDER + 1
