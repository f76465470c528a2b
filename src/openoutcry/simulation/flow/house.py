"""The house market maker: a bid and an ask around the theoretical value of each instrument.

It keeps no state. A quote that stands is left alone: the venue pulls it once its value has moved. What is missing is
quoted again, on either side some seconds after that side was filled; until then what is left of it stays. In integers.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Final

from openoutcry.domain.commands import Command, Price, QuoteTerms, ReplaceQuotes, SubmitOrder
from openoutcry.domain.day.marks import Mark
from openoutcry.domain.day.phases import PHASE_RULES
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.simulation.flow_rules import HouseRules
from openoutcry.domain.simulation.shown import InstrumentShown
from openoutcry.domain.types import PPM, MarketTime, Money, TeamId, Ticks
from openoutcry.simulation.flow.step import Step
from openoutcry.simulation.flow.widths import half_width
from openoutcry.simulation.shown import MarketShown, Wanted

INSTRUMENTS_A_STEP: Final = 10
"""So that no turn of the loop takes long."""

Prices = tuple[Ticks | None, Ticks | None]

_ENTERED: Final = frozenset(phase for phase, rules in PHASE_RULES.items() if rules.may_enter)
_CALLS: Final = frozenset(phase for phase, rules in PHASE_RULES.items() if rules.is_call)


class HouseMaker:
    def __init__(self, rules: HouseRules, team_id: TeamId, instruments: Iterable[Instrument]) -> None:
        """`instruments`: those of the session, in order of listing."""
        self._rules = rules
        self._team_id = team_id
        quoted = [_Quoted(rules, instrument) for instrument in instruments]
        slices = [quoted[place : place + INSTRUMENTS_A_STEP] for place in range(0, len(quoted), INSTRUMENTS_A_STEP)]
        self.steps: Final = tuple(
            Step(
                rules.delay_milliseconds,
                partial(self._decide, each, [one.wanted for one in each]),
            )
            for each in slices
        )
        """The same ones in each market second."""

    def _decide(self, quoted: Sequence["_Quoted"], wanted: Sequence[Wanted], shown: MarketShown) -> list[Command]:
        """Take what crosses the new quotes, then quote. `wanted`: of those in `quoted`, in the same order."""
        rules, team_id, market_time, spots = self._rules, self._team_id, shown.market_time, shown.underlyings
        assert market_time is not None, "there are steps in a session only"  # noqa: S101
        since_news = None if shown.last_news is None else market_time - shown.last_news
        width_ppm = rules.news_width_ppm if since_news is not None and since_news < rules.news_seconds else PPM
        is_renewal = market_time % rules.call_seconds == 0
        has_news = since_news is not None and since_news < rules.news_seconds * 2
        takes: list[Command] = []
        quotes: list[QuoteTerms] = []
        if has_news or (is_renewal and any(shown.phase(here) in _CALLS for here, *_ in wanted)):
            places: Iterable[int] = range(len(quoted))
        else:
            places = shown.unquoted(team_id, wanted)
        for place in places:
            each = quoted[place]
            seen = shown.instrument(team_id, each.instrument_id)
            mark, phase = seen.mark, seen.phase
            if mark is None or phase not in _ENTERED:
                continue
            half = each.half_width(mark, spots, width_ppm)
            quote = each.quote(mark.value, half, seen, market_time)
            is_renewed = is_renewal and phase in _CALLS
            if is_renewed or _lacks(quote, seen) or (has_news and each.is_off(seen.quote_prices, half)):
                quotes.append(quote)
                if seen.matches:
                    takes += each.takes(team_id, quote, seen)
        return [*takes, ReplaceQuotes(team_id, tuple(quotes))] if quotes else takes


class _Quoted:
    """An instrument that the house quotes. Pairs are indexed by side; a price of None: no quote there."""

    __slots__ = (
        "_comeback_seconds",
        "_is_option",
        "_maximum_ticks",
        "_rules",
        "_skew_at",
        "_skew_ppm",
        "_tick_size",
        "_underlying",
        "instrument_id",
        "quantity",
        "wanted",
    )

    def __init__(self, rules: HouseRules, instrument: Instrument) -> None:
        is_option = instrument.kind == "option"
        self.instrument_id = instrument.instrument_id
        self._rules = rules
        self._underlying = instrument.underlying
        self._is_option = is_option
        self._tick_size: int = instrument.tick_size
        self._maximum_ticks = instrument.maximum_ticks
        self.quantity = rules.quantity if is_option else rules.spot_quantity
        self._comeback_seconds = rules.comeback_seconds if is_option else rules.spot_comeback_seconds
        self._skew_ppm = PPM - rules.pull_ppm
        self._skew_at = rules.skew_contracts if is_option else rules.spot_skew_lots
        least = rules.width_minimum_ticks * self._tick_size
        bid_from = self._tick_size + least - least * self._skew_ppm // PPM if is_option else 0
        self.wanted: Wanted = (instrument.instrument_id, self.quantity, Money(bid_from))
        """Below `bid_from` even a quote that is as narrow as can be, and moved as far up as can be, has no bid."""

    def half_width(self, mark: Mark, spots: Mapping[str, Money], width_ppm: int) -> int:
        """Half the spread, in money; `width_ppm` of the usual one."""
        if self._is_option:
            usual = half_width(self._rules, mark, spots.get(self._underlying, 0), self._tick_size)
        else:
            usual = self._rules.spot_width_ticks * self._tick_size
        return usual if width_ppm == PPM else usual * width_ppm // PPM

    def is_off(self, own: Prices, half: int) -> bool:
        """Whether a quote that stands is far from as wide as it should be: news have begun, or ended, to widen it."""
        bid, ask = own
        if bid is None or ask is None:
            return False
        spread = (ask - bid) * self._tick_size
        return not half * 4 <= spread * 3 <= half * 9

    def quote(self, value: int, half: int, seen: InstrumentShown, market_time: MarketTime) -> QuoteTerms:
        """Around the value, moved against the position: of a spot instrument by a tick at most. Of an option so far
        that it is still as far from the value as that may move before the quote is pulled: nobody gains by hitting it.

        Rounded outward to the tick. A bid that would not be above 0 is left out. A side that was filled a moment ago
        has what is left of it.
        """
        unit = half if self._is_option else self._tick_size
        most = half * self._skew_ppm // PPM if self._is_option else unit
        middle = value - max(min(unit * seen.position // self._skew_at, most), -most)
        bid: Ticks = (middle - half) // self._tick_size  # type: ignore[assignment]
        ask: Ticks = max(-((-middle - half) // self._tick_size), 1)  # type: ignore[assignment]
        (bid_quantity, ask_quantity), (bid_filled, ask_filled) = seen.quote_quantities, seen.quote_filled_at
        since = market_time - self._comeback_seconds
        if bid_filled is None or bid_filled <= since:
            bid_quantity = self.quantity
        if ask_filled is None or ask_filled <= since:
            ask_quantity = self.quantity
        has_bid = bid_quantity > 0 and 0 < bid <= self._maximum_ticks
        has_ask = ask_quantity > 0 and ask <= self._maximum_ticks
        return QuoteTerms(
            self.instrument_id,
            Price(bid) if has_bid else None,
            bid_quantity if has_bid else 0,
            Price(ask) if has_ask else None,
            ask_quantity if has_ask else 0,
        )

    def takes(self, team_id: TeamId, quote: QuoteTerms, seen: InstrumentShown) -> list[Command]:
        """Orders for as much as is to be quoted, where others stand at the new prices or better."""
        (best_bid, best_ask), (own_bid, own_ask) = seen.best_prices, seen.quote_prices
        bid, ask = quote.bid_price, quote.ask_price
        commands: list[Command] = []
        if bid is not None and best_ask is not None and bid.ticks >= best_ask != own_ask:
            commands.append(SubmitOrder(team_id, self.instrument_id, "buy", quote.bid_quantity, bid, "ioc"))
        if ask is not None and best_bid is not None and ask.ticks <= best_bid != own_bid:
            commands.append(SubmitOrder(team_id, self.instrument_id, "sell", quote.ask_quantity, ask, "ioc"))
        return commands


def _lacks(quote: QuoteTerms, seen: InstrumentShown) -> bool:
    """Whether less than this quote stands."""
    bid_quantity, ask_quantity = seen.quote_quantities
    return quote.bid_quantity > bid_quantity or quote.ask_quantity > ask_quantity
