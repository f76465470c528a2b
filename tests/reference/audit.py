"""What must hold after any commands: an auditor that reads events and answers, and trusts neither."""

from collections import defaultdict

from openoutcry.domain.events import (
    BookChanged,
    DutyJudged,
    Event,
    FillBusted,
    InstrumentSettled,
    Level,
    OrderAcknowledged,
    OrderAmended,
    OrderCancelled,
    OrderExecuted,
    PositionUpdated,
    ProtectionTriggered,
    SignalSent,
    TopOfBookChanged,
    TradePrinted,
)
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.types import BOOK_DEPTH, InstrumentId, TeamId, Ticks
from openoutcry.domain.views import AccountView
from openoutcry.venue.venue import Venue

PRIVATE_EVENTS = (
    OrderAcknowledged
    | OrderExecuted
    | OrderCancelled
    | OrderAmended
    | ProtectionTriggered
    | DutyJudged
    | SignalSent
    | PositionUpdated
    | FillBusted
)


class BookReader:
    """A book as a bot keeps it: the best levels, from nothing but the changes."""

    def __init__(self) -> None:
        self.sides: tuple[dict[Ticks, int], dict[Ticks, int]] = ({}, {})
        self.seq = 0
        self.top: tuple[int | None, int, int | None, int] = (None, 0, None, 0)

    def apply(self, change: BookChanged) -> None:
        assert change.book_seq == self.seq + 1, "a gap in the changes of a book"
        self.seq = change.book_seq
        for side, changes in zip(self.sides, (change.bids, change.asks), strict=True):
            assert len({price for price, _ in changes}) == len(changes), "one price twice in one change"
            for price, quantity in changes:
                side[price] = quantity
                if not quantity:
                    del side[price]
            for price in self._best_first(side)[BOOK_DEPTH:]:
                del side[price]

    def levels(self, side: int) -> tuple[Level, ...]:
        return tuple((price, self.sides[side][price]) for price in self._best_first(self.sides[side]))

    def _best_first(self, side: dict[Ticks, int]) -> list[Ticks]:
        return sorted(side, reverse=side is self.sides[BUY])


