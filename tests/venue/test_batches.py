"""Frequent batch auctions: who trades with whom at each interval, chance among equals, orders that live one batch."""

from collections import Counter

import pytest
from core_stage import CALL, Stage, order

from openoutcry.domain import commands
from openoutcry.domain.day.draws import draw
from openoutcry.domain.day.game_rules import BatchRules, GameRules
from openoutcry.domain.events import IndicativeChanged, OrderCancelled, OrderExecuted, TradePrinted
from openoutcry.venue.snapshots.snapshot import decode, encode
from openoutcry.venue.tasks.slices import SLICE
from openoutcry.venue.venue import Venue
from reference.workload import role

BEGIN = 1_000


class Batches(Stage):
    """A session of batch auctions, every `interval` seconds."""

    def __init__(self, *names, interval=1, word=7, **terms):
        game = GameRules(batch=BatchRules(interval_seconds=interval))
        super().__init__(*(names or ("ann", "bob", "cat")), opening_phase="closed", game=game, **terms)
        timetable = (commands.PhaseAt("continuous", BEGIN, BEGIN), commands.PhaseAt("closed", 9_000, 9_000))
        self.do(commands.StartSession("2024-01-15", 0, timetable, 1_000, word))
        self.time = BEGIN

    def tick(self, seconds=1):
        """What the ticks of so many seconds bring, their slices with them."""
        events = []
        for _ in range(seconds):
            self.time += 1
            events += self.do(commands.AdvanceMarket(self.time))
            while self.venue.has_work:
                events += self.do(commands.ContinueWork(SLICE))
        return events

    def restart(self):
        kept = decode(encode(self.venue.snapshot()))
        self.venue = Venue(self.venue._state.rulebook, snapshot=kept)
        self.queries = self.venue.queries


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


def fills(events):
    """By order: what it traded."""
    filled = Counter()
    for fill in of(OrderExecuted, events):
        assert fill.liquidity_type == "auction"
        filled[fill.order_id] += fill.quantity
    return dict(filled)


def cancelled(events):
    return {event.order_id: event.reason for event in of(OrderCancelled, events)}


def test_nothing_trades_until_the_interval_is_over():
    stage = Batches(interval=3)
    bid, ask = stage.enter(1, "buy", 5, 102), stage.enter(2, "sell", 3, 100)
    assert fills(stage.tick(2)) == {}
    assert fills(stage.tick()) == {bid: 3, ask: 3}
    assert fills(stage.tick(6)) == {}
    late = stage.enter(3, "sell", 2, 102)
    assert fills(stage.tick(3)) == {bid: 2, late: 2}


def test_a_late_tick_holds_one_batch_and_the_next_is_on_time():
    stage = Batches(interval=5)
    bid, ask = stage.enter(1, "buy", 5, 102), stage.enter(2, "sell", 3, 100)
    stage.time += 12
    assert fills(stage.tick()) == {bid: 3, ask: 3}  # at second 13
    late = stage.enter(3, "sell", 2, 102)
    assert fills(stage.tick()) == {}
    assert fills(stage.tick()) == {bid: 2, late: 2}  # at second 15


def test_what_the_batch_would_do_is_told_between_the_batches():
    stage = Batches()
    stage.do(order(1, "buy", 5, 102))
    (told,) = of(IndicativeChanged, stage.do(order(2, "sell", 3, 100)))
    assert (told.price, told.volume, told.imbalance) == (102, 3, 2)
    (gone,) = of(IndicativeChanged, stage.tick())
    assert (gone.price, gone.volume, gone.imbalance) == (None, 0, 0)


def test_at_one_price_the_lots_decide_and_not_time():
    def first_of(word):
        stage = Batches(word=word)
        ids = [stage.enter(1 + number % 2, "buy", 1, 100) for number in range(6)]
        stage.enter(3, "sell", 2, 100)
        winners = [order_id for order_id in fills(stage.tick()) if order_id in ids]
        assert winners == sorted(ids, key=lambda order_id: draw(word, 1, order_id))[:2]
        return winners[0]

    chosen = Counter(first_of(word) for word in range(120))
    assert set(chosen) == set(range(1, 7))
    assert max(chosen.values()) < 3 * min(chosen.values())


def test_a_better_price_comes_before_any_lot():
    stage = Batches()
    stage.enter(1, "buy", 1, 100)
    better = stage.enter(2, "buy", 1, 101)
    ask = stage.enter(3, "sell", 1, 100)
    assert fills(stage.tick()) == {better: 1, ask: 1}


def test_an_ioc_lives_one_batch():
    stage = Batches()
    ioc = stage.enter(1, "buy", 5, 100, time_in_force="ioc")
    ask = stage.enter(2, "sell", 3, 100)
    assert stage.queries.open_orders(1)[0].order_id == ioc
    events = stage.tick()
    assert fills(events) == {ioc: 3, ask: 3}
    assert cancelled(events) == {ioc: "ioc_remainder"}
    waits = stage.enter(1, "buy", 5, 90, time_in_force="ioc")
    assert cancelled(stage.tick()) == {waits: "ioc_remainder"}


