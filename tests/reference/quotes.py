"""Quotes in the reference: replaced at once, pulled when values move, and protected against many fills."""

from abc import abstractmethod
from fractions import Fraction
from typing import Any

from openoutcry.domain import commands, events
from openoutcry.domain.orders import BUY, SELL, Side
from openoutcry.domain.reasons import CancelReason, ErrorCode
from openoutcry.domain.types import InstrumentId
from openoutcry.domain.views import FillView
from reference.ledger import ReferenceOrder, ReferenceTeam, signed
from reference.phases import ReferencePhases
from reference.protection import QuoteFill
from reference.verdicts import refusal


class ReferenceQuotes(ReferencePhases):
    quote_fills: list[tuple[ReferenceTeam, FillView]]
    """Of the command under way."""

    @abstractmethod
    def new_order(self, terms: commands.SubmitOrder, side: Side, ticks: Any, **quote: bool) -> ReferenceOrder:
        """An accepted order, which is not in the book yet."""

    @abstractmethod
    def enter(self, order: ReferenceOrder) -> None:
        """Trade it, and let what is left rest."""

    @abstractmethod
    def amend(self, order: ReferenceOrder, quantity: int, price: int) -> None:
        """Give it these terms."""

    def protect_quotes(self) -> None:
        """Fills of quotes count at the end of the command."""
        judged = []
        for team, fill in self.quote_fills:
            instrument = self.instruments[fill.instrument_id]
            if instrument.kind == "option":
                group = team.protection.group(instrument.underlying)
                mark = self.marks.get(fill.instrument_id)
                per_contract = (mark.delta, mark.vega) if mark else (0, 0)
                group.fills.append(QuoteFill(self.moment(self.now), signed(fill), *per_contract))
                judged.append((team, instrument.underlying))
        self.quote_fills.clear()
        for team, underlying in sorted(set(judged), key=lambda pair: (pair[0].team_id, pair[1])):
            group = team.protection.group(underlying)
            met = group.limit_met(self.moment(self.now), self.per_index(underlying))
            if met is None:
                continue
            for order in self.resting_orders(team):
                instrument = self.instruments[order.instrument_id]
                if order.is_quote and instrument.kind == "option" and instrument.underlying == underlying:
                    self.take_out(order, CancelReason.MARKET_MAKER_PROTECTION)
            group.trigger(self.moment(self.now))
            self.tape.protection_triggered(team, underlying, met, group)

    def replace_quote(self, team: ReferenceTeam, quote: commands.QuoteTerms) -> None:
        here = quote.instrument_id
        results: dict[Side, Any] = dict.fromkeys((BUY, SELL))
        asked = {BUY: (quote.bid_price, quote.bid_quantity), SELL: (quote.ask_price, quote.ask_quantity)}
        if here not in self.instruments:
            results = dict.fromkeys(asked, ErrorCode.INVALID_INSTRUMENT)
        elif here in self.expired:
            results = dict.fromkeys(asked, ErrorCode.INSTRUMENT_EXPIRED)
        elif here in self.halted:
            results = dict.fromkeys(asked, ErrorCode.INSTRUMENT_HALTED)
        elif self._is_frozen(team, here) and any(side != (None, 0) for side in asked.values()):
            results = dict.fromkeys(asked, ErrorCode.QUOTES_FROZEN)
        else:
            quotes = [order for order in self.resting_orders(team, here) if order.is_quote]
            standing = [(order.order_id, order.remaining) for order in quotes]
            for old in sorted(quotes, key=lambda order: order.side):
                price, quantity = asked[old.side]
                if price == commands.Price(old.limit) and 0 < quantity <= old.remaining:
                    results[old.side] = old.order_id
                    if quantity < old.remaining:
                        self.amend(old, old.filled + quantity, old.limit)
                else:
                    self.take_out(old, CancelReason.QUOTE_REPLACED)
            for side, (price, quantity) in asked.items():
                if results[side] is not None:
                    continue
                if price is None:
                    results[side] = ErrorCode.MISSING_PRICE if quantity else None
                    continue
                name = "buy" if side == BUY else "sell"
                terms = commands.SubmitOrder(
                    team.team_id, here, name, quantity, price, post_only=not self.gathers(here)
                )
                results[side] = refusal(self, terms)
                if results[side] is None:
                    order = self.new_order(terms, side, price.ticks, is_quote=True)
                    results[side] = order.order_id
                    self.enter(order)
            quotes = [order for order in self.resting_orders(team, here) if order.is_quote]
            if standing != [(order.order_id, order.remaining) for order in quotes]:
                self.note_quote(team, here)
        ids = [result if isinstance(result, int) else None for result in results.values()]
        codes = [result if isinstance(result, ErrorCode) else None for result in results.values()]
        self.tape.public.append(events.QuoteReplaced(team.team_id, here, *ids, *codes))  # type: ignore[arg-type]

    def _is_frozen(self, team: ReferenceTeam, here: InstrumentId) -> bool:
        instrument = self.instruments[here]
        return instrument.kind == "option" and team.protection.group(instrument.underlying).is_frozen(
            self.moment(self.now)
        )

    def note_quote(self, team: ReferenceTeam, here: InstrumentId) -> None:
        """The quote as it stands was entered, or changed, at this value and with this spread."""
        tick, mark = self.instruments[here].tick_size, self.marks.get(here)
        prices = {order.side: order.limit * tick for order in self.resting_orders(team, here) if order.is_quote}
        team.quoted.pop(here, None)
        if mark is not None and prices:
            one, other = max(prices.values()), min(prices.values())
            team.quoted[here] = mark.value, one - other if len(prices) == 2 else 2 * abs(one - mark.value)

    def pull_quotes(self) -> None:
        """Those whose value has moved by more than their team's share of half their spread."""
        for team in self.teams:
            for order in self.resting_orders(team):
                here = order.instrument_id
                share = team.protection.group(self.instruments[here].underlying).settings.move_ppm
                if order.is_quote and share and here in team.quoted and here in self.marks:
                    value, spread = team.quoted[here]
                    if abs(self.marks[here].value - value) > Fraction(share, 1_000_000) * spread / 2:
                        self.take_out(order, CancelReason.MARKET_MAKER_PROTECTION)
