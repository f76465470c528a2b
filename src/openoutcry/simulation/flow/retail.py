"""The retail flow: small orders in options at random instants, by habits of retail traders.

It keeps no state. How many orders a market second brings, when they come and what they are is drawn from words of that
second; what they are worth and meet is what the venue shows at their instants. How old one is says its client order id.
"""

from collections.abc import Iterable
from functools import partial
from typing import Final

from openoutcry.domain.commands import CancelOrder, Command, Price, SubmitOrder
from openoutcry.domain.day.phases import PHASE_RULES
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.orders import BUY, SIDE_NAMES, Side
from openoutcry.domain.simulation.flow_rules import HouseRules, RetailRules
from openoutcry.domain.types import ClientOrderId, MarketTime, TeamId, Ticks
from openoutcry.simulation.flow.chances import chance, number_of, one_of, poisson_bounds
from openoutcry.simulation.flow.habits import DRAW_WORDS, Draw, Habits
from openoutcry.simulation.flow.options import Option
from openoutcry.simulation.flow.step import Step, in_order
from openoutcry.simulation.flow.trends import Trends
from openoutcry.simulation.flow.widths import half_width
from openoutcry.simulation.shown import MarketShown
from openoutcry.simulation.words import raw_words

BLOCK_SECONDS: Final = 1_024
"""Numbers of arrivals are drawn for so many market seconds at once."""

FAR_WIDTHS: Final = 3
"""A far order is so many half-widths of the house from the value. No limit order is priced worse than that."""

AGGRESSIVE: Final = 0
"""The kind of a limit order at the other side's best price. One at its own side's is 1, a far one 2."""

BestPrices = tuple[Ticks | None, Ticks | None]

_SECOND_MS: Final = 1_000


class RetailFlow:
    def __init__(
        self,
        rules: RetailRules,
        house: HouseRules,
        team_id: TeamId,
        instruments: Iterable[Instrument],
        seed: bytes,
        opening: MarketTime,
        trends: Trends,
    ) -> None:
        """`instruments`: those of the session. `house`: by whose widths far orders are priced. `trends`: of the world
        from `opening` on.
        """
        self._rules = rules
        self._house = house
        self._team_id = team_id
        self._seed = seed
        self._habits = Habits(rules, team_id, instruments, opening, trends)
        self._arrival_bounds = poisson_bounds(rules.orders_per_minute)
        self._market_chance = chance(rules.market_ppm)
        self._limit_bounds = [chance(rules.aggressive_ppm), chance(rules.aggressive_ppm + rules.touch_ppm)]
        self._drawn: tuple[int, list[int]] = (-1, [])
        """The block of market seconds that was asked for last, and its arrivals."""

    def steps(self, market_time: MarketTime) -> list[Step]:
        """Old orders go first; then an order each at its own instant."""
        steps = [Step(self._rules.earliest_milliseconds, self._cancel_old)]
        arrivals = self._arrivals(market_time)
        if arrivals:
            words = raw_words(self._seed, "retail", market_time, arrivals * DRAW_WORDS).tolist()
            for number in range(arrivals):
                draw = Draw(*words[number * DRAW_WORDS : (number + 1) * DRAW_WORDS])
                steps.append(Step(self._instant(draw), partial(self._order, draw, market_time, number)))
        return in_order(steps)

    def _arrivals(self, market_time: MarketTime) -> int:
        block, place = divmod(market_time, BLOCK_SECONDS)
        if self._drawn[0] != block:
            words = raw_words(self._seed, "retail arrivals", block, BLOCK_SECONDS).tolist()
            self._drawn = block, [number_of(self._arrival_bounds, word) for word in words]
        return self._drawn[1][place]

    def _instant(self, draw: Draw) -> int:
        earliest = self._rules.earliest_milliseconds
        return earliest + one_of(_SECOND_MS - earliest, draw.instant)

    def _cancel_old(self, shown: MarketShown) -> list[Command]:
        market_time = shown.market_time
        assert market_time is not None, "there are steps in a session only"  # noqa: S101
        commands: list[Command] = []
        for order in shown.open_orders(self._team_id):
            if market_time - _entered_at(order.client_order_id) < self._rules.cancel_seconds:
                break  # those that follow are younger
            if PHASE_RULES[shown.phase(order.instrument_id)].may_cancel:
                commands.append(CancelOrder(self._team_id, order.order_id))
        return commands

    def _order(self, draw: Draw, market_time: MarketTime, number: int, shown: MarketShown) -> list[Command]:
        """One order, behind cancels of the own ones that it would meet; none where the instrument takes none now."""
        wish = self._habits.wish(draw, market_time, shown)
        if wish is None:
            return []
        option, side = wish.option, wish.side
        seen = shown.instrument(self._team_id, option.instrument_id)
        mark = seen.mark
        if mark is None or not PHASE_RULES[seen.phase].may_enter:
            return []
        spot = shown.underlyings.get(option.underlying, 0)
        away = FAR_WIDTHS * half_width(self._house, mark, spot, option.tick_size)
        is_market = wish.is_urgent or draw.order_type < self._market_chance
        kind = AGGRESSIVE if is_market else number_of(self._limit_bounds, draw.limit)
        price = None if is_market and seen.matches else _limit(kind, option, side, mark.value, away, seen.best_prices)
        return [
            *self._cancels_of_met(option, side, price, shown),
            SubmitOrder(
                self._team_id,
                option.instrument_id,
                SIDE_NAMES[side],
                wish.quantity,
                None if price is None else Price(price),
                client_order_id=ClientOrderId(f"R-{market_time}-{number}"),
            ),
        ]

    def _cancels_of_met(self, option: Option, side: Side, price: Ticks | None, shown: MarketShown) -> list[Command]:
        """Of own orders that an order at this price, None: at any, could trade with."""
        sign = 1 if side == BUY else -1
        return [
            CancelOrder(self._team_id, order.order_id)
            for order in shown.open_orders(self._team_id)
            if order.instrument_id == option.instrument_id
            and order.side != side
            and (price is None or (price - order.price) * sign >= 0)
        ]


def _limit(kind: int, option: Option, side: Side, value: int, away: int, best_prices: BestPrices) -> Ticks:
    """The price of a limit order. `away`: from the value, in money, of a far one.

    Where it would lean on a best price that is not there, it leans on the next worse one, at last on the value.
    """
    tick_size = option.tick_size
    leans_on = [best for best in (best_prices[1 - side], best_prices[side])[kind:] if best is not None]
    if side == BUY:
        price = min(leans_on[0], (value + away) // tick_size) if leans_on else (value - away) // tick_size
    else:
        price = max(leans_on[0], -((away - value) // tick_size)) if leans_on else -((-value - away) // tick_size)
    return Ticks(min(max(price, 1), option.maximum_ticks))


def _entered_at(client_order_id: ClientOrderId | None) -> int:
    """The market second that is in the id of an order of the flow."""
    assert client_order_id is not None, "the flow gives its orders ids"  # noqa: S101
    return int(client_order_id.split("-")[1])
