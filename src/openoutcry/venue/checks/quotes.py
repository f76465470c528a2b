"""Checks of a two-sided quote before either side is judged as an order."""

from typing import Final

from openoutcry.domain.commands import Price, QuoteTerms
from openoutcry.domain.day.phases import PHASE_RULES
from openoutcry.domain.reasons import ErrorCode, Reject
from openoutcry.domain.types import TimestampUs
from openoutcry.matching.order import Order
from openoutcry.venue.checks.market import not_trading, unknown_instrument
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.quote_protection import SECOND_US, QuoteProtection
from openoutcry.venue.state.team import Team
from openoutcry.venue.state.venue import VenueState

Asked = tuple[Price | None, int]
"""Price and quantity that one side of a quote asks for."""

NO_QUOTE: Final[Asked] = (None, 0)


def bid_of(quote: QuoteTerms) -> Asked:
    return quote.bid_price, quote.bid_quantity


def ask_of(quote: QuoteTerms) -> Asked:
    return quote.ask_price, quote.ask_quantity


def quote_refusal(state: VenueState, quote: QuoteTerms) -> Reject | None:
    """Why an instrument's whole quote is refused, before either side is looked at."""
    market = state.markets.get(quote.instrument_id)
    if market is None:
        return unknown_instrument(quote.instrument_id)
    if market.phase != "continuous" and not PHASE_RULES[market.phase].may_enter:
        return not_trading(state, market)
    return None


def quotes_frozen(
    state: VenueState, protection: QuoteProtection, market: Market, quote: QuoteTerms, now: TimestampUs
) -> Reject | None:
    """The refusal of a quote in a group that the team's own protection has frozen. To ask for no quote is no fault."""
    underlying = market.instrument.underlying
    group = protection.groups.get(underlying)
    if group is None or not group.is_frozen or not market.is_option:
        return None
    moment = state.market_now(now)
    if not group.is_frozen_at(moment) or (bid_of(quote) == NO_QUOTE and ask_of(quote) == NO_QUOTE):
        return None
    until = group.frozen_until
    seconds = None if until is None else -((moment - until) // SECOND_US)
    lasts = "it is reset" if seconds is None else f"{seconds} market seconds have passed"
    return Reject(
        ErrorCode.QUOTES_FROZEN,
        f"Market-maker protection has frozen the team's quotes in options on {underlying} until {lasts};"
        " POST /quotes/protection/reset ends that at once",
        {"group": underlying, "remaining_seconds": seconds},
    )


def quotes_not_permitted(team: Team) -> Reject:
    return Reject(
        ErrorCode.ROLE_NOT_PERMITTED,
        f"The role {team.role} may not use quotes; POST /orders enters single orders",
        {"role": team.role},
    )


def stays(old: Order, asked: Asked) -> bool:
    """Whether the side's open order can fulfil the quote in its place."""
    price, quantity = asked
    return (
        price is not None
        and price.off_grid is None
        and price.ticks == old.price
        and 0 < quantity <= old.remaining_quantity
    )
