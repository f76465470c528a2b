"""Frequent batch auctions: orders wait for the next one, and at one price chance decides among them, not time.

An order that must fill at once or leave (`ioc`, `fok`) lives one batch; where a halt lets none be held, it leaves at
the instant of it. A `fok` that the price would not fill is cancelled, the first by price and turn, and the price is
fixed anew without it, until all that are left do fill.
"""

from typing import Final

from openoutcry.domain.day.draws import draw
from openoutcry.domain.day.phases import PHASE_RULES
from openoutcry.domain.day.tasks import RunBatch
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.reasons import CancelReason
from openoutcry.domain.types import Ticks
from openoutcry.matching.auction import Fixing, trade_between
from openoutcry.matching.order import Order
from openoutcry.matching.turns import Lot, Turns, in_turn
from openoutcry.venue import execution
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.settlement import settle_auction
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.venue import VenueState

FOK_NOT_FILLABLE: Final = CancelReason.FOK_NOT_FILLABLE
IOC_REMAINDER: Final = CancelReason.IOC_REMAINDER


def run_batch(state: VenueState, outcome: Outcome, task: RunBatch, budget: int) -> tuple[RunBatch | None, int]:
    """Instrument after instrument: fix the price, let the orders trade in turn, cancel those that live one batch.

    An auction that takes more than one slice is a phase of its own instrument, in which nothing enters or leaves.
    """
    word, number = state.day.random_word, task.number

    def lot(order: Order) -> int:
        return draw(word, number, order.order_id)

    markets = list(state.markets.values())
    spent, price = 0, task.price
    for place in range(task.place, len(markets)):
        market = markets[place]
        if price is None:
            rules = PHASE_RULES[market.phase]
            holds_batch = market.gathers and rules.matches
            if not holds_batch and not (rules.may_cancel and _has_fleeting(market)):
                continue
            if spent >= budget:
                return RunBatch(number, place), spent
            if holds_batch:
                cancelled, price = _fix(state, outcome, market, lot, budget - spent)
                spent += 1 + cancelled
            if spent >= budget and price is None:
                return RunBatch(number, place), spent
            if price is not None:
                market.own_phase = "reopening_auction"
                market.follow(state.phase)
        if price is not None and PHASE_RULES[market.phase].uncrosses:
            spent += _trade(state, outcome, market, price, lot, budget - spent)
        if spent < budget:
            spent += _cancel_fleeting(state, outcome, market, budget - spent)
        if spent >= budget:
            return RunBatch(number, place, price), spent
        if price is not None and market.own_phase == "reopening_auction":
            market.own_phase = None
            market.follow(state.phase)
            outcome.touched(market)
        price = None
    return None, spent


def _has_fleeting(market: Market) -> bool:
    return any(not order.is_closed for order in market.fleeting.values())


def _fix(state: VenueState, outcome: Outcome, market: Market, lot: Lot, budget: int) -> tuple[int, Ticks | None]:
    """How many orders were cancelled on the way to the price, and the price; None if there is none, or none yet."""
    cancelled = 0
    while cancelled < budget:
        fixing = market.fixing()
        if fixing is None:
            return cancelled, None
        unfilled = _first_unfilled(market, fixing, lot)
        if unfilled is None:
            return cancelled, fixing[0]
        execution.cancel(outcome, state.teams[unfilled.team_id - 1], market, unfilled, FOK_NOT_FILLABLE)
        cancelled += 1
    return cancelled, None


def _first_unfilled(market: Market, fixing: Fixing, lot: Lot) -> Order | None:
    """The first order, by price and turn, that accepts the price, must fill completely, and would not."""
    price, left, surplus = fixing
    if not surplus or not any(order.time_in_force == "fok" for order in market.fleeting.values()):
        return None
    side = market.book.sides[BUY if surplus > 0 else SELL]
    worst_rank = price if surplus > 0 else -price
    for rank in reversed(side.ranks):
        if rank < worst_rank:
            return None
        level = side.levels[rank]
        if level.quantity <= left:
            left -= level.quantity
            continue
        for order in in_turn(level, lot):
            if order.time_in_force == "fok" and order.remaining_quantity > left:
                return order
            left = max(0, left - order.remaining_quantity)
    return None


def _trade(state: VenueState, outcome: Outcome, market: Market, price: Ticks, lot: Lot, budget: int) -> int:
    """Let orders trade at the price; says how many did, two in each trade. Less than the budget: nobody else can."""
    outcome.touched(market)
    book = market.book
    bids, asks = book.sides
    buys, sells = Turns(bids, lot), Turns(asks, lot)
    traded = 0
    while traded < budget and bids.best_rank >= price and asks.best_rank >= -price:
        buy, sell, quantity = trade_between(book, buys.next(), sells.next())
        settle_auction(state, outcome, market, buy, sell, price, quantity)
        traded += 2
    return traded


def _cancel_fleeting(state: VenueState, outcome: Outcome, market: Market, budget: int) -> int:
    """Cancel what lives one batch and is still at work; says how many it has cancelled."""
    cancelled = 0
    fleeting = market.fleeting
    while fleeting and cancelled < budget:
        order = fleeting.pop(next(iter(fleeting)))
        if not order.is_closed:
            reason = FOK_NOT_FILLABLE if order.time_in_force == "fok" else IOC_REMAINDER
            execution.cancel(outcome, state.teams[order.team_id - 1], market, order, reason)
            cancelled += 1
    return cancelled
