"""The part that watches, told commands and events: at which values teams act, what it keeps, and what it gives up."""

import pytest
from msgspec import structs
from scoring_stage import OPENING, match_scenario, scores_of

from openoutcry.domain.commands import (
    AdvanceMarket,
    AmendOrder,
    CancelOrder,
    PhaseAt,
    Price,
    QuoteTerms,
    RegisterTeam,
    ReplaceQuotes,
    SetPhase,
    StartSession,
    SubmitOrder,
)
from openoutcry.domain.day.marks import Mark, UnderlyingMark
from openoutcry.domain.events import (
    InstrumentListed,
    OrderAcknowledged,
    OrderAmended,
    OrderCancelled,
    OrderExecuted,
    PhaseChanged,
    QuoteReplaced,
    TeamRegistered,
    TradeBusted,
)
from openoutcry.domain.instruments import Instrument, parse_symbol
from openoutcry.domain.orders import BUY, SELL, SIDE_NAMES
from openoutcry.domain.reasons import Accepted, CancelReason
from openoutcry.domain.sequenced import Sequenced

CALL = "SPX_CALL_4500_20240322"
TICK = 100
FAR = 9_000
"""In money: further off a value than half the band, which is wide by 3 volatility points of a vega of 5,000."""


def call():
    underlying, option = parse_symbol(CALL)
    return Instrument(
        instrument_id=CALL, kind="option", underlying=underlying, tick_size=TICK, multiplier=100, option=option
    )