class Audit:
    """Checks one command's events, and the venue after them."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._seq: dict[TeamId, int] = {}
        self._positions: dict[tuple[TeamId, InstrumentId], int] = {}
        self._busted: set[tuple[TeamId, InstrumentId]] = set()
        """Positions of which a trade was busted: they may be beyond their limits from then on."""
        self._readers: defaultdict[InstrumentId, BookReader] = defaultdict(BookReader)
        for instrument in venue.queries.instruments():
            self._readers[instrument.instrument_id] = BookReader()

    def check(self, events: list[Event]) -> None:
        private = [isinstance(event, PRIVATE_EVENTS) for event in events]
        assert private == sorted(private, reverse=True), "private events are told before public ones"
        settled = {event.instrument_id for event in events if isinstance(event, InstrumentSettled)}
        for event in events:
            if isinstance(event, PRIVATE_EVENTS):
                assert event.seq == self._seq.get(event.team_id, 0) + 1, "a gap in a private stream"
                self._seq[event.team_id] = event.seq
            if isinstance(event, OrderExecuted):
                self._check_position_after(event)
            elif isinstance(event, FillBusted):
                self._busted.add((event.team_id, event.instrument_id))
                del self._positions[event.team_id, event.instrument_id]
            elif isinstance(event, PositionUpdated):
                if event.instrument_id in settled:
                    assert self._positions.pop((event.team_id, event.instrument_id)), "a holder is told of settlement"
                self._positions.setdefault((event.team_id, event.instrument_id), event.position)
                assert event.position == self._positions[event.team_id, event.instrument_id]
            elif isinstance(event, BookChanged):
                self._readers[event.instrument_id].apply(event)
            elif isinstance(event, TopOfBookChanged):
                top = (event.bid_price, event.bid_quantity, event.ask_price, event.ask_quantity)
                assert top != self._readers[event.instrument_id].top, "a top of book that is no news"
                self._readers[event.instrument_id].top = top
        assert not any(held for (_, here), held in self._positions.items() if here in settled), "a holder is not told"
        self._check_both_sides_of_each_trade(events)
        self._check_books()
        self._check_teams()

    def _check_position_after(self, event: OrderExecuted) -> None:
        key = event.team_id, event.instrument_id
        self._positions[key] = self._positions.get(key, 0) + (-event.quantity if event.side else event.quantity)
        if event.liquidity_type != "taker":  # both sides of the trade are told
            for (team_id, instrument_id), position in self._positions.items():
                if not position:
                    continue  # a settled one has no limit any more
                limit = self._limit(team_id, instrument_id)
                assert (team_id, instrument_id) in self._busted or abs(position) <= limit, (
                    f"team {team_id} holds {position} of {instrument_id}, limit {limit}"
                )

    def _check_both_sides_of_each_trade(self, events: list[Event]) -> None:
        reports = [event for event in events if isinstance(event, OrderExecuted)]
        for trade in events:
            if isinstance(trade, TradePrinted):
                taker, maker = (report for report in reports if report.trade_id == trade.trade_id)
                if trade.aggressor_side is None:
                    assert taker.liquidity_type == maker.liquidity_type == "auction"
                    assert (taker.fees, maker.fees) == (0, 0)
                else:
                    assert (taker.liquidity_type, maker.liquidity_type) == ("taker", "maker")
                    assert taker.side == trade.aggressor_side
                assert taker.side != maker.side
                assert {(report.price, report.quantity) for report in (taker, maker)} == {(trade.price, trade.quantity)}
                reports = [report for report in reports if report.trade_id != trade.trade_id]
        assert not reports, "fills without a trade"

    def _check_books(self) -> None:
        for instrument_id, reader in self._readers.items():
            depth = self._venue.queries.depth(instrument_id, BOOK_DEPTH)
            assert depth is not None
            assert (reader.levels(BUY), reader.levels(SELL)) == (depth.bids, depth.asks)
            best_bid = depth.bids[0] if depth.bids else (None, 0)
            best_ask = depth.asks[0] if depth.asks else (None, 0)
            assert reader.top == (*best_bid, *best_ask)
            if depth.bids and depth.asks and self._venue._state.markets[instrument_id].matches:
                assert depth.bids[0][0] < depth.asks[0][0], f"the book of {instrument_id} is crossed"
            assert sum(held for (_, held_in), held in self._positions.items() if held_in == instrument_id) == 0

    def _check_teams(self) -> None:
        accounts = [self._venue.queries.account(team.team_id) for team in self._venue.queries.teams()]
        fees = sum(account.fees_paid for account in accounts)
        rules = {account.team_id: self._venue._state.team(account.team_id).rules for account in accounts}
        started_with = sum(rules[account.team_id].starting_cash for account in accounts)
        assert sum(account.cash for account in accounts) + fees == started_with, "money was made or lost"
        assert self._venue._state.fees_collected == fees
        for account in accounts:
            role = rules[account.team_id]
            busted = {here for team_id, here in self._busted if team_id == account.team_id}
            assert busted or account.total_option_exposure <= role.total_option_exposure
            assert account.open_orders <= role.maximum_open_orders
            for line in account.exposure:
                if line.instrument_id not in busted:
                    assert line.position + line.open_buy_quantity <= line.limit
                    assert line.position - line.open_sell_quantity >= -line.limit
                assert role.may_rest_both_sides or not (line.open_buy_quantity and line.open_sell_quantity)

    def _limit(self, team_id: TeamId, instrument_id: InstrumentId) -> int:
        account: AccountView = self._venue.queries.account(team_id)
        return next(line.limit for line in account.exposure if line.instrument_id == instrument_id)
