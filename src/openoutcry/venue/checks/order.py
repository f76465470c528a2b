"""The validation of an order, read from top to bottom. It reads the state and changes none of it."""

from typing import Final

from openoutcry.domain.commands import SubmitOrder, terms_of
from openoutcry.domain.orders import SIDES
from openoutcry.domain.reasons import Finding
from openoutcry.matching.order import Order
from openoutcry.venue.checks.limits import check_limits
from openoutcry.venue.checks.market import instrument_halted, market_closed, unknown_instrument
from openoutcry.venue.checks.sender import check_client_order_id, team_suspended
from openoutcry.venue.checks.terms import check_terms
from openoutcry.venue.state import VenueState

# A global of another module is looked up each time where this runs compiled, a final one of its own is not.
_terms_of: Final = terms_of


def judge_order(state: VenueState, command: SubmitOrder, replaced: Order | None = None) -> Finding:
    """The validation of an order, read from top to bottom: the first check that finds something answers.

    First who sends it, and where to; then `check_terms` and `check_limits`, in files of their own. `replaced`: the
    order at work whose place it would take; it is judged as if that were not there.
    """
    team_id, instrument_id, side_name, quantity, price, time_in_force, post_only, client_order_id = _terms_of(command)
    assert team_id > 0, "teams count from 1"  # noqa: S101
    team = state.teams[team_id - 1]
    if team.suspended:
        return team_suspended()
    if client_order_id is not None:
        repeated = check_client_order_id(command, client_order_id, team.claims)
        if repeated is not None:
            return repeated
    market = state.markets.get(instrument_id)
    if market is None:
        return unknown_instrument(instrument_id)
    if state.phase != "continuous":
        return market_closed()
    if market.halted:
        return instrument_halted(instrument_id)
    filled_quantity = 0 if replaced is None else replaced.filled_quantity
    unsound = check_terms(
        side_name,
        quantity,
        price,
        time_in_force,
        post_only,
        market.instrument,
        market.maximum_ticks,
        filled_quantity,
    )
    if unsound is not None:
        return unsound
    side = SIDES[side_name]
    opposite = 1 - side
    open_orders = len(team.open_orders)
    exposure_elsewhere = team.total_option_exposure
    position = open_quantity = opposite_quantity = opposite_orders = 0
    holding = team.holdings.get(instrument_id)
    if holding is not None:
        position = holding.position.quantity
        open_quantity = holding.open_quantity[side]
        opposite_quantity = holding.open_quantity[opposite]
        opposite_orders = holding.open_orders[opposite]
        exposure_elsewhere -= holding.exposure
    if replaced is not None:
        open_quantity -= replaced.remaining_quantity
        open_orders -= 1
    return check_limits(
        command,
        quantity,
        market.instrument,
        market.is_option,
        team.rules,
        side,
        market.book.sides[opposite].best_price if post_only else None,
        price is not None and time_in_force == "day",
        -position if side else position,
        open_quantity,
        quantity - filled_quantity,
        opposite_quantity,
        opposite_orders,
        open_orders,
        exposure_elsewhere,
    )
