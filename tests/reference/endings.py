"""Ends in the reference: of instruments, which expire and are settled, and of trades, which are taken back."""

from msgspec.structs import replace

from openoutcry.domain import commands, events
from openoutcry.domain.instruments import Settlement
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.reasons import CancelReason
from openoutcry.domain.types import (
    InstrumentId,
    MarketTime,
)
from openoutcry.domain.views import FillView
from reference.ledger import Cost, ReferenceTeam, average_cost, signed
from reference.phases import ReferencePhases

SECOND_US = 1_000_000


class ReferenceEndings(ReferencePhases):
    def expire(self, here: InstrumentId) -> None:
        if self.gathers(here):
            self.tape.touch(here)
        self.expired.add(here)
        self.lose_own_phase(here)
        for side in (BUY, SELL):
            for order in self.book_side(here, side):
                self.take_out(order, CancelReason.INSTRUMENT_EXPIRED)
        self.tape.public.append(events.InstrumentExpired(here))

    def settle(self, command: commands.SettleInstrument) -> None:
        here = command.instrument_id
        if here not in self.expired:
            self.expire(here)
        self.settled[here] = command.settlement_price
        value = command.settlement_price * self.instruments[here].tick_value
        for team in self.teams:
            position = team.position(here)
            if position:
                team.costs[here] = average_cost([(-position, value)], team.costs[here])
                self.tape.position_changed(team, here)
        self.marks.pop(here, None)
        time = MarketTime(self.now // SECOND_US) if self.market_time is None else self.market_time
        settlement = Settlement(command.settlement_price, command.underlying_price, time, self.utc_offset or 0)
        self.tape.public.append(events.InstrumentSettled(here, settlement))

    def bust(self, command: commands.BustTrade) -> None:
        (trade,) = [trade for trade in self.trades if trade.trade_id == command.trade_id]
        self.trades.remove(trade)
        here, reason = trade.instrument_id, command.why and command.why.reason
        terms = {"trade_id": trade.trade_id, "instrument_id": here, "price": trade.price, "quantity": trade.quantity}
        for team in self.teams:
            undone = [fill for fill in team.fills if fill.trade_id == trade.trade_id]
            if not undone:
                continue
            team.costs[here] = self._cost_without(team, here, undone)
            team.fills = [replace(fill, busted=True) if fill in undone else fill for fill in team.fills]
            team.seq += 1
            self.tape.private.append(events.FillBusted(team.team_id, team.seq, reason=reason, **terms))
            self.tape.position_changed(team, here)
        self.tape.public.append(events.TradeBusted(reason=reason, **terms))

    def _cost_without(self, team: ReferenceTeam, here: InstrumentId, undone: list[FillView]) -> Cost:
        """Counted anew from where the position was last flat before the trade, if the fills that are kept of the team
        reach back so far and tell what the position cost; otherwise the opposite of the trade is booked.
        """
        tick_value = self.instruments[here].tick_value
        cost = position, basis, realized = self.cost(team, here)
        kept = [fill for fill in self.kept_fills(team) if fill.instrument_id == here and not fill.busted]
        for start in reversed(range(len(kept))):
            since = kept[start:]
            if all(fill in since for fill in undone) and sum(map(signed, since)) == position:
                _, told_basis, told = average_cost([(signed(fill), fill.price * tick_value) for fill in since])
                if told_basis != basis:
                    break
                others = [(signed(fill), fill.price * tick_value) for fill in since if fill not in undone]
                return average_cost(others, (0, 0, realized - told))
        return average_cost([(-signed(fill), fill.price * tick_value) for fill in undone], cost)