class Watched:
    """A match by hand: amber and birch, a call, and orders that do what the test says."""

    def __init__(self, scenario):
        self.scenario = scenario
        self.scores = scores_of(scenario)
        self._sequence = self._orders = self._trades = 0
        self.sides = {}
        self.now = OPENING
        for number, name in enumerate(("amber", "birch"), start=1):
            registered = TeamRegistered(number, name, "hedge_fund")
            self.tell(RegisterTeam(name, "hedge_fund", b"k" * 32), [registered], Accepted(number))
        phases = PhaseAt("continuous", OPENING, OPENING), PhaseAt("closed", OPENING + 9_000, OPENING + 9_000)
        self.tell(
            StartSession("2024-03-14", -14_400, phases, 1_000, 1),
            [PhaseChanged("continuous", "closed", None, "schedule", 1)],
        )
        self.tell(AdvanceMarket(self.now), [InstrumentListed(call())])
        self.place = len(self.scores.match.ledger.columns) - 1

    @property
    def watch(self):
        return self.scores.watch

    def tell(self, command, events=(), verdict=None):
        self._sequence += 1
        self.scores.apply(Sequenced(self._sequence, 0, command, verdict or Accepted()), list(events))
        return self._sequence

    def tick(self, value, seconds=1):
        """So many seconds with this value."""
        for _ in range(seconds):
            self.now += 1
            self.tell(self.second(value))

    def second(self, value):
        mark = Mark(self.place, value, 200_000, 0, 0, 5_000, 0)
        return AdvanceMarket(self.now, (UnderlyingMark("SPX", 45_000_000),), (mark,))

    def enter(self, team, side, price, quantity=100):
        self._orders += 1
        self.sides[self._orders] = team, side, quantity
        acknowledged = OrderAcknowledged(
            team, 0, self._orders, None, CALL, side, price // TICK, quantity, quantity, "day"
        )
        self.tell(SubmitOrder(team, CALL, SIDE_NAMES[side], quantity, Price(price // TICK)), [acknowledged])
        return self._orders

    def take(self, team, maker_order, price, quantity=100):
        """An order that trades with one that waits."""
        maker, side, _ = self.sides[maker_order]
        self._orders += 1
        self._trades += 1
        own, trade = 1 - side, self._trades
        fills = [
            OrderExecuted(
                who, 0, order, None, trade, CALL, of_side, price // TICK, quantity, quantity, 0, 0, "filled", how, 0
            )
            for who, order, of_side, how in (
                (maker, maker_order, side, "maker"),
                (team, self._orders, own, "taker"),
            )
        ]
        entered = OrderAcknowledged(team, 0, self._orders, None, CALL, own, price // TICK, quantity, quantity, "ioc")
        self.tell(SubmitOrder(team, CALL, SIDE_NAMES[own], quantity, Price(price // TICK)), [entered, *fills])
        return self._trades

    def cancel(self, order):
        team, side, quantity = self.sides[order]
        gone = OrderCancelled(team, 0, order, None, CALL, side, quantity, CancelReason.USER_REQUESTED)
        return self.tell(CancelOrder(team, order), [gone])

    def amend(self, order, price, kept_priority=False):
        team, side, quantity = self.sides[order]
        amended = OrderAmended(team, 0, order, None, CALL, side, price // TICK, quantity, quantity, kept_priority)
        self.tell(AmendOrder(team, order, None, Price(price // TICK)), [amended])

    def kinds(self):
        return [finding.kind for finding in self.watch.findings()]


AMBER, BIRCH = 1, 2


@pytest.fixture
def watched(tmp_path):
    watched = Watched(match_scenario(tmp_path))
    watched.tick(100_000, 5)
    return watched


def test_a_taker_that_pays_far_too_much_gives_and_its_trades_leave_the_score(watched):
    ask = watched.enter(AMBER, SELL, 100_000 + FAR)
    watched.take(BIRCH, ask, 100_000 + FAR)
    watched.tick(100_000, 70)
    (finding,) = watched.watch.findings()
    assert (finding.kind, finding.owners) == ("transfer", ("team birch", "team amber"))
    (exclusion,) = watched.watch.exclusions()
    assert (exclusion.owners, exclusion.trades, exclusion.contracts) == (("team amber", "team birch"), 1, 100)
    assert exclusion.value == 100 * 100 * FAR
    entries = {entry.team_name: entry for entry in watched.scores.entries()}
    assert entries["amber"].excluded_value == -entries["birch"].excluded_value == exclusion.value
    assert entries["amber"].excluded_trades == entries["birch"].excluded_trades == 1
    watched.tell(CancelOrder(AMBER, 0), [TradeBusted(1, CALL, 1, 100, None)])
    assert watched.watch.findings() == watched.watch.exclusions() == watched.watch.excluded() == []


def test_a_maker_that_is_too_slow_gives_nothing(watched):
    ask = watched.enter(AMBER, SELL, 101_000)
    watched.tick(101_000 + 2 * FAR, 5)
    watched.take(BIRCH, ask, 101_000)
    watched.tick(101_000 + 2 * FAR, 70)
    assert watched.kinds() == []


def test_a_maker_that_amends_its_order_says_so_anew(watched):
    ask = watched.enter(AMBER, SELL, 101_000)
    watched.tick(101_000 + 2 * FAR, 5)
    watched.amend(ask, 101_100)
    watched.take(BIRCH, ask, 101_100)
    watched.tick(101_000 + 2 * FAR, 70)
    assert watched.kinds() == ["transfer"]


def test_so_does_one_that_quotes_the_same_price_again(watched):
    terms = QuoteTerms(CALL, None, 0, Price(1_010), 100)
    watched.sides[1] = AMBER, SELL, 100
    watched._orders = 1
    entered = OrderAcknowledged(AMBER, 0, 1, None, CALL, SELL, 1_010, 100, 100, "day")
    told = QuoteReplaced(AMBER, CALL, None, 1, None, None)
    watched.tell(ReplaceQuotes(AMBER, (terms,)), [entered, told])
    watched.tick(101_000 + 2 * FAR, 5)
    watched.tell(ReplaceQuotes(AMBER, (terms,)), [told])
    watched.take(BIRCH, 1, 101_000)
    watched.tick(101_000 + 2 * FAR, 70)
    assert watched.kinds() == ["transfer"]


def test_a_taker_may_be_two_seconds_late(watched):
    ask = watched.enter(AMBER, SELL, 100_000, quantity=60)
    watched.tick(100_000 - 2 * FAR, 2)
    watched.take(BIRCH, ask, 100_000, quantity=60)
    watched.tick(100_000 - 2 * FAR, 70)
    assert watched.kinds() == []
    ask = watched.enter(AMBER, SELL, 100_000, quantity=60)
    watched.take(BIRCH, ask, 100_000, quantity=60)
    watched.tick(100_000 - 2 * FAR, 70)
    assert watched.kinds() == ["transfer"]


@pytest.mark.parametrize(
    ("then", "kinds"),
    [("cancel", ["layering"]), ("amend away", ["layering"]), ("renew", []), ("amend a little", [])],
)
def test_what_is_taken_away_after_a_trade_on_the_other_side_is_a_layer_unless_it_comes_back(watched, then, kinds):
    for _ in range(5):
        large = watched.enter(AMBER, SELL, 102_000, quantity=40)
        watched.tick(100_000, 5)
        watched.take(AMBER, watched.enter(BIRCH, SELL, 100_000, 10), 100_000, quantity=10)
        match then:
            case "cancel":
                last = watched.cancel(large)
            case "amend away":
                watched.amend(large, 130_000)
            case "amend a little":
                watched.amend(large, 102_100)
            case _:
                watched.cancel(large)
                watched.enter(AMBER, SELL, 101_000, quantity=40)
        watched.tick(100_000, 200)
    assert watched.kinds() == kinds
    if then == "cancel":
        assert watched.watch.findings()[0].commands[-1] == last


@pytest.mark.parametrize("seconds", [1, 30])
def test_two_whose_orders_stand_for_everybody_may_trade_with_nobody_else(watched, seconds):
    for _ in range(3):
        ask = watched.enter(AMBER, SELL, 100_000)
        watched.tick(100_000, seconds)
        watched.take(BIRCH, ask, 100_000)
    assert watched.kinds() == []


def test_a_friend_that_takes_an_order_before_others_can_is_told(watched):
    for _ in range(3):
        watched.take(BIRCH, watched.enter(AMBER, SELL, 100_000), 100_000)
        watched.tick(100_000)
    assert watched.kinds() == ["pair_share"]


@pytest.mark.parametrize(("kept_priority", "kinds"), [(False, ["pair_share"]), (True, [])])
def test_so_is_one_that_waits_until_an_old_order_has_other_terms_unless_it_is_only_smaller(
    watched, kept_priority, kinds
):
    for _ in range(3):
        ask = watched.enter(AMBER, SELL, 100_000)
        watched.tick(100_000, 30)
        watched.amend(ask, 100_000, kept_priority)
        watched.take(BIRCH, ask, 100_000)
    assert watched.kinds() == kinds


def test_a_quote_that_stays_as_it_was_has_stood(watched):
    terms = QuoteTerms(CALL, None, 0, Price(1_000), 300)
    watched.sides[1] = AMBER, SELL, 300
    watched._orders = 1
    told = QuoteReplaced(AMBER, CALL, None, 1, None, None)
    watched.tell(
        ReplaceQuotes(AMBER, (terms,)),
        [OrderAcknowledged(AMBER, 0, 1, None, CALL, SELL, 1_000, 300, 300, "day"), told],
    )
    watched.tick(100_000, 5)
    watched.tell(ReplaceQuotes(AMBER, (terms,)), [told])
    watched.take(BIRCH, 1, 100_000, quantity=300)
    assert watched.kinds() == []


def test_in_an_auction_nobody_takes_and_nobody_waits(watched):
    orders = [watched.enter(team, side, 100_000, 300) for team, side in ((AMBER, SELL), (BIRCH, BUY))]
    fills = [
        OrderExecuted(team, 0, order, None, 1, CALL, side, 1_000, 300, 300, 0, 0, "filled", "auction", 0)
        for order in orders
        for team, side, _ in [watched.sides[order]]
    ]
    watched.tell(SetPhase("continuous"), fills)
    assert watched.kinds() == []


def test_orders_that_are_gone_are_not_kept(watched):
    orders = [watched.enter(AMBER, BUY, 99_000) for _ in range(50)]
    state = watched.watch.state()
    assert len(state.known) == len(state.since) == len(state.singles) == 50
    for order in orders[:-1]:
        watched.cancel(order)
    watched.take(BIRCH, orders[-1], 99_000)
    assert not watched.watch.state().known
    assert not watched.watch.state().since
    assert not watched.watch.state().singles
    watched.tick(100_000)
    assert not watched.watch.state().stuffing.messages


def test_before_the_first_session_orders_have_no_value_and_no_message_counts(tmp_path):
    scores = scores_of(structs.replace(match_scenario(tmp_path), instruments=(call(),)))
    registered = TeamRegistered(AMBER, "amber", "hedge_fund")
    scores.apply(Sequenced(1, 0, RegisterTeam("amber", "hedge_fund", b"k" * 32), Accepted(AMBER)), [registered])
    acknowledged = OrderAcknowledged(AMBER, 0, 1, None, CALL, BUY, 5, 1, 1, "day")
    scores.apply(Sequenced(2, 0, SubmitOrder(AMBER, CALL, "buy", 1, Price(5)), Accepted(1)), [acknowledged])
    assert scores.watch.state().known == {1: None}
    assert scores.watch.state().messages.messages == [0]


def test_messages_after_the_close_do_not_count(watched):
    order = watched.enter(AMBER, BUY, 99_000)
    watched.tell(SetPhase("closed"), [PhaseChanged("closed", "continuous", None, "organiser", 2)])
    watched.cancel(order)
    assert watched.watch.state().messages.messages == [1, 0]


def test_another_session_begins_with_nothing_found(watched):
    watched.take(BIRCH, watched.enter(AMBER, SELL, 100_000 + FAR), 100_000 + FAR)
    watched.tick(100_000, 70)
    assert watched.kinds() == ["transfer"]
    later = watched.now + 90_000
    phases = PhaseAt("continuous", later, later), PhaseAt("closed", later + 9_000, later + 9_000)
    watched.tell(StartSession("2024-03-15", -14_400, phases, 1_000, 2), [])
    assert watched.kinds() == []
    assert watched.watch.exclusions() == []


def test_one_that_goes_on_from_a_capture_finds_the_same(watched):
    watched.take(BIRCH, watched.enter(AMBER, SELL, 100_000 + FAR), 100_000 + FAR)
    watched.enter(AMBER, SELL, 102_000)
    watched.tick(100_000, 30)
    other = scores_of(watched.scenario)
    other.restore(memoryview(watched.scores.capture()))
    for _ in range(40):
        watched.tick(100_000)
        other.apply(Sequenced(999, 0, watched.second(100_000), Accepted()), [])
    assert watched.kinds() == ["transfer"]
    assert other.watch.findings() == watched.watch.findings()
    assert other.watch.exclusions() == watched.watch.exclusions()
    assert other.capture() == watched.scores.capture()
