"""The validation lane: what stands against a command, found by reading state and changing none of it.

Every `judge` answers None where nothing does.
"""

from typing import Final

from openoutcry.domain.commands import (
    AmendOrder,
    CancelOrder,
    HaltInstrument,
    MassCancel,
    Price,
    QuoteTerms,
    RegisterTeam,
    ReinstateTeam,
    ReplaceQuotes,
    ResumeInstrument,
    RotateKey,
    SetCancelAfter,
    SubmitOrder,
    SuspendTeam,
    terms_of,
)
from openoutcry.domain.identifiers import format_order_id
from openoutcry.domain.orders import SIDES
from openoutcry.domain.reasons import ErrorCode, Reject
from openoutcry.domain.types import MAX_TEAMS, Ticks
from openoutcry.matching.continuous import first_maker, is_ended_by
from openoutcry.matching.order import Order
from openoutcry.risk.admission_checks import (
    Finding,
    check_client_order_id,
    instrument_halted,
    market_closed,
    team_suspended,
    unknown_instrument,
)
from openoutcry.risk.limit_checks import check_limits
from openoutcry.risk.term_checks import check_terms, invalid_side
from openoutcry.venue.state import VenueState

# A global of another module is looked up each time where this runs compiled, a final one of its own is not.
order_terms: Final = terms_of


def judge_order(state: VenueState, command: SubmitOrder, replaced: Order | None = None) -> Finding:
    """The validation of an order, read from top to bottom: the first check that finds something answers.

    First who sends it, and where to; then `check_terms` and `check_limits`, in files of their own. `replaced`: the
    order at work whose place it would take; it is judged as if that were not there.
    """
    team_id, instrument_id, side_name, quantity, price, time_in_force, post_only, client_order_id = order_terms(command)
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


def amended_terms(command: AmendOrder, order: Order) -> SubmitOrder:
    """The order that `order` would be after the amendment."""
    assert order.price is not None, "only limit orders rest"  # noqa: S101
    return SubmitOrder(
        order.team_id,
        order.instrument_id,
        "sell" if order.side else "buy",
        order.quantity if command.quantity is None else command.quantity,
        Price(order.price) if command.price is None else command.price,
        order.time_in_force,
        order.post_only,
    )


def judge_cancel(state: VenueState, command: CancelOrder) -> Reject | None:
    team_id = command.team_id
    assert team_id > 0, "teams count from 1"  # noqa: S101
    team = state.teams[team_id - 1]
    if team.suspended:
        return team_suspended()
    if command.order_id not in team.open_orders:
        # One text for not found, not yours and already done: it leaks nothing about others' orders.
        return Reject(
            ErrorCode.CANCEL_FAILED, "The team has no open order with this id; GET /orders lists those it has"
        )
    return None


def judge_amend(state: VenueState, command: AmendOrder) -> Finding:
    team = state.team(command.team_id)
    if team.suspended:
        return team_suspended()
    order = team.open_orders.get(command.order_id)
    if order is None:
        return Reject(ErrorCode.AMEND_FAILED, "The team has no open order with this id; GET /orders lists those it has")
    finding = judge_order(state, amended_terms(command, order), order)
    if finding is None and command.price is not None:
        return _check_own_orders(state, order, command.price.ticks)
    return finding


def _check_own_orders(state: VenueState, order: Order, price: Ticks) -> Reject | None:
    """Refuse a price at which self-trade prevention would end `order` before it has traded anything.

    To give an order other terms is not to give it up: it stands as it was. What it meets after a trade of the
    amendment is judged as it comes, as of any other order.
    """
    market = state.markets[order.instrument_id]
    own = first_maker(market.book, order.side, price)
    if own is None or not is_ended_by(order, own, state.self_trade_prevention):
        return None
    assert own.price is not None, "only limit orders rest"  # noqa: S101
    instrument, own_order_id = market.instrument, format_order_id(own.order_id)
    nearest = own.price + 1 if order.side else own.price - 1
    return Reject(
        ErrorCode.AMEND_FAILED,
        f"At {instrument.price_of(price)} the order would meet {own_order_id}, of the same owner, before any other:"
        " self-trade prevention would cancel it. Cancel or amend that order first, or choose a price that does not"
        " reach it",
        {
            "own_order_id": own_order_id,
            "own_price": instrument.price_of(own.price),
            "nearest": instrument.price_of(Ticks(nearest)) if 0 < nearest <= instrument.maximum_ticks else None,
        },
    )


def judge_mass_cancel(state: VenueState, command: MassCancel) -> Reject | None:
    if state.team(command.team_id).suspended:
        return team_suspended()
    if command.instrument_id is not None and command.instrument_id not in state.markets:
        return unknown_instrument(command.instrument_id)
    if command.side is not None and command.side not in SIDES:
        return invalid_side(command.side)
    return None


def judge_quotes(state: VenueState, command: ReplaceQuotes) -> Reject | None:
    """Whether the team may quote at all; each instrument's quote is judged when it is placed."""
    team = state.team(command.team_id)
    if team.suspended:
        return team_suspended()
    if not team.rules.may_quote:
        return Reject(
            ErrorCode.ROLE_NOT_PERMITTED,
            f"The role {team.role} may not use quotes; POST /orders enters single orders",
            {"role": team.role},
        )
    return market_closed() if state.phase != "continuous" else None


def judge_timer(state: VenueState, command: SetCancelAfter) -> Reject | None:
    return team_suspended() if state.team(command.team_id).suspended else None


def judge_instrument(state: VenueState, command: HaltInstrument | ResumeInstrument) -> Reject | None:
    return None if command.instrument_id in state.markets else unknown_instrument(command.instrument_id)


def judge_team(state: VenueState, command: RotateKey | SuspendTeam | ReinstateTeam) -> Reject | None:
    """Whether there is such a team."""
    return None if state.find_team(command.team_id) else _unknown_team()


def judge_registration(state: VenueState, command: RegisterTeam) -> Reject | None:
    if command.role not in state.rulebook.roles:
        return Reject(
            ErrorCode.ROLE_NOT_PERMITTED,
            f"There is no role {command.role!r}",
            {"role": command.role, "allowed": sorted(state.rulebook.roles)},
        )
    if command.team_name in state.team_of_name:
        return Reject(
            ErrorCode.DUPLICATE_TEAM_NAME,
            f"A team named {command.team_name!r} is registered already; choose another name",
            {"team_name": command.team_name},
        )
    if len(state.teams) >= MAX_TEAMS:
        return Reject(
            ErrorCode.TEAM_LIMIT,
            f"The exchange takes at most {MAX_TEAMS} teams, and has that many; nobody can register any more",
            {"limit": MAX_TEAMS},
        )
    return None


def _unknown_team() -> Reject:
    return Reject(ErrorCode.TEAM_NOT_FOUND, "There is no such team; GET /admin/teams lists those there are")


def quote_refusal(state: VenueState, quote: QuoteTerms) -> Reject | None:
    """Why an instrument's whole quote is refused, before either side is looked at."""
    market = state.markets.get(quote.instrument_id)
    if market is None:
        return unknown_instrument(quote.instrument_id)
    return instrument_halted(quote.instrument_id) if market.halted else None
