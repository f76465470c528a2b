"""Fills of protected quotes: counted when the command that filled ends, and what follows once they meet a limit.

Each side's last fill is noted with its market time, in spot instruments too: the house waits for a while after it.
"""

from typing import Final

from openoutcry.domain.day.tasks import JudgeGroups
from openoutcry.domain.reasons import CancelReason
from openoutcry.venue import execution
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.team import Team
from openoutcry.venue.state.venue import VenueState

AT_ONCE: Final = 500
"""Quotes that one command pulls, about: a slice's worth."""


def judge_quote_fills(state: VenueState, outcome: Outcome) -> None:
    """At the end of a command: count its fills of quotes, by the marks as they are, and act where a limit is met.

    While tasks are left, an auction may be executing what it has fixed, and no order of it may go: the groups are
    judged after the last of them, as many at once as a command has time for.
    """
    now, market_time = state.market_now(outcome.now), state.day.market_time
    waiting = state.groups_to_judge
    for team, order, quantity in outcome.quote_fills:
        team.quote_filled(order, market_time)
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
    if waiting and not state.day.tasks:
        judge_groups(state, outcome, AT_ONCE)
        if state.groups_to_judge:
            state.day.tasks.append(JudgeGroups())


def judge_groups(state: VenueState, outcome: Outcome, budget: int) -> int:
    """Judge groups that wait, at least one, until about so many quotes are pulled; how many were."""
    waiting, pulled, judged = state.groups_to_judge, 0, 0
    while judged < len(waiting) and pulled < budget:
        team_id, underlying = waiting[judged]
        pulled += _judge_group(state, outcome, state.team(team_id), underlying)
        judged += 1
    del waiting[:judged]
    return pulled


def _judge_group(state: VenueState, outcome: Outcome, team: Team, underlying: str) -> int:
    """How many quotes were pulled."""
    assert team.protection is not None, "its fills were counted"  # noqa: S101
    group = team.protection.group(underlying)
    group.is_to_be_judged = False
    met = group.limit_met(state.rulebook.game.index_ratio.get(underlying, 1))
    if met is None:
        return 0
    pulled = 0
    for order in list(team.open_orders.values()):
        market = state.markets[order.instrument_id]
        if order.is_quote and market.is_option and market.instrument.underlying == underlying:
            execution.cancel(outcome, team, market, order, CancelReason.MARKET_MAKER_PROTECTION)
            pulled += 1
    group.freeze(state.market_now(outcome.now))
    limit, measured, limit_value = met
    outcome.protection_triggered(team, underlying, limit, measured, limit_value, group.frozen_until, state.utc_offset)
    return pulled
