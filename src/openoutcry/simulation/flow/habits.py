"""What a retail trader wishes for: the first habit that fires, or something by its usual chances."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from openoutcry.domain.instruments import Instrument
from openoutcry.domain.orders import BUY, SELL, Side
from openoutcry.domain.simulation.flow_rules import RetailRules
from openoutcry.domain.types import PPM, MarketTime, Money, TeamId
from openoutcry.simulation.flow.chances import chance, geometric_bounds, number_of, one_of
from openoutcry.simulation.flow.options import Option, Options
from openoutcry.simulation.flow.trends import Trends
from openoutcry.simulation.shown import MarketShown


class Draw(NamedTuple):
    """The random words of one order: one for each thing that chance may have to decide."""

    instant: int
    profit: int
    holding: int
    panic: int
    momentum: int
    spike: int
    side: int
    option_type: int
    money: int
    expiry: int
    option: int
    quantity: int
    order_type: int
    limit: int


DRAW_WORDS: Final = len(Draw._fields)


class Wish(NamedTuple):
    option: Option
    side: Side
    quantity: int
    is_urgent: bool
    """It is a market order, whatever chance says."""


class Habits:
    def __init__(
        self,
        rules: RetailRules,
        team_id: TeamId,
        instruments: Iterable[Instrument],
        opening: MarketTime,
        trends: Trends,
    ) -> None:
        """`trends`: of the world from `opening` on."""
        self._rules = rules
        self._team_id = team_id
        self._options = Options(instruments, rules.expiries_ppm)
        self._opening = opening
        self._trends = trends
        self._profit_chance = chance(rules.profit_chance_ppm)
        self._panic_chance = chance(rules.panic_chance_ppm)
        self._momentum_chance = chance(rules.momentum_chance_ppm)
        self._spike_chance = chance(rules.spike_chance_ppm)
        self._buy_chance = chance(rules.buy_ppm)
        self._call_chance = chance(rules.call_ppm)
        self._money_chance = chance(rules.out_of_the_money_ppm)
        self._quantity_bounds = geometric_bounds(rules.quantity_beyond, rules.quantity_most - 1)

    def wish(self, draw: Draw, market_time: MarketTime, shown: MarketShown) -> Wish | None:
        """None: there is nothing to wish for."""
        profit = self._taken_profit(draw, shown) if draw.profit < self._profit_chance else None
        if profit is not None:
            return profit
        rules, trends, spots = self._rules, self._trends, shown.underlyings
        second = min(max(market_time - self._opening, 0), trends.seconds)
        quantity = 1 + number_of(self._quantity_bounds, draw.quantity)
        if trends.falls[second] and draw.panic < self._panic_chance:
            return self._wish(draw, spots, SELL, quantity * rules.panic_times, is_call=True, is_urgent=True)
        if trends.runs[second] and draw.momentum < self._momentum_chance:
            is_call = trends.runs[second] > 0
            return self._wish(draw, spots, BUY, quantity * rules.momentum_times, is_call=is_call)
        if trends.spikes[second] and draw.spike < self._spike_chance:
            return self._wish(draw, spots, BUY, quantity, is_call=True, is_out_of_the_money=True)
        side = BUY if draw.side < self._buy_chance else SELL
        return self._wish(draw, spots, side, quantity, is_call=draw.option_type < self._call_chance)

    def _wish(
        self,
        draw: Draw,
        spots: Mapping[str, Money],
        side: Side,
        quantity: int,
        *,
        is_call: bool,
        is_out_of_the_money: bool | None = None,
        is_urgent: bool = False,
    ) -> Wish | None:
        """In an option by chance, as far as it is not said here which."""
        if is_out_of_the_money is None:
            is_out_of_the_money = draw.money < self._money_chance
        option = self._options.choose(is_call, is_out_of_the_money, spots, draw.expiry, draw.option)
        return None if option is None else Wish(option, side, quantity, is_urgent)

    def _taken_profit(self, draw: Draw, shown: MarketShown) -> Wish | None:
        """Half of one of the long positions that have gained enough; None if there is none."""
        gained = []
        for option in self._options.all:
            quantity, cost = shown.position(self._team_id, option.instrument_id)
            if quantity > 0 and self._has_gained(option, quantity, cost, shown):
                gained.append((option, quantity))
        if not gained:
            return None
        option, quantity = gained[one_of(len(gained), draw.holding)]
        return Wish(option, SELL, (quantity + 1) // 2, is_urgent=True)

    def _has_gained(self, option: Option, quantity: int, cost: Money, shown: MarketShown) -> bool:
        mark = shown.mark(option.instrument_id)
        if mark is None:
            return False
        worth = mark.value * option.tick_value // option.tick_size * quantity
        return worth * PPM >= cost * (PPM + self._rules.profit_ppm)
