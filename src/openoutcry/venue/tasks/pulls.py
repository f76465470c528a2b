"""Pulls: with new marks, and before anybody is shown them, quotes go whose theoretical value has moved too far; and
quotes of groups whose protection has met a limit, where they are too many for one command.
"""

from typing import Final

from openoutcry.domain.day.quote_protection import PPM
from openoutcry.domain.day.tasks import JudgeGroups, PullQuotes
from openoutcry.domain.reasons import CancelReason
from openoutcry.domain.types import InstrumentId, OrderId, TeamId
from openoutcry.venue import execution
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.quote_fills import judge_groups
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.quote_protection import QuoteProtection
from openoutcry.venue.state.team import Holding
from openoutcry.venue.state.venue import VenueState

MARKET_MAKER_PROTECTION: Final = CancelReason.MARKET_MAKER_PROTECTION

LOOKS_PER_ORDER: Final = 8
"""How many quotes are looked at in the time in which one is pulled, about."""

NOWHERE: Final = InstrumentId("")


def pull_quotes(state: VenueState, outcome: Outcome, task: PullQuotes, budget: int) -> tuple[PullQuotes | None, int]:
    """Team after team, each one's quotes from the oldest on. Both sides of a quote go: they share its value."""
    left = budget * LOOKS_PER_ORDER  # looks
    after: OrderId = task.after
    markets = state.markets
    for team_id in range(task.team_id, len(state.teams) + 1):
        team = state.teams[team_id - 1]
        protection = team.protection
        if protection is not None and protection.pulls:
            here, has_moved = NOWHERE, False
            quotes = [order for order in team.open_orders.values() if order.is_quote and order.order_id > after]
            for order in quotes:
                if left <= 0:
                    return PullQuotes(TeamId(team_id), after), budget + -left // LOOKS_PER_ORDER
                after = order.order_id
                left -= 1
                if order.instrument_id != here:
                    # Else it is the other side of the quote before: both are entered together.
                    here = order.instrument_id
                    market = markets[here]
                    has_moved = _has_moved(protection, team.holdings[here], market)
                if has_moved:
                    left -= LOOKS_PER_ORDER
                    execution.cancel(outcome, team, market, order, MARKET_MAKER_PROTECTION)
        after = OrderId(0)
    return None, budget + -left // LOOKS_PER_ORDER


def judge_waiting_groups(
    state: VenueState, outcome: Outcome, task: JudgeGroups, budget: int
) -> tuple[JudgeGroups | None, int]:
    pulled = judge_groups(state, outcome, budget)
    return (task if state.groups_to_judge else None), pulled


def _has_moved(protection: QuoteProtection, holding: Holding, market: Market) -> bool:
    """Whether the value has moved by more than the team's share of half the quote's spread since it was entered."""
    entered, mark = holding.quote_entered, market.mark
    if entered is None or mark is None:
        return False
    value, spread = entered
    move = abs(mark.value - value)
    if not move:
        return False
    share = protection.settings_of(market.instrument.underlying).move_ppm
    return share > 0 and move * 2 * PPM > share * spread
