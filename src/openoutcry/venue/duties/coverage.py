"""Coverage: in how many of the options that count a team stands with both sides, large enough and close together."""

from typing import Final

from openoutcry.domain.day.game_rules import CoverageRules
from openoutcry.domain.day.phases import PHASE_RULES
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.types import InstrumentId
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.team import Holding, Team
from openoutcry.venue.state.venue import VenueState

MILLIPOINTS: Final = 1_000
"""In a volatility point."""
PPM: Final = 1_000_000
"""Parts of a share, and units of a delta of 1."""

Counted = list[tuple[InstrumentId, int]]
"""The options that count now, each with the widest spread that covers it, in ticks."""

_Standing = dict[tuple[str, int], list[tuple[int, int]]]
"""A team's open orders by instrument and side: price and quantity of each, best price first."""


def counted_options(state: VenueState, rules: CoverageRules) -> Counted:
    """Options that trade now and are worth enough by their marks."""
    counted: Counted = []
    for market in state.markets.values():
        mark = market.mark
        if market.is_option and mark is not None and PHASE_RULES[market.phase].matches:
            tick_size: int = market.instrument.tick_size
            if mark.value >= rules.minimum_value_ticks * tick_size:
                counted.append((market.instrument_id, _widest(state, rules, market)))
    return counted


def covered_options(team: Team, rules: CoverageRules, counted: Counted) -> int:
    """How many of `counted` the team covers: its orders on each side, best price first, reach the quantity, and the
    prices at which they reach it are no wider apart than the widest spread.

    Where the position limit allows less than the quantity, that much will do; where it allows nothing, the other side
    alone.
    """
    covered = 0
    minimum, limit, holdings = rules.minimum_quantity, team.rules.option_position_limit, team.holdings
    orders: _Standing | None = None
    for instrument_id, widest in counted:
        holding = holdings.get(instrument_id)
        if holding is None:
            continue
        position = holding.position.quantity
        bid_quantity = min(minimum, limit - position)
        ask_quantity = min(minimum, limit + position)
        open_buys, open_sells = holding.open_quantity
        if open_buys < bid_quantity or open_sells < ask_quantity:
            continue
        if bid_quantity <= 0 or ask_quantity <= 0:
            covered += 1
            continue
        spread = _spread_of_quote(holding, bid_quantity, ask_quantity)
        if spread is None or spread > widest:
            # A better price than the quote's may stand in single orders.
            orders = orders if orders is not None else _orders_of(team)
            ask = _price_reached(orders[instrument_id, SELL], ask_quantity)
            bid = _price_reached(orders[instrument_id, BUY], bid_quantity)
            spread = ask - bid
        if spread <= widest:
            covered += 1
    return covered


def _widest(state: VenueState, rules: CoverageRules, market: Market) -> int:
    """The widest spread in which the option is covered, in ticks, rounded down."""
    mark, instrument = market.mark, market.instrument
    assert mark is not None, "what counts has a mark"  # noqa: S101
    index, ratio = market.rests_on
    tick_size: int = instrument.tick_size
    # Everything in money units, times what every division would be by.
    scale = MILLIPOINTS * PPM * PPM * ratio
    by_value = rules.width_value_ppm * mark.value * (scale // PPM)
    by_volatility = rules.width_volatility_millipoints * mark.vega * (scale // MILLIPOINTS)
    by_ticks = rules.width_minimum_ticks * tick_size * scale
    by_spot = rules.width_spot_ppm * state.day.underlyings.get(index, 0) * abs(mark.delta) * MILLIPOINTS
    return (max(by_value, by_volatility, by_ticks) + by_spot) // (tick_size * scale)


def _spread_of_quote(holding: Holding, bid_quantity: int, ask_quantity: int) -> int | None:
    """The spread of the team's quote if it has both sides with these quantities, in ticks."""
    bid, ask = holding.quote(BUY), holding.quote(SELL)
    if bid is None or ask is None:
        return None
    if bid.remaining_quantity < bid_quantity or ask.remaining_quantity < ask_quantity:
        return None
    assert bid.price is not None, "only limit orders rest"  # noqa: S101
    assert ask.price is not None, "only limit orders rest"  # noqa: S101
    return ask.price - bid.price


def _orders_of(team: Team) -> _Standing:
    found: _Standing = {}
    for order in team.open_orders.values():
        assert order.price is not None, "only limit orders rest"  # noqa: S101
        found.setdefault((order.instrument_id, order.side), []).append((order.price, order.remaining_quantity))
    for (_, side), orders in found.items():
        orders.sort(reverse=side == BUY)
    return found


def _price_reached(best_first: list[tuple[int, int]], quantity: int) -> int:
    """The price at which orders of `quantity` together stand; there are as many."""
    left, orders = quantity, iter(best_first)
    while True:
        price, size = next(orders)
        left -= size
        if left <= 0:
            return price
