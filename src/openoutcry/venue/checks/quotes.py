"""Checks of a two-sided quote before either side is judged as an order."""

from openoutcry.domain.commands import Price, QuoteTerms
from openoutcry.domain.phases import PHASE_RULES
from openoutcry.domain.reasons import Reject
from openoutcry.matching.order import Order
from openoutcry.venue.checks.market import not_trading, unknown_instrument
from openoutcry.venue.state import VenueState

Asked = tuple[Price | None, int]
"""Price and quantity that one side of a quote asks for."""


def quote_refusal(state: VenueState, quote: QuoteTerms) -> Reject | None:
    """Why an instrument's whole quote is refused, before either side is looked at."""
    market = state.markets.get(quote.instrument_id)
    if market is None:
        return unknown_instrument(quote.instrument_id)
    return None if PHASE_RULES[market.phase].may_enter else not_trading(state, market)


def stays(old: Order, asked: Asked) -> bool:
    """Whether the side's open order can fulfil the quote in its place."""
    price, quantity = asked
    return (
        price is not None
        and price.off_grid is None
        and price.ticks == old.price
        and 0 < quantity <= old.remaining_quantity
    )