def test_a_fok_that_would_not_fill_is_cancelled_and_the_price_fixed_without_it():
    stage = Batches()
    fok = stage.enter(1, "buy", 100, 112, time_in_force="fok")
    bid, ask = stage.enter(3, "buy", 10, 110), stage.enter(2, "sell", 50, 110)
    events = stage.tick()
    assert cancelled(events) == {fok: "fok_not_fillable"}
    assert fills(events) == {bid: 10, ask: 10}
    assert {trade.price for trade in of(TradePrinted, events)} == {110}


def test_a_fok_that_fills_is_filled_and_one_that_does_not_reach_the_price_leaves():
    stage = Batches()
    fok = stage.enter(1, "buy", 30, 112, time_in_force="fok")
    low = stage.enter(3, "buy", 10, 90, time_in_force="fok")
    ask = stage.enter(2, "sell", 50, 110)
    events = stage.tick()
    assert fills(events) == {fok: 30, ask: 30}
    assert cancelled(events) == {low: "fok_not_fillable"}


def test_when_the_first_of_two_foks_is_too_large_the_other_may_fill():
    stage = Batches()
    large = stage.enter(1, "buy", 150, 112, time_in_force="fok")
    other = stage.enter(3, "buy", 100, 111, time_in_force="fok")
    ask = stage.enter(2, "sell", 100, 110)
    events = stage.tick()
    assert cancelled(events) == {large: "fok_not_fillable"}
    assert fills(events) == {other: 100, ask: 100}


@pytest.mark.parametrize(
    ("terms", "code"),
    [({"ticks": None}, "ORDER_TYPE_NOT_ALLOWED"), ({"post_only": True}, "POST_ONLY_WOULD_TRADE")],
)
def test_market_orders_and_post_only_ones_are_refused(terms, code):
    assert Batches().refuse(order(1, "buy", 5, **({"ticks": 100} | terms))).code == code


def test_orders_that_wait_for_a_batch_count_as_open_whatever_their_time_in_force():
    stage = Batches(rules=role(maximum_open_orders=1))
    stage.enter(1, "buy", 5, 100, time_in_force="fok")
    assert stage.refuse(order(1, "buy", 5, 100, time_in_force="ioc")).code == "OPEN_ORDER_LIMIT_EXCEEDED"
    stage.tick()
    stage.enter(1, "buy", 5, 100)


def test_a_halted_instrument_holds_no_batch():
    stage = Batches()
    bid, ask = stage.enter(1, "buy", 5, 100), stage.enter(2, "sell", 5, 100)
    stage.do(commands.HaltInstrument(CALL))
    assert fills(stage.tick(3)) == {}
    stage.do(commands.ResumeInstrument(CALL))
    assert fills(stage.tick()) == {}  # a reopening call comes first
    assert fills(stage.tick(120)) == {bid: 5, ask: 5}


def test_what_lives_one_batch_leaves_at_its_instant_though_a_halt_lets_none_be_held():
    """So that no auction after the halt fills a part of an order that must fill completely."""
    stage = Batches()
    whole = stage.enter(1, "buy", 5, 100, time_in_force="fok")
    part = stage.enter(1, "buy", 5, 99, time_in_force="ioc")
    ask = stage.enter(2, "sell", 2, 100)
    stage.do(commands.HaltInstrument(None))
    assert cancelled(stage.tick()) == {whole: "fok_not_fillable", part: "ioc_remainder"}
    stage.do(commands.ResumeInstrument(None))
    assert fills(stage.tick(120)) == {}
    assert [order.order_id for order in stage.queries.open_orders(2)] == [ask]


def test_what_lives_one_batch_leaves_in_slices_in_a_halt():
    stage = Batches()
    for _ in range(2 * SLICE):
        stage.do(order(1, "buy", 1, 100, time_in_force="ioc"))
    stage.do(commands.HaltInstrument(CALL))
    stage.time += 1
    assert len(cancelled(stage.do(commands.AdvanceMarket(stage.time)))) <= SLICE
    while stage.venue.has_work:
        stage.restart()
        assert len(cancelled(stage.do(commands.ContinueWork(SLICE)))) <= SLICE
    assert not stage.queries.open_orders(1)


@pytest.mark.parametrize("restarts", [False, True], ids=["undisturbed", "restarted"])
def test_a_batch_of_many_slices_lets_nothing_in_meanwhile_and_goes_on_after_a_restart(restarts):
    def run(*, restarts):
        stage = Batches(self_trade_prevention="none")
        for number in range(3 * SLICE):
            side = "buy" if number % 2 else "sell"
            stage.do(order(1 + number % 3, side, 1 + number % 4, 100, time_in_force=("day", "ioc")[number % 5 == 0]))
        stage.time += 1
        events = stage.do(commands.AdvanceMarket(stage.time))
        assert stage.venue.has_work
        assert stage.refuse(order(1, "buy", 1, 100)).details == {"phase": "reopening_auction"}
        while stage.venue.has_work:
            if restarts:
                stage.restart()
            events += stage.do(commands.ContinueWork(SLICE))
        stage.do(order(1, "buy", 1, 1))
        assert stage.venue.live_hash() == stage.venue.live_hash_made_anew()
        assert all(order.time_in_force == "day" for team in (1, 2, 3) for order in stage.queries.open_orders(team))
        return events, stage.venue.state_hash()

    events, state = run(restarts=restarts)
    assert (events, state) == run(restarts=False)
