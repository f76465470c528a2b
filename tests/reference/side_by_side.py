"""The exchange and the reference, given the same commands: verdicts, events and state must be equal at every step."""

from typing import Any

from msgspec.structs import replace
from timers import next_timer

from openoutcry.domain import commands
from openoutcry.domain.events import Event, QuoteReplaced
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.reasons import Accepted, Reject, Verdict
from openoutcry.domain.rulebook import Rulebook
from openoutcry.domain.types import MarketTime, Sequence, TimestampUs, TradeId
from openoutcry.domain.views import AccountView, TeamView
from openoutcry.venue.venue import Venue
from reference.audit import Audit
from reference.ledger import ReferenceTeam
from reference.protection import SECOND_US
from reference.venue import ReferenceVenue
from reference.verdicts import ReferenceVerdict

WHOLE_BOOK = 10_000
FIRST_TIME = TimestampUs(1_705_312_800_000_000)
STEP_US = 250_000
"""From one command to the next: windows and freezes of some seconds begin and end."""


class SideBySide:
    """Drives both. `do` raises `AssertionError` at the first difference, or when an invariant is broken."""

    def __init__(self, rulebook: Rulebook, instruments: tuple[Instrument, ...]) -> None:
        self.venue = Venue(rulebook, instruments)
        self.reference = ReferenceVenue(rulebook, instruments)
        self.audit = Audit(self.venue)
        self.sequence = Sequence(0)
        self.now = FIRST_TIME
        self.done: list[commands.Command] = []
        self._hash = self.venue.state_hash()

    def do(self, command: commands.Command) -> list[Event]:
        command = self._aimed(command)
        self.sequence = Sequence(self.sequence + 1)
        self.done.append(command)
        verdict = self.venue.validate(command)
        assert bare_verdict(verdict) == self.reference.validate(command), self._story()
        assert self.venue.state_hash() == self._hash, "validation changes nothing, and neither does reading"
        if not isinstance(verdict, Accepted):
            return []
        idle = self.venue.changes_nothing(command)
        standing = self._standing(command)
        now = self.now = TimestampUs(FIRST_TIME + STEP_US * self.sequence)
        events = self.venue.execute(self.sequence, now, command)
        expected = self.reference.execute(now, command)
        assert [bare_event(event) for event in events] == expected, self._story()
        self._compare_state()
        self.audit.check(events)
        before, self._hash = self._hash, self.venue.state_hash()
        if idle:
            assert self._hash == before, self._story()
            assert all(isinstance(event, QuoteReplaced) for event in events), self._story()
        assert all(result in events for result in standing), self._story()
        return events

    def _standing(self, command: commands.Command) -> list[QuoteReplaced]:
        """What is foretold of quotes on which the command would have no effect."""
        if not isinstance(command, commands.ReplaceQuotes) or self._names_one_twice(command):
            return []
        foretold = (self.venue.queries.quote_without_effect(command.team_id, quote) for quote in command.quotes)
        return [result for result in foretold if result is not None]

    def _names_one_twice(self, command: commands.ReplaceQuotes) -> bool:
        return len({quote.instrument_id for quote in command.quotes}) < len(command.quotes)

    def compare_history(self) -> None:
        """What is compared once, at the end: every order that is kept, its fills, and the public trades."""
        queries, reference = self.venue.queries, self.reference
        for team in reference.teams:
            kept = reference.kept_orders(team)
            for order in team.orders:
                known = order in kept or order in reference.resting
                assert queries.order(team.team_id, order.order_id) == (order.view() if known else None)
                assert queries.fills_of_order(team.team_id, order.order_id) == (order.fills if known else [])
            fills = reference.kept_fills(team)
            assert queries.fills(team.team_id, after=TradeId(0), limit=WHOLE_BOOK) == fills
            assert queries.forgotten_fills(team.team_id) == len(team.fills) - len(fills)
            closed = [order.view() for order in reversed(team.orders) if order in kept]
            assert queries.closed_orders(team.team_id, limit=WHOLE_BOOK, before=None) == closed
            assert queries.forgotten_orders(team.team_id) == len(team.closed) - len(kept)
            for client_order_id, (_, order_id) in team.claims.items():
                found = queries.order_by_client_id(team.team_id, client_order_id)
                assert found is not None
                assert found.order_id == order_id
        for here in reference.instruments:
            trades = queries.trades(here, WHOLE_BOOK)
            assert trades is not None
            assert [trade.trade_id for trade in trades] == [
                trade.trade_id for trade in reference.trades if trade.instrument_id == here
            ]

    def _story(self) -> str:
        return "the last of these commands:\n" + "\n".join(map(repr, self.done))

    def _aimed(self, command: commands.Command) -> commands.Command:
        """What a command means that could not know what it would meet.

        A negative order id is one of all open orders, counted round and round; its own team sends the command. A
        negative trade id is one of all public trades. A negative due time is that of the timer that is due first, a
        negative market time the next market second.
        """
        if isinstance(command, commands.CancelOrder | commands.AmendOrder) and command.order_id < 0:
            queries = self.venue.queries
            at_work = [
                (team.team_id, order.order_id)
                for team in queries.teams()
                for order in queries.open_orders(team.team_id)
            ]
            if at_work:
                team_id, order_id = at_work[-command.order_id % len(at_work)]
                return replace(command, team_id=team_id, order_id=order_id)
        if isinstance(command, commands.BustTrade) and command.trade_id < 0 and self.reference.trades:
            trades = self.reference.trades
            return replace(command, trade_id=trades[command.trade_id % len(trades)].trade_id)
        if isinstance(command, commands.AdvanceMarket) and command.market_time < 0:
            return replace(command, market_time=MarketTime((self.reference.market_time or 0) - command.market_time))
        if isinstance(command, commands.ElapseTimer) and command.due < 0:
            timer = next_timer(self.venue.queries)
            if timer is not None:
                return commands.ElapseTimer(timer.team_id, timer.connection_id, timer.due)
        return command

    def _compare_state(self) -> None:
        queries, reference = self.venue.queries, self.reference
        for here in reference.instruments:
            depth = queries.depth(here, WHOLE_BOOK)
            assert depth is not None
            assert (depth.bids, depth.asks) == (reference.levels(here, BUY), reference.levels(here, SELL))
            assert depth.book_seq == reference.book_seq[here]
            for side in (BUY, SELL):
                queue = [order.order_id for order in self.venue._state.markets[here].book.sides[side].orders()]
                assert queue == [order.order_id for order in reference.book_side(here, side)]
        market = queries.market()
        assert (market.phase, market.trading_session) == (reference.phase, reference.trading_session)
        assert set(market.halted) == reference.halted
        assert queries.day().effects == tuple(reference.effects)
        assert queries.nonces() == reference.nonces
        for here in reference.instruments:
            settlement = queries.settlement(here)
            assert (settlement and settlement.settlement_price) == reference.settled.get(here)
            expired, status = here in reference.expired, queries.status(here)
            assert status == ("settled" if settlement else "expired") if expired else status in ("listed", "halted")
        assert queries.teams() == [
            TeamView(team.team_id, team.name, team.role, team.suspended) for team in reference.teams
        ]
        assert queries.guarded_connections() == [
            (team.team_id, name) for team in reference.teams for name in team.grace_us if name not in team.lost
        ]
        dues = [due for team in reference.teams for due in (team.cancel_at, *team.lost.values()) if due is not None]
        timer = next_timer(queries)
        assert (None if timer is None else timer.due) == min(dues, default=None)
        for team in reference.teams:
            assert queries.cancel_at(team.team_id) == team.cancel_at
            resting = [order.view() for order in team.orders if order in reference.resting]
            assert queries.open_orders(team.team_id) == resting
            assert in_use(queries.account(team.team_id)) == reference.account(team)
            assert queries.positions(team.team_id) == {
                here: team.position(here) for here in sorted({fill.instrument_id for fill in team.fills})
            }
            assert queries.last_seq(team.team_id) == team.seq
            self._compare_protection(team)

    def _compare_protection(self, team: ReferenceTeam) -> None:
        views = self.venue.queries.quote_protection(team.team_id, self.now)
        assert [view.group for view in views] == self.reference.groups()
        now = self.reference.moment(self.now)
        for view in views:
            group = team.protection.group(view.group)
            window = group.in_window(now) if group.settings.has_limit else []
            measured = group.measured(now, self.reference.per_index(view.group)) if window else {}
            ends = window[0].moment + group.settings.interval_seconds * SECOND_US if window else None
            assert (view.settings, view.window_ends) == (group.settings, ends)
            assert (view.quantity, view.delta, view.vega) == tuple(
                int(measured.get(name, 0)) for name in ("quantity", "delta", "vega")
            )
            assert view.is_frozen == group.is_frozen(now)
            if view.is_frozen:
                assert view.frozen_until == (None if group.frozen_until == float("inf") else group.frozen_until)


def bare_verdict(verdict: Verdict) -> ReferenceVerdict:
    """A refusal by its code alone."""
    return verdict.code if isinstance(verdict, Reject) else verdict


def bare_event(event: Event) -> Event:
    """An event with its refusals by code alone."""
    if not isinstance(event, QuoteReplaced):
        return event

    def bare(reject: Reject | None) -> Any:
        return None if reject is None else reject.code

    return replace(event, bid_reject=bare(event.bid_reject), ask_reject=bare(event.ask_reject))


def in_use(account: AccountView) -> AccountView:
    """The account without instruments in which the team has nothing now."""
    used = (line for line in account.exposure if line.position or line.open_buy_quantity or line.open_sell_quantity)
    return replace(account, exposure=tuple(used))
