"""Single orders: enter one, amend it, cancel it, cancel many."""

from typing import Any, Final

from openoutcry.domain.claims import Claim
from openoutcry.domain.commands import AmendOrder, CancelOrder, MassCancel, Price, SubmitOrder, terms_of
from openoutcry.domain.day.phases import PHASE_RULES
from openoutcry.domain.identifiers import format_order_id
from openoutcry.domain.orders import SIDES
from openoutcry.domain.reasons import Accepted, CancelReason, ErrorCode, Reject, Verdict
from openoutcry.domain.types import Ticks
from openoutcry.matching.continuous import first_maker, is_ended_by
from openoutcry.matching.order import Order
from openoutcry.venue import execution
from openoutcry.venue.checks.market import cannot_cancel, unknown_instrument
from openoutcry.venue.checks.order import find_fault
from openoutcry.venue.checks.sender import team_suspended
from openoutcry.venue.checks.terms import invalid_side
from openoutcry.venue.handlers.handler import ACCEPTED, Handler
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.venue import VenueState

# Looked up once, as in `outcome` and `execution`.
_terms_of: Final = terms_of
_Accepted: Final = Accepted
USER_REQUESTED: Final = CancelReason.USER_REQUESTED


def judge_order(state: VenueState, command: SubmitOrder) -> Verdict:
    finding = find_fault(state, command)
    return _Accepted(state.next_order_id) if finding is None else finding


def enter_order(state: VenueState, outcome: Outcome, command: SubmitOrder) -> None:
    team_id, instrument_id, side_name, quantity, price, time_in_force, post_only, client_order_id = _terms_of(command)
    team = state.teams[team_id - 1]
    order = execution.enter(
        state,
        outcome,
        team,
        state.markets[instrument_id],
        SIDES[side_name],
        None if price is None else price.ticks,
        quantity,
        time_in_force,  # type: ignore[arg-type]  # the validation has checked it
        post_only,
        client_order_id,
    )
    if client_order_id is not None:
        team.claims[client_order_id] = Claim(
            order.order_id, instrument_id, side_name, quantity, order.price, time_in_force, post_only
        )


def judge_cancel(state: VenueState, command: CancelOrder) -> Verdict:
    team_id = command.team_id
    assert team_id > 0, "teams count from 1"  # noqa: S101
    team = state.teams[team_id - 1]
    if team.suspended:
        return team_suspended()
    order = team.open_orders.get(command.order_id)
    if order is None:
        # One text for unknown, another team's and closed orders: it tells nothing about other teams' orders.
        return Reject(
            ErrorCode.CANCEL_FAILED, "The team has no open order with this id; GET /orders lists those it has"
        )
    phase = state.markets[order.instrument_id].phase
    return ACCEPTED if phase == "continuous" or PHASE_RULES[phase].may_cancel else cannot_cancel(phase)


def cancel_order(state: VenueState, outcome: Outcome, command: CancelOrder) -> None:
    team = state.teams[command.team_id - 1]
    order = team.open_orders[command.order_id]
    execution.cancel(outcome, team, state.markets[order.instrument_id], order, USER_REQUESTED)


def judge_amend(state: VenueState, command: AmendOrder) -> Verdict:
    team = state.team(command.team_id)
    if team.suspended:
        return team_suspended()
    order = team.open_orders.get(command.order_id)
    if order is None:
        return Reject(ErrorCode.AMEND_FAILED, "The team has no open order with this id; GET /orders lists those it has")
    finding = find_fault(state, _amended_terms(command, order), order)
    if finding is None and command.price is not None:
        finding = _check_own_orders(state, order, command.price.ticks)
    return ACCEPTED if finding is None else finding


def amend_order(state: VenueState, outcome: Outcome, command: AmendOrder) -> None:
    """Give the order its new terms. It keeps its place in the queue only where its quantity shrinks and nothing else
    changes.
    """
    team = state.team(command.team_id)
    order = team.open_orders[command.order_id]
    market = state.markets[order.instrument_id]
    assert order.price is not None, "only limit orders rest"  # noqa: S101
    quantity = order.quantity if command.quantity is None else command.quantity
    price = order.price if command.price is None else command.price.ticks
    if price == order.price and quantity == order.quantity:
        return
    if price == order.price and quantity < order.quantity:
        execution.reduce(outcome, team, market, order, quantity)
    else:
        execution.replace(state, outcome, team, market, order, quantity, price)
    if order.is_quote:
        team.quoted(market, team.holdings[order.instrument_id])


def judge_mass_cancel(state: VenueState, command: MassCancel) -> Verdict:
    if state.team(command.team_id).suspended:
        return team_suspended()
    if command.instrument_id is not None and command.instrument_id not in state.markets:
        return unknown_instrument(command.instrument_id)
    if command.side is not None and command.side not in SIDES:
        return invalid_side(command.side)
    phase = state.phase if command.instrument_id is None else state.markets[command.instrument_id].phase
    if not PHASE_RULES[phase].may_cancel and state.team(command.team_id).open_orders:
        return cannot_cancel(phase)
    return ACCEPTED


def cancel_orders(state: VenueState, outcome: Outcome, command: MassCancel) -> None:
    """Orders in an instrument that is in an auction of its own stay: the answer names those that are cancelled."""
    side = SIDES[command.side] if command.side is not None else None
    team = state.team(command.team_id)
    execution.cancel_all(state, outcome, team, CancelReason.MASS_CANCEL, command.instrument_id, side)


HANDLERS: Final[tuple[Handler[Any], ...]] = (
    Handler(SubmitOrder, judge_order, enter_order),
    Handler(CancelOrder, judge_cancel, cancel_order),
    Handler(AmendOrder, judge_amend, amend_order),
    Handler(MassCancel, judge_mass_cancel, cancel_orders),
)


def _amended_terms(command: AmendOrder, order: Order) -> SubmitOrder:
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


def _check_own_orders(state: VenueState, order: Order, price: Ticks) -> Reject | None:
    """Refuse a price at which self-trade prevention would end `order` before it has traded anything.

    An amendment must not end the order: it stays as it was. After a first trade of the amendment, self-trade prevention
    works as for any other order.
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
