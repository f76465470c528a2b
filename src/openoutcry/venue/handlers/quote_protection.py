"""Market-maker protection: settings and resets, and what follows once fills of quotes have met a limit."""

from typing import Any, Final

from openoutcry.domain.commands import ResetQuoteProtection, SetQuoteProtection
from openoutcry.domain.quote_protection import NO_PROTECTION
from openoutcry.domain.reasons import CancelReason, ErrorCode, Reject, Verdict
from openoutcry.venue import execution
from openoutcry.venue.checks.quotes import quotes_not_permitted
from openoutcry.venue.checks.sender import team_suspended
from openoutcry.venue.handlers.handler import ACCEPTED, Handler
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.quote_protection import QuoteProtection
from openoutcry.venue.state import VenueState
from openoutcry.venue.team import Team


def judge_protection(state: VenueState, command: SetQuoteProtection | ResetQuoteProtection) -> Verdict:
    team = state.team(command.team_id)
    if team.suspended:
        return team_suspended()
    if not team.rules.may_quote:
        return quotes_not_permitted(team)
    groups = state.option_underlyings()
    if command.group is None or command.group in groups:
        return ACCEPTED
    return Reject(
        ErrorCode.INVALID_INSTRUMENT,
        f"There are no options on {command.group!r}; a group is the options of one underlying, null stands for all",
        {"group": command.group, "groups": groups},
    )


def set_protection(state: VenueState, outcome: Outcome, command: SetQuoteProtection) -> None:  # noqa: ARG001
    """Counters begin anew under other settings; a freeze goes on."""
    team, settings = state.team(command.team_id), command.settings
    protection = team.protection
    if protection is None:
        if settings == NO_PROTECTION:
            return
        protection = team.protection = QuoteProtection()
    if command.group is None:
        protection.default = settings
        groups = list(protection.groups.values())
    elif protection.settings_of(command.group) == settings:
        groups = []
    else:
        groups = [protection.group(command.group)]
    for group in groups:
        if group.settings != settings:
            group.settings = settings
            group.start_anew()


def reset_protection(state: VenueState, outcome: Outcome, command: ResetQuoteProtection) -> None:  # noqa: ARG001
    protection = state.team(command.team_id).protection
    if protection is not None:
        for underlying, group in protection.groups.items():
            if command.group in (None, underlying):
                group.reset()


HANDLERS: Final[tuple[Handler[Any], ...]] = (
    Handler(SetQuoteProtection, judge_protection, set_protection),
    Handler(ResetQuoteProtection, judge_protection, reset_protection),
)


def judge_quote_fills(state: VenueState, outcome: Outcome) -> None:
    """At the end of a command: count its fills of quotes, by the marks as they are, and act where a limit is met.

    While tasks are left, an auction may be executing what it has fixed, and no order of it may go: the groups are
    judged with the last of them.
    """
    now = state.market_now(outcome.now)
    waiting = state.groups_to_judge
    for team, order, quantity in outcome.quote_fills:
        market = state.markets[order.instrument_id]
        protection = team.protection
        if not market.is_option or protection is None:
            continue
        underlying = market.instrument.underlying
        group = protection.group(underlying)
        if group.settings.has_limit:
            mark = market.mark
            delta, vega = (0, 0) if mark is None else (mark.delta, mark.vega)
            group.count(now, -quantity if order.side else quantity, delta, vega)
            if not group.is_to_be_judged:
                group.is_to_be_judged = True
                waiting.append((team.team_id, underlying))
    outcome.quote_fills.clear()
    waiting.sort()
    if not state.day.tasks:
        state.groups_to_judge = []
        for team_id, underlying in waiting:
            _judge_group(state, outcome, state.team(team_id), underlying)


def _judge_group(state: VenueState, outcome: Outcome, team: Team, underlying: str) -> None:
    assert team.protection is not None, "its fills were counted"  # noqa: S101
    group = team.protection.group(underlying)
    group.is_to_be_judged = False
    met = group.limit_met(state.rulebook.game.index_ratio.get(underlying, 1))
    if met is None:
        return
    for order in list(team.open_orders.values()):
        market = state.markets[order.instrument_id]
        if order.is_quote and market.is_option and market.instrument.underlying == underlying:
            execution.cancel(outcome, team, market, order, CancelReason.MARKET_MAKER_PROTECTION)
    group.freeze(state.market_now(outcome.now))
    limit, measured, limit_value = met
    outcome.protection_triggered(team, underlying, limit, measured, limit_value, group.frozen_until, state.utc_offset)
