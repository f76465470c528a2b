"""The auction that a call ends with: one price, and all that trades at it, by price, then time."""

from openoutcry.domain.day.phases import PHASE_RULES
from openoutcry.domain.day.tasks import Uncross
from openoutcry.domain.types import Ticks
from openoutcry.matching.auction import trade_at
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.settlement import settle_auction
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.venue import VenueState


def uncross(state: VenueState, outcome: Outcome, task: Uncross, budget: int) -> tuple[Uncross | None, int]:
    """Instrument after instrument: fix the price, then trade until the book is no longer crossed.

    Passes by those that are in no auction. Between two slices nothing enters, so the rest trades at the price too.
    """
    markets = list(state.markets.values())
    spent, price = 0, task.price
    for place in range(task.place, task.place + 1 if task.alone else len(markets)):
        market = markets[place]
        if not PHASE_RULES[market.phase].uncrosses:
            continue
        if spent >= budget:
            return Uncross(place, task.alone), spent
        if price is None:
            fixing = market.fixing()
            spent += 1
            if fixing is None:
                continue
            price = fixing[0]
        spent += _trade(state, outcome, market, price, budget - spent)
        if spent >= budget:
            return Uncross(place, task.alone, price), spent
        price = None
    return None, spent


def _trade(state: VenueState, outcome: Outcome, market: Market, price: Ticks, budget: int) -> int:
    """Let orders trade at the price; says how many did, two in each trade. Less than the budget: nobody else can."""
    outcome.touched(market)
    traded = 0
    while traded < budget:
        trade = trade_at(market.book, price)
        if trade is None:
            return traded
        buy, sell, quantity = trade
        settle_auction(state, outcome, market, buy, sell, price, quantity)
        traded += 2
    return traded
