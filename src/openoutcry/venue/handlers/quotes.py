"""Two-sided quotes: each instrument's pair replaced at once, one quote a side.

A side whose price is unchanged and whose quantity is not larger keeps its order, id and place. Any other side is pulled
first, then judged as an order of its own, post-only where orders trade as they come. Where it is refused, that side
stays without a quote, so that no quote stands at a price its owner has given up. A quantity without a price is such a
refusal; neither is no quote.
"""

from typing import Any, Final

from openoutcry.domain.commands import QuoteTerms, ReplaceQuotes
from openoutcry.domain.day.phases import PHASE_RULES
from openoutcry.domain.events import QuoteReplaced
from openoutcry.domain.orders import BUY, SELL, Side
from openoutcry.domain.reasons import CancelReason, Duplicate, ErrorCode, Reject, Verdict
from openoutcry.matching.order import Order
from openoutcry.venue import execution
from openoutcry.venue.checks.context import OrderContext
from openoutcry.venue.checks.market import market_closed
from openoutcry.venue.checks.order import context_of_quotes, find_quote_fault
from openoutcry.venue.checks.quotes import (
    Asked,
    ask_of,
    bid_of,
    quote_refusal,
    quotes_frozen,
    quotes_not_permitted,
    stays,
)
from openoutcry.venue.checks.sender import team_suspended
from openoutcry.venue.handlers.handler import ACCEPTED, Handler
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.team import Holding, Team
from openoutcry.venue.state.venue import VenueState


def judge_quotes(state: VenueState, command: ReplaceQuotes) -> Verdict:
    """Whether the team may quote at all; each instrument's quote is judged when it is placed."""
    team = state.team(command.team_id)
    if team.suspended:
        return team_suspended()
    if not team.rules.may_quote:
        return quotes_not_permitted(team)
    return ACCEPTED if PHASE_RULES[state.phase].may_enter else market_closed(state.phase)


def replace_quotes(state: VenueState, outcome: Outcome, command: ReplaceQuotes) -> None:
    context = context_of_quotes(state, state.team(command.team_id))
    for quote in command.quotes:
        _replace_quote(context, outcome, quote)


HANDLERS: Final[tuple[Handler[Any], ...]] = (Handler(ReplaceQuotes, judge_quotes, replace_quotes),)


def _replace_quote(context: OrderContext, outcome: Outcome, quote: QuoteTerms) -> None:
    """Replace the team's quote in one instrument and note the result for the answer."""
    state, team = context.state, context.team
    refusal = quote_refusal(state, quote)
    if refusal is None and team.protection is not None:
        refusal = quotes_frozen(state, team.protection, state.markets[quote.instrument_id], quote, outcome.now)
    if refusal is not None:
        outcome.told(QuoteReplaced(team.team_id, quote.instrument_id, None, None, refusal, refusal))
        return
    market = state.markets[quote.instrument_id]
    holding = team.holding(market)
    asked_bid, asked_ask, seq = bid_of(quote), ask_of(quote), team.seq
    # Both old sides go before either new side is judged: a quote that moves as a whole does not meet itself.
    old_bid = _keep_or_pull(outcome, team, market, holding, BUY, asked_bid)
    old_ask = _keep_or_pull(outcome, team, market, holding, SELL, asked_ask)
    bid = old_bid or _place(context, outcome, market, holding, BUY, asked_bid)
    ask = old_ask or _place(context, outcome, market, holding, SELL, asked_ask)
    if team.seq != seq:
        team.quoted(market, holding)
    outcome.told(
        QuoteReplaced(
            team.team_id,
            quote.instrument_id,
            bid.order_id if type(bid) is Order else None,
            ask.order_id if type(ask) is Order else None,
            bid if type(bid) is Reject else None,
            ask if type(ask) is Reject else None,
        )
    )


def _keep_or_pull(
    outcome: Outcome, team: Team, market: Market, holding: Holding, side: Side, asked: Asked
) -> Order | None:
    """The old order where it can stay in its place; else None, and it is gone."""
    quantity = asked[1]
    old = holding.quote(side)
    if old is None:
        return None
    if not stays(old, asked):
        execution.cancel(outcome, team, market, old, CancelReason.QUOTE_REPLACED)
        return None
    if quantity < old.remaining_quantity:
        execution.reduce(outcome, team, market, old, old.filled_quantity + quantity)
    return old


def _place(
    context: OrderContext, outcome: Outcome, market: Market, holding: Holding, side: Side, asked: Asked
) -> Order | Reject | None:
    price, quantity = asked
    if price is None:
        return _quote_without_price() if quantity else None
    finding = find_quote_fault(context, market, side, price, quantity)
    if finding is not None:
        assert not isinstance(finding, Duplicate), "a quote has no client order id"  # noqa: S101
        return finding
    order = execution.enter_quote(context.state, outcome, context.team, market, holding, side, price.ticks, quantity)
    holding.quotes[side] = order
    return order


def _quote_without_price() -> Reject:
    return Reject(
        ErrorCode.MISSING_PRICE,
        "A side of a quote with a quantity needs a price; leave out both where no quote is to stand",
    )
