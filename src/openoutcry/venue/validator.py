"""The validation lane: every command's verdict, by reading state and changing none of it."""

from typing import Final, assert_never

from openoutcry.domain.commands import (
    AmendOrder,
    CancelOrder,
    Command,
    ElapseTimer,
    GuardConnection,
    HaltInstrument,
    LoseConnection,
    MassCancel,
    Price,
    QuoteTerms,
    RegisterTeam,
    ReinstateTeam,
    ReplaceQuotes,
    ResumeInstrument,
    RotateKey,
    SetCancelAfter,
    SetPhase,
    SkipIds,
    SubmitOrder,
    SuspendTeam,
    UnguardConnection,
)
from openoutcry.domain.orders import SIDES
from openoutcry.domain.reasons import Accepted, ErrorCode, Reject, Verdict
from openoutcry.domain.types import MAX_TEAMS
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

ACCEPTED: Final = Accepted()


def validate(state: VenueState, command: Command) -> Verdict:
    """The verdict on `command` as things stand: `Accepted`, `Duplicate` or `Reject`."""
    # The frequent ones' types are compared: a class pattern takes ten times as long on a msgspec Struct.
    if type(command) is SubmitOrder:
        finding = judge_order(state, command)
        return Accepted(state.next_order_id) if finding is None else finding
    if type(command) is CancelOrder:
        return _validate_cancel(state, command)
    if type(command) is AmendOrder:
        return _validate_amend(state, command)
    if type(command) is ReplaceQuotes:
        return _validate_quotes(state, command)
    if type(command) is MassCancel:
        return _validate_mass_cancel(state, command)
    match command:
        case RegisterTeam():
            return _validate_registration(state, command)
        case HaltInstrument() | ResumeInstrument():
            if command.instrument_id not in state.markets:
                return unknown_instrument(command.instrument_id)
            return ACCEPTED
        case SetCancelAfter():
            return team_suspended() if state.team(command.team_id).suspended else ACCEPTED
        case RotateKey() | SuspendTeam() | ReinstateTeam():
            return ACCEPTED if state.find_team(command.team_id) else _unknown_team()
        case GuardConnection() | UnguardConnection() | LoseConnection() | ElapseTimer() | SetPhase() | SkipIds():
            return ACCEPTED
        case _:
            assert_never(command)


def judge_order(state: VenueState, command: SubmitOrder, replaced: Order | None = None) -> Finding:
    """The validation of an order, read from top to bottom: the first check that finds something answers.

    First who sends it, and where to; then `check_terms` and `check_limits`, in files of their own. `replaced`: the
    order at work whose place it would take; it is judged as if that were not there.
    """
    team = state.team(command.team_id)
    if team.suspended:
        return team_suspended()
    # Each term is read once: reading a field of a Struct is dear where this runs compiled.
    client_order_id, instrument_id = command.client_order_id, command.instrument_id
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
    side_name, quantity, price = command.side, command.quantity, command.price
    time_in_force, post_only = command.time_in_force, command.post_only
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


def _validate_cancel(state: VenueState, command: CancelOrder) -> Verdict:
    team = state.team(command.team_id)
    if team.suspended:
        return team_suspended()
    if command.order_id not in team.open_orders:
        # One text for not found, not yours and already done: it leaks nothing about others' orders.
        return Reject(
            ErrorCode.CANCEL_FAILED, "The team has no open order with this id; GET /orders lists those it has"
        )
    return ACCEPTED


def _validate_amend(state: VenueState, command: AmendOrder) -> Verdict:
    team = state.team(command.team_id)
    if team.suspended:
        return team_suspended()
    order = team.open_orders.get(command.order_id)
    if order is None:
        return Reject(ErrorCode.AMEND_FAILED, "The team has no open order with this id; GET /orders lists those it has")
    finding = judge_order(state, amended_terms(command, order), order)
    return ACCEPTED if finding is None else finding


def _validate_mass_cancel(state: VenueState, command: MassCancel) -> Verdict:
    if state.team(command.team_id).suspended:
        return team_suspended()
    if command.instrument_id is not None and command.instrument_id not in state.markets:
        return unknown_instrument(command.instrument_id)
    if command.side is not None and command.side not in SIDES:
        return invalid_side(command.side)
    return ACCEPTED


def _validate_quotes(state: VenueState, command: ReplaceQuotes) -> Verdict:
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
    return market_closed() if state.phase != "continuous" else ACCEPTED


def _validate_registration(state: VenueState, command: RegisterTeam) -> Verdict:
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
            f"The exchange has all the teams it can take: {MAX_TEAMS}",
            {"limit": MAX_TEAMS},
        )
    return Accepted(len(state.teams) + 1)


def _unknown_team() -> Reject:
    return Reject(ErrorCode.TEAM_NOT_FOUND, "There is no such team; GET /admin/teams lists those there are")


def quote_refusal(state: VenueState, quote: QuoteTerms) -> Reject | None:
    """Why an instrument's whole quote is refused, before either side is looked at."""
    market = state.markets.get(quote.instrument_id)
    if market is None:
        return unknown_instrument(quote.instrument_id)
    return instrument_halted(quote.instrument_id) if market.halted else None
