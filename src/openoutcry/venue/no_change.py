"""Commands that would change nothing. They need no place in the sequence, and the journal does not grow by them."""

from collections.abc import Callable
from typing import Any, Final

from openoutcry.domain.commands import (
    AmendOrder,
    Command,
    GuardConnection,
    MassCancel,
    Price,
    QuoteTerms,
    ReplaceQuotes,
    ResetQuoteProtection,
    SetCancelAfter,
    SetQuoteProtection,
    TakeScenarioValues,
    UnguardConnection,
)
from openoutcry.domain.day.quote_protection import NO_PROTECTION
from openoutcry.domain.events import QuoteReplaced
from openoutcry.domain.orders import BUY, SELL, SIDES, Side
from openoutcry.domain.types import TeamId
from openoutcry.venue.checks.quotes import NO_QUOTE, Asked, ask_of, bid_of, quote_refusal, stays
from openoutcry.venue.state.team import Holding
from openoutcry.venue.state.venue import VenueState


def changes_nothing(state: VenueState, command: Command) -> bool:
    """Whether `command`, if it is accepted, would leave the state as it is and tell no team anything.

    False for rare commands and the organiser's, for which this is not checked. Called before the verdict; what teams
    ask often is cheap.
    """
    without_effect = _WITHOUT_EFFECT.get(type(command))
    return without_effect is not None and without_effect(state, command)


def quote_without_effect(state: VenueState, team_id: TeamId, quote: QuoteTerms) -> QuoteReplaced | None:
    """What the answer says of a quote that is refused as a whole, or leaves both sides as they are.

    None if a side would change, or would be judged as an order.
    """
    refusal = quote_refusal(state, quote)
    if refusal is not None:
        return QuoteReplaced(team_id, quote.instrument_id, None, None, refusal, refusal)
    holding = state.team(team_id).holdings.get(quote.instrument_id)
    bid, ask = bid_of(quote), ask_of(quote)
    if not (_is_unchanged(holding, BUY, bid) and _is_unchanged(holding, SELL, ask)):
        return None
    old_bid, old_ask = (None, None) if holding is None else (holding.quote(BUY), holding.quote(SELL))
    return QuoteReplaced(
        team_id,
        quote.instrument_id,
        None if old_bid is None else old_bid.order_id,
        None if old_ask is None else old_ask.order_id,
        None,
        None,
    )


def _is_unchanged(holding: Holding | None, side: Side, asked: Asked) -> bool:
    old = None if holding is None else holding.quote(side)
    if old is None:
        return asked == NO_QUOTE
    return stays(old, asked) and asked[1] == old.remaining_quantity


def _amends_nothing(state: VenueState, command: AmendOrder) -> bool:
    order = state.team(command.team_id).open_orders.get(command.order_id)
    return (
        order is not None
        and command.quantity in (None, order.quantity)
        and (command.price is None or command.price == Price(order.price))  # type: ignore[arg-type]  # it rests
    )


def _cancels_nothing(state: VenueState, command: MassCancel) -> bool:
    team = state.team(command.team_id)
    if command.instrument_id is None and command.side is None:
        return not team.open_orders
    sides = [side for name, side in SIDES.items() if command.side in (None, name)]
    if command.instrument_id is None:
        holdings = list(team.holdings.values())
    else:
        holding = team.holdings.get(command.instrument_id)
        holdings = [] if holding is None else [holding]
    return not any(holding.open_orders[side] for holding in holdings for side in sides)


def _quotes_nothing_new(state: VenueState, command: ReplaceQuotes) -> bool:
    return all(quote_without_effect(state, command.team_id, quote) is not None for quote in command.quotes)


def _protects_as_before(state: VenueState, command: SetQuoteProtection) -> bool:
    protection = state.team(command.team_id).protection
    if protection is None:
        return command.settings == NO_PROTECTION
    if command.group is not None:
        return protection.settings_of(command.group) == command.settings
    return protection.default == command.settings and all(
        group.settings == command.settings for group in protection.groups.values()
    )


def _resets_nothing(state: VenueState, command: ResetQuoteProtection) -> bool:
    protection = state.team(command.team_id).protection
    return protection is None or not any(
        group.is_frozen or group.window_ends is not None
        for underlying, group in protection.groups.items()
        if command.group in (None, underlying)
    )


def _leaves_the_timer_off(state: VenueState, command: SetCancelAfter) -> bool:
    return not command.seconds and state.team(command.team_id).cancel_at is None


def _guards_nothing_new(state: VenueState, command: GuardConnection) -> bool:
    """A new guard also ends the graces of earlier losses."""
    guards = state.team(command.team_id).guards
    guard = guards.get(command.connection_id)
    return (
        guard is not None
        and guard.grace_seconds == command.grace_seconds
        and all(other.due is None for other in guards.values())
    )


def _guards_none(state: VenueState, command: UnguardConnection) -> bool:
    return command.connection_id not in state.team(command.team_id).guards


def _values_nothing_anew(state: VenueState, command: TakeScenarioValues) -> bool:
    """With a task that waits, a command of any kind would have some of it done."""
    if state.day.tasks:
        return False
    markets = list(state.markets.values())
    for values in command.values:
        if not 0 <= values.place < len(markets):
            return False
        market = markets[values.place]
        if market.mark is not None and market.scenarios != (market.mark.value, values.values):
            return False
    return True


_WITHOUT_EFFECT: Final[dict[type, Callable[[VenueState, Any], bool]]] = {
    AmendOrder: _amends_nothing,
    MassCancel: _cancels_nothing,
    ReplaceQuotes: _quotes_nothing_new,
    SetQuoteProtection: _protects_as_before,
    ResetQuoteProtection: _resets_nothing,
    SetCancelAfter: _leaves_the_timer_off,
    GuardConnection: _guards_nothing_new,
    UnguardConnection: _guards_none,
    TakeScenarioValues: _values_nothing_anew,
}
