"""The house market maker: a bid and an ask around the theoretical value of each instrument.

It keeps no state. A quote that stands is left alone: the venue pulls it once its value has moved. What is missing is
quoted again, on either side some seconds after that side was filled; until then what is left of it stays. In integers.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Final

from openoutcry.domain.commands import Command, Price, QuoteTerms, ReplaceQuotes, SubmitOrder
from openoutcry.domain.day.marks import Mark
from openoutcry.domain.day.phases import PHASE_RULES, Phase
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.orders import BUY, SELL, SIDE_NAMES
from openoutcry.domain.simulation.flow_rules import HouseRules
from openoutcry.domain.simulation.shown import InstrumentShown
from openoutcry.domain.types import MarketTime, Money, TeamId, Ticks
from openoutcry.simulation.flow.step import Step
from openoutcry.simulation.flow.widths import PPM, half_width
from openoutcry.simulation.shown import MarketShown

INSTRUMENTS_A_STEP: Final = 10
"""So that no turn of the loop takes long."""

Prices = tuple[Ticks | None, Ticks | None]
Quantities = tuple[int, int]
QuoteSide = tuple[Price | None, int]

NO_SIDE: Final[QuoteSide] = (None, 0)

_ENTERED: Final = frozenset(phase for phase, rules in PHASE_RULES.items() if rules.may_enter)
_CALLS: Final = frozenset(phase for phase, rules in PHASE_RULES.items() if rules.is_call)
_NO_CALLS: Final[frozenset[Phase]] = frozenset()


class HouseMaker:
    def __init__(self, rules: HouseRules, team_id: TeamId, instruments: Iterable[Instrument]) -> None:
        """`instruments`: those of the session, in order of listing."""
        self._rules = rules
        self._team_id = team_id
        quoted = [_Quoted(rules, instrument) for instrument in instruments]
        slices = [quoted[place : place + INSTRUMENTS_A_STEP] for place in range(0, len(quoted), INSTRUMENTS_A_STEP)]
        self.steps: Final = tuple(Step(rules.delay_milliseconds, partial(self._decide, each)) for each in slices)
        """The same ones in each market second."""

    def _decide(self, quoted: Sequence["_Quoted"], shown: MarketShown) -> list[Command]:
        """Take what crosses the new quotes, then quote."""
        rules, team_id, market_time, spots = self._rules, self._team_id, shown.market_time, shown.underlyings
        assert market_time is not None, "there are steps in a session only"  # noqa: S101
        since_news = None if shown.last_news is None else market_time - shown.last_news
        width_ppm = rules.news_width_ppm if since_news is not None and since_news < rules.news_seconds else PPM
        may_be_off = since_news is not None and since_news < rules.news_seconds * 2
        calls_renewed = _CALLS if market_time % rules.call_seconds == 0 else _NO_CALLS
        takes: list[Command] = []
        quotes: list[QuoteTerms] = []
        for each in quoted:
            seen = shown.instrument(team_id, each.instrument_id)
            mark, quote_quantities = seen.mark, seen.quote_quantities
            if mark is None or seen.phase not in _ENTERED:
                continue
            quantities = each.quantities(seen, market_time)
            is_renewed = seen.phase in calls_renewed
            if quantities == quote_quantities and not may_be_off and not is_renewed:
                continue  # first of all, because most quotes stand
            half = each.half_width(mark, spots, width_ppm)
            prices = each.prices(mark.value, half, seen.position)
            bid, ask = wanted = each.sides(prices, quantities)
            lacks = bid[1] > quote_quantities[BUY] or ask[1] > quote_quantities[SELL]
            if lacks or is_renewed or each.is_off(seen.quote_prices, half):
                quotes.append(QuoteTerms(each.instrument_id, *bid, *ask))
                if seen.matches:
                    takes += each.takes(team_id, wanted, seen)
        return [*takes, ReplaceQuotes(team_id, tuple(quotes))] if quotes else takes


class _Quoted:
    """An instrument that the house quotes. Pairs are indexed by side; a price of None: no quote there."""

    __slots__ = (
        "_comeback_seconds",
        "_instrument",
        "_is_option",
        "_maximum_ticks",
        "_quantity",
        "_rules",
        "_skew_at",
        "_tick_size",
        "instrument_id",
    )

    def __init__(self, rules: HouseRules, instrument: Instrument) -> None:
        is_option = instrument.kind == "option"
        self.instrument_id = instrument.instrument_id
        self._rules = rules
        self._instrument = instrument
        self._is_option = is_option
        self._tick_size: int = instrument.tick_size
        self._maximum_ticks = instrument.maximum_ticks
        self._quantity = rules.quantity if is_option else rules.spot_quantity
        self._comeback_seconds = rules.comeback_seconds if is_option else rules.spot_comeback_seconds
        self._skew_at = rules.skew_contracts if is_option else rules.spot_skew_lots

    def quantities(self, seen: InstrumentShown, market_time: MarketTime) -> Quantities:
        """A side that was filled a moment ago has what is left of it."""
        quantity, since = self._quantity, market_time - self._comeback_seconds
        (bid_left, ask_left), (bid_filled, ask_filled) = seen.quote_quantities, seen.quote_filled_at
        return (
            quantity if bid_filled is None or bid_filled <= since else bid_left,
            quantity if ask_filled is None or ask_filled <= since else ask_left,
        )

    def half_width(self, mark: Mark, spots: Mapping[str, Money], width_ppm: int) -> int:
        """Half the spread, in money; `width_ppm` of the usual one."""
        if self._is_option:
            spot = spots.get(self._instrument.underlying, 0)
            usual = half_width(self._rules, mark, spot, self._tick_size)
        else:
            usual = self._rules.spot_width_ticks * self._tick_size
        return usual * width_ppm // PPM

    def is_off(self, own: Prices, half: int) -> bool:
        """Whether a quote that stands is far from as wide as it should be: news have begun, or ended, to widen it."""
        bid, ask = own
        if bid is None or ask is None:
            return False
        spread = (ask - bid) * self._tick_size
        return not half * 4 <= spread * 3 <= half * 9

    def prices(self, value: int, half: int, position: int) -> Prices:
        """Around the value, moved against the position: of a spot instrument by a tick at most. Of an option so far
        that it is still as far from the value as that may move before the quote is pulled: nobody gains by hitting it.

        Rounded outward to the tick. A bid that would not be above 0 is left out.
        """
        unit = half if self._is_option else self._tick_size
        most = half * (PPM - self._rules.pull_ppm) // PPM if self._is_option else unit
        middle = value - max(min(unit * position // self._skew_at, most), -most)
        bid = (middle - half) // self._tick_size
        ask = max(-((-middle - half) // self._tick_size), 1)
        highest = self._maximum_ticks
        return Ticks(bid) if 0 < bid <= highest else None, Ticks(ask) if ask <= highest else None

    def sides(self, prices: Prices, quantities: Quantities) -> tuple[QuoteSide, QuoteSide]:
        """As a quote asks for them."""
        (bid, ask), (bid_quantity, ask_quantity) = prices, quantities
        return (
            NO_SIDE if bid is None or not bid_quantity else (Price(bid), bid_quantity),
            NO_SIDE if ask is None or not ask_quantity else (Price(ask), ask_quantity),
        )

    def takes(self, team_id: TeamId, wanted: tuple[QuoteSide, QuoteSide], seen: InstrumentShown) -> list[Command]:
        """Orders for as much as is to be quoted, where others stand at the new prices or better."""
        commands: list[Command] = []
        for side, other in ((BUY, SELL), (SELL, BUY)):
            (price, quantity), best = wanted[side], seen.best_prices[other]
            if price is None or best is None or best == seen.quote_prices[other]:
                continue
            if price.ticks >= best if side == BUY else price.ticks <= best:
                commands.append(SubmitOrder(team_id, self.instrument_id, SIDE_NAMES[side], quantity, price, "ioc"))
        return commands
