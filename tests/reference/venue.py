"""The rules once more, slow and obvious: what an accepted command does.

Written from the published rules; of the exchange's code the reference shares only the vocabulary in `domain`.
"""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from openoutcry.domain import commands, events
from openoutcry.domain.day.news import NewsItem
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.orders import BUY, SELL, SIDES, Side
from openoutcry.domain.reasons import Accepted, CancelReason, ErrorCode
from openoutcry.domain.rulebook import Rulebook
from openoutcry.domain.types import (
    MarketTime,
    Money,
    NewsId,
    OrderId,
    TeamId,
    Ticks,
    TimestampUs,
    TradeId,
)
from openoutcry.domain.views import FillView
from reference.batches import ReferenceBatches
from reference.duties import Judge
from reference.endings import ReferenceEndings
from reference.ledger import ReferenceOrder, ReferenceTeam, average_cost, signed
from reference.quotes import ReferenceQuotes
from reference.tape import Tape
from reference.verdicts import ReferenceVerdict, verdict

SECOND_US = 1_000_000


class ReferenceVenue(ReferenceBatches, ReferenceEndings, ReferenceQuotes):
    """Says what the exchange must say. Teams are registered before they send anything."""

    def __init__(self, rulebook: Rulebook, instruments: Iterable[Instrument]) -> None:
        super().__init__(rulebook, instruments)
        self.judge = Judge(self)
        self.quote_fills = []

    def validate(self, command: commands.Command) -> ReferenceVerdict:
        found = verdict(self, command)
        if found == Accepted() and isinstance(command, commands.AmendOrder) and self._would_be_lost(command):
            return ErrorCode.AMEND_FAILED
        return found

    def execute(self, now: TimestampUs, command: commands.Command) -> list[events.Event]:
        self.now = now
        self.tape = Tape(self)
        self._carry_out(command)
        self.protect_quotes()
        self._forget()
        return self.tape.events()

    def _forget(self) -> None:
        """A client order id is remembered as long as its order can be asked for."""
        for team in self.teams:
            forgotten = [order.order_id for order in team.closed if order not in self.kept_orders(team)]
            team.claims = {name: claim for name, claim in team.claims.items() if claim[1] not in forgotten}

    def _carry_out(self, command: commands.Command) -> None:
        public = self.tape.public
        match command:
            case commands.SubmitOrder():
                ticks = None if command.price is None else command.price.ticks
                order = self.new_order(command, SIDES[command.side], ticks)
                if command.client_order_id is not None:
                    order.team.claims[command.client_order_id] = command, order.order_id
                self.enter(order)
            case commands.CancelOrder():
                self.take_out(self._named(command), CancelReason.USER_REQUESTED)
            case commands.AmendOrder():
                order = self._named(command)
                quantity = order.quantity if command.quantity is None else command.quantity
                price = order.limit if command.price is None else command.price.ticks
                if (quantity, price) != (order.quantity, order.limit):
                    self.amend(order, quantity, price)
                    if order.is_quote:
                        self.note_quote(order.team, order.instrument_id)
            case commands.MassCancel():
                for order in self.resting_orders(self.team(command.team_id), command.instrument_id):
                    if command.side is None or SIDES[command.side] == order.side:
                        self.take_out(order, CancelReason.MASS_CANCEL)
            case commands.ReplaceQuotes():
                for quote in command.quotes:
                    self.replace_quote(self.team(command.team_id), quote)
            case commands.SetQuoteProtection(team_id, underlying, settings):
                self.team(team_id).protection.set(underlying, settings)
            case commands.ResetQuoteProtection(team_id, underlying):
                self.team(team_id).protection.reset(underlying)
            case commands.SetCancelAfter():
                due = self.now + command.seconds * SECOND_US
                self.team(command.team_id).cancel_at = due if command.seconds else None
            case commands.GuardConnection(team_id, connection_id, seconds):
                # The bot is back: connections that it lost before are forgotten.
                team = self.team(team_id)
                for forgotten in list(team.lost):
                    del team.lost[forgotten], team.grace_us[forgotten]
                team.grace_us[connection_id] = seconds * SECOND_US
            case commands.UnguardConnection(team_id, connection_id):
                self.team(team_id).grace_us.pop(connection_id, None)
                self.team(team_id).lost.pop(connection_id, None)
            case commands.LoseConnection(team_id, connection_id):
                team = self.team(team_id)
                if connection_id in team.grace_us and connection_id not in team.lost:
                    team.lost[connection_id] = self.now + team.grace_us[connection_id]
            case commands.ElapseTimer():
                self._elapse(self.team(command.team_id), command)
            case commands.RegisterTeam(name, role, key_hash, owner, nonce):
                self.nonces.append(nonce)
                team_id = TeamId(len(self.teams) + 1)
                # People name owners; a team that names none is its own.
                owner = f"team {team_id}" if owner is None else f"owner {owner}"
                self.teams.append(ReferenceTeam(team_id, name, role, self.rulebook.roles[role], owner, bool(key_hash)))
                public.append(events.TeamRegistered(team_id, name, role))
            case commands.RotateKey():
                public.append(events.TeamKeyRotated(command.team_id))
            case commands.SetPhase():
                self.set_phase(command.phase)
            case commands.StartSession():
                self.start_session(command)
            case commands.EndSession():
                self.end_session()
            case commands.AdvanceMarket():
                self.advance(command)
            case commands.ListInstrument(instrument):
                self.instruments[instrument.instrument_id] = instrument
                self.book_seq[instrument.instrument_id] = 0
                public.append(events.InstrumentListed(instrument))
            case commands.HaltInstrument(None):
                self.enter_phase("halted", "organiser")
            case commands.HaltInstrument():
                self.enter_own_phase(command.instrument_id, "halted", "organiser")
            case commands.ResumeInstrument(None):
                self.resume()
            case commands.ResumeInstrument():
                if self.own.get(command.instrument_id) == "halted":
                    has_call = self.is_ticking and self.phase == "continuous"
                    self.enter_own_phase(command.instrument_id, "reopening_call" if has_call else None, "organiser")
            case commands.ExpireInstrument():
                self.expire(command.instrument_id)
            case commands.SettleInstrument():
                self.settle(command)
            case commands.SuspendTeam():
                team = self.team(command.team_id)
                team.suspended = True
                for order in self.resting_orders(team):
                    self.take_out(order, CancelReason.TEAM_SUSPENDED)
                public.append(events.TeamSuspended(command.team_id))
            case commands.ReinstateTeam():
                self.team(command.team_id).suspended = False
                public.append(events.TeamReinstated(command.team_id))
            case commands.BustTrade():
                self.bust(command)
            case commands.PublishNews(headline, category, odds, effect):
                self.tell_news(NewsItem(headline, category, odds))
                if effect is not None:
                    assert self.market_time is not None
                    self.effects.append((self.market_time, effect))
            case commands.Sanction(team_id, level):
                team = self.team(team_id)
                self._put(team, *self.judge.put(team, self.judge.standing(team), level, self.market_time))
            case commands.Pardon(team_id):
                team = self.team(team_id)
                self._put(team, *self.judge.put(team, self.judge.standing(team), 0, self.market_time))
            case commands.TakeScenarioValues(values):
                for each in values:
                    here = list(self.instruments)[each.place]
                    if here in self.marks:
                        self.judge.marked[here] = self.marks[here].value, each.values
            case commands.Announce(text):
                public.append(events.Announced(text, self.market_time, self.utc_offset or 0))
            case commands.SkipIds():
                self.next_order_id += command.count
                self.next_trade_id += command.count

    def new_order(self, terms: commands.SubmitOrder, side: Side, ticks: Any, **quote: bool) -> ReferenceOrder:
        team = self.team(terms.team_id)
        order = ReferenceOrder(
            OrderId(self.next_order_id),
            team,
            terms.instrument_id,
            side,
            ticks,
            terms.quantity,
            terms.time_in_force,  # type: ignore[arg-type]
            terms.post_only,
            terms.client_order_id,
            self.now,
            **quote,
        )
        band = self.band(order.instrument_id)
        if ticks is None and band is not None:
            order.edge = band[1] if side == BUY else band[0]
        self.next_order_id += 1
        team.orders.append(order)
        return order

    def enter(self, order: ReferenceOrder) -> None:
        self.tape.tell(
            order,
            events.OrderAcknowledged,
            price=order.price,
            quantity=order.quantity,
            remaining_quantity=order.quantity,
            time_in_force=order.time_in_force,
        )
        if order.time_in_force == "fok" and not self.gathers(order.instrument_id):
            # Whether it fills is found out by trying it, in a copy of the whole exchange.
            venue, trial = deepcopy((self, order))
            venue._trade(trial)
            if trial.remaining:
                self._close(order, CancelReason.FOK_NOT_FILLABLE)
                return
        self._trade(order)

    def _trade(self, order: ReferenceOrder) -> None:
        prevention = self.rulebook.self_trade_prevention
        waits = self.gathers(order.instrument_id)
        for maker in [] if waits else self.book_side(order.instrument_id, SELL if order.side == BUY else BUY):
            if not order.remaining or not order.crosses(maker):
                break
            if maker.team.owner != order.team.owner or prevention == "none":
                self._fill(order, maker)
                continue
            if prevention in ("expire_maker", "expire_both"):
                self.take_out(maker, CancelReason.SELF_TRADE_PREVENTION)
            if prevention in ("expire_taker", "expire_both"):
                self._close(order, CancelReason.SELF_TRADE_PREVENTION)
                return
        if not order.remaining:
            order.team.closed.append(order)
            return
        if order.price is None:
            self._close(order, CancelReason.MARKET_REMAINDER)
        elif order.time_in_force != "day" and not waits:
            self._close(order, CancelReason.IOC_REMAINDER)
        else:
            self.resting.append(order)
            self.tape.book_changed(order)

    def _fill(self, taker: ReferenceOrder, maker: ReferenceOrder) -> None:
        quantity = min(taker.remaining, maker.remaining)
        trade = events.TradePrinted(TradeId(self.next_trade_id), maker.instrument_id, maker.limit, quantity, taker.side)
        self.next_trade_id += 1
        for order in (taker, maker):
            rules, takes = order.team.rules, order is taker or taker.team.owner == maker.team.owner
            fees = Money(quantity * (rules.taker_fee if takes else rules.maker_fee))
            self._book(order, trade, "taker" if order is taker else "maker", fees)
        if not maker.remaining:
            self.resting.remove(maker)
            maker.team.closed.append(maker)
        self.tape.book_changed(maker)
        self._print(trade)

    def fill_in_auction(self, buy: ReferenceOrder, sell: ReferenceOrder, price: Ticks) -> None:
        quantity = min(buy.remaining, sell.remaining)
        trade = events.TradePrinted(TradeId(self.next_trade_id), buy.instrument_id, price, quantity, None)
        self.next_trade_id += 1
        for order in (buy, sell):
            self._book(order, trade, "auction", Money(0))
            if not order.remaining:
                self.resting.remove(order)
                order.team.closed.append(order)
            self.tape.book_changed(order)
        self._print(trade)

    def _print(self, trade: events.TradePrinted) -> None:
        self.trades.append(trade)
        self.tape.public.append(trade)

    def _book(
        self, order: ReferenceOrder, trade: events.TradePrinted, liquidity_type: events.LiquidityType, fees: Money
    ) -> None:
        """One side of a trade: the fill, the report, the position."""
        fill = FillView(
            trade_id=trade.trade_id,
            order_id=order.order_id,
            client_order_id=order.client_order_id,
            instrument_id=order.instrument_id,
            side=order.side,
            price=trade.price,
            quantity=trade.quantity,
            liquidity_type=liquidity_type,
            fees=fees,
            time=self.now,
        )
        order.team.fills.append(fill)
        if order.is_quote:
            self.quote_fills.append((order.team, fill))
        self.tape.tell(
            order,
            events.OrderExecuted,
            trade_id=trade.trade_id,
            price=trade.price,
            quantity=trade.quantity,
            cumulative_quantity=order.filled,
            remaining_quantity=order.remaining,
            cumulative_value=sum(fill.price * fill.quantity for fill in order.fills),
            order_status=order.status,
            liquidity_type=liquidity_type,
            fees=fees,
        )
        step = signed(fill), fill.price * self.instruments[fill.instrument_id].tick_value
        order.team.costs[fill.instrument_id] = average_cost([step], self.cost(order.team, fill.instrument_id))
        self.tape.position_changed(order.team, order.instrument_id)

    def _would_be_lost(self, command: commands.AmendOrder) -> bool:
        """Whether the amendment would cost the order without a trade: tried, in a copy of the whole exchange."""
        venue = deepcopy(self)
        venue.tape = Tape(venue)
        order = venue._named(command)
        filled = order.filled
        venue._carry_out(command)
        return order.cancelled and order.filled == filled

    def amend(self, order: ReferenceOrder, quantity: int, price: int) -> None:
        if (price, quantity) == (order.price, order.quantity):
            return
        keeps_place = price == order.price and quantity <= order.quantity
        if not keeps_place:
            self.resting.remove(order)
        order.quantity, order.price = quantity, price  # type: ignore[assignment]
        self.tape.book_changed(order)
        self.tape.tell(
            order,
            events.OrderAmended,
            price=price,
            quantity=quantity,
            remaining_quantity=order.remaining,
            kept_priority=keeps_place,
        )
        if not keeps_place:
            self._trade(order)

    def tell_news(self, item: NewsItem) -> None:
        news_id, offset = NewsId(self.next_news_id), self.utc_offset or 0
        self.tape.public.append(
            events.NewsPublished(news_id, item.text, item.category, item.odds, self.market_time, offset)
        )
        self.next_news_id += 1
        self.judge.last_news = self.market_time

    def look_at_duties(self, until: MarketTime) -> None:
        """Of every second up to then."""
        assert self.market_time is not None
        for team in self.teams:
            standing = self.judge.standing(team)
            for second in range(self.market_time, until) if standing is not None else ():
                self.tape.private += self.judge.look(team, standing, MarketTime(second))
        self.tape.public += self.judge.sampled
        self.judge.sampled = []

    def judge_teams(self) -> None:
        for team in self.teams:
            self._judge(team)

    def _judge(self, team: ReferenceTeam) -> None:
        standing = self.judge.standing(team)
        if standing is None:
            return
        orders_go = False
        if self.rulebook.game.cash is not None:
            was_short, standing.is_short = standing.is_short, self.judge.is_short(team)
            orders_go = standing.is_short and not was_short
        told, at_the_top = self.judge.move(team, standing, self.market_time)
        self._put(team, told, orders_go or at_the_top)

    def _put(self, team: ReferenceTeam, told: list[events.DutyJudged], orders_go: bool) -> None:
        self.tape.private += told
        for order in self.resting_orders(team) if orders_go else ():
            self.take_out(order, CancelReason.REDUCE_ONLY)

    def _elapse(self, team: ReferenceTeam, command: commands.ElapseTimer) -> None:
        """Cancel everything if the timer stands at that time; it may have been renewed or switched off since."""
        lost = command.connection_id
        reason = None
        if lost is None and team.cancel_at == command.due:
            team.cancel_at = None
            reason = CancelReason.CANCEL_AFTER
        elif lost is not None and team.lost.get(lost) == command.due:
            del team.lost[lost], team.grace_us[lost]
            reason = CancelReason.CANCEL_ON_DISCONNECT
        for order in self.resting_orders(team):
            if reason is not None:
                self.take_out(order, reason)

    def take_out(self, order: ReferenceOrder, reason: CancelReason) -> None:
        self.resting.remove(order)
        self.tape.book_changed(order)
        self._close(order, reason)

    def _close(self, order: ReferenceOrder, reason: CancelReason) -> None:
        order.cancelled = True
        order.team.closed.append(order)
        self.tape.tell(order, events.OrderCancelled, cancelled_quantity=order.remaining, reason=reason)

    def _named(self, command: commands.CancelOrder | commands.AmendOrder) -> ReferenceOrder:
        order = self.resting_order(command.team_id, command.order_id)
        assert order is not None, "the verdict was that it is there"
        return order
