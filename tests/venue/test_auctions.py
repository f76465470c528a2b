"""Calls and what they end with: refusals, indicative price, uncross in slices, restarts on the way."""

from collections import Counter

import pytest
from core_stage import CALL, Stage, order

from openoutcry.domain import commands
from openoutcry.domain.commands import Price, QuoteTerms, ReplaceQuotes
from openoutcry.domain.day.marks import Mark
from openoutcry.domain.events import (
    IndicativeChanged,
    OrderExecuted,
    PhaseChanged,
    PositionUpdated,
    QuoteReplaced,
    TradePrinted,
)
from openoutcry.domain.orders import BUY, SELL
from openoutcry.venue.snapshots.snapshot import decode, encode
from openoutcry.venue.tasks.slices import SLICE
from openoutcry.venue.venue import Venue
from reference.workload import PUT, instrument


def stage_in_call(*names, **terms):
    stage = Stage(*(names or ("ann", "bob", "cat")), opening_phase="closed", **terms)
    stage.do(commands.SetPhase("pre_open"))
    return stage


def restart(stage):
    kept = decode(encode(stage.venue.snapshot()))
    stage.venue = Venue(stage.venue._state.rulebook, snapshot=kept)
    stage.queries = stage.venue.queries


def uncross(stage, *, restarts=False):
    events = stage.do(commands.SetPhase("opening_auction"))
    while stage.venue.has_work:
        if restarts:
            restart(stage)
        events += stage.do(commands.ContinueWork(SLICE))
    return events


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


def indicative(events):
    return [(told.price, told.volume, told.imbalance, told.imbalance_side) for told in of(IndicativeChanged, events)]


# ---- the indicative price ----------------------------------------------------------------------------------------


def test_what_an_auction_would_do_is_told_when_it_changes_and_only_then():
    stage = stage_in_call()
    assert indicative(stage.do(order(1, "buy", 5, 102))) == []
    assert indicative(stage.do(order(2, "sell", 3, 100))) == [(102, 3, 2, BUY)]
    assert indicative(stage.do(order(3, "buy", 5, 90))) == []
    assert indicative(stage.do(order(3, "sell", 4, 99))) == [(100, 5, 2, SELL)]
    assert indicative(stage.do(commands.AmendOrder(3, 4, 2))) == [(101, 5, 0, None)]
    assert indicative(stage.do(commands.CancelOrder(1, 1))) == [(None, 0, 0, None)]


def test_a_new_mark_moves_the_price_where_the_book_leaves_a_choice():
    stage = stage_in_call()
    stage.do(commands.SetPhase("closed"))
    phases = ("pre_open", 100), ("opening_auction", 8_000), ("closed", 9_000)
    timetable = tuple(commands.PhaseAt(phase, at, at) for phase, at in phases)
    stage.do(commands.StartSession("2024-01-15", 0, timetable, 1_000, 7))
    stage.do(order(1, "buy", 5, 110))
    assert indicative(stage.do(order(2, "sell", 5, 100))) == [(105, 5, 0, None)]

    def tick(second, value):
        return indicative(stage.do(commands.AdvanceMarket(second, (), (Mark(0, value, 0, 0, 0, 0, 0),))))

    assert tick(101, 10_300) == [(103, 5, 0, None)]
    assert tick(102, 10_349) == []  # nearest to 103.49 ticks
    assert tick(103, 10_350) == [(104, 5, 0, None)]  # at equal distance the higher
    assert tick(104, 90_000) == [(110, 5, 0, None)]
    assert tick(105, 1) == [(100, 5, 0, None)]


def test_without_a_mark_the_last_trade_is_what_the_price_is_nearest_to():
    stage = Stage("ann", "bob")
    stage.do(order(1, "buy", 1, 107))
    stage.do(order(2, "sell", 1, 107))
    stage.do(commands.SetPhase("halted"))
    stage.do(commands.SetPhase("reopening_call"))
    stage.do(order(1, "buy", 5, 110))
    assert indicative(stage.do(order(2, "sell", 5, 100))) == [(107, 5, 0, None)]


def test_after_the_auction_nothing_is_indicated_any_more():
    stage = stage_in_call()
    stage.do(order(1, "buy", 5, 102))
    stage.do(order(2, "sell", 3, 100))
    assert indicative(uncross(stage)) == [(None, 0, 0, None)]
    assert indicative(stage.do(order(2, "sell", 1, 102))) == []


def test_a_call_that_is_closed_without_an_auction_leaves_nothing_indicated():
    stage = stage_in_call()
    stage.do(order(1, "buy", 5, 102))
    stage.do(order(2, "sell", 3, 100))
    assert indicative(stage.do(commands.SetPhase("closed"))) == [(None, 0, 0, None)]


# ---- the auction -------------------------------------------------------------------------------------------------


def test_both_sides_are_told_what_the_auction_filled_and_nobody_pays():
    stage = stage_in_call()
    stage.do(order(1, "buy", 5, 102, client_order_id="mine"))
    stage.do(order(2, "sell", 3, 100))
    cash = [stage.queries.account(team).cash for team in (1, 2)]

    events = uncross(stage)

    bought, sold = of(OrderExecuted, events)
    assert (bought.team_id, bought.side, bought.client_order_id, bought.order_status) == (
        1,
        BUY,
        "mine",
        "partially_filled",
    )
    assert (sold.team_id, sold.side, sold.order_status) == (2, SELL, "filled")
    for fill in (bought, sold):
        assert (fill.price, fill.quantity, fill.liquidity_type, fill.fees) == (102, 3, "auction", 0)
    assert [(update.team_id, update.position) for update in of(PositionUpdated, events)] == [(1, 3), (2, -3)]
    (printed,) = of(TradePrinted, events)
    assert (printed.trade_id, printed.price, printed.quantity, printed.aggressor_side) == (
        bought.trade_id,
        102,
        3,
        None,
    )
    tick_value = instrument(CALL).tick_value
    assert [stage.queries.account(team).cash for team in (1, 2)] == [
        cash[0] - 3 * 102 * tick_value,
        cash[1] + 3 * 102 * tick_value,
    ]


def test_what_is_left_rests_in_its_order_of_time_and_trades_on():
    stage = stage_in_call()
    first = stage.enter(1, "buy", 5, 102)
    second = stage.enter(3, "buy", 5, 102)
    stage.enter(2, "sell", 3, 102)
    uncross(stage)
    events = stage.do(order(2, "sell", 6, 102))
    fills = [(fill.order_id, fill.quantity, fill.liquidity_type) for fill in of(OrderExecuted, events)]
    assert [fill for fill in fills if fill[2] == "maker"] == [(first, 2, "maker"), (second, 4, "maker")]


def test_a_book_without_a_cross_has_no_auction():
    stage = stage_in_call()
    stage.do(order(1, "buy", 5, 100))
    stage.do(order(2, "sell", 3, 101))
    events = uncross(stage)
    assert of(OrderExecuted, events) == []
    assert [event.phase for event in of(PhaseChanged, events)] == ["opening_auction", "continuous"]


def test_each_instrument_has_its_own_price():
    stage = stage_in_call(instruments=(instrument(CALL), instrument(PUT)))
    for here, ticks in ((CALL, 102), (PUT, 55)):
        stage.do(order(1, "buy", 5, ticks, instrument_id=here))
        stage.do(order(2, "sell", 5, ticks, instrument_id=here))
    assert [(trade.instrument_id, trade.price) for trade in of(TradePrinted, uncross(stage))] == [
        (CALL, 102),
        (PUT, 55),
    ]


def test_an_instrument_that_is_halted_takes_no_part():
    stage = stage_in_call()
    stage.do(order(1, "buy", 5, 102))
    stage.do(order(2, "sell", 3, 100))
    assert indicative(stage.do(commands.HaltInstrument(CALL))) == [(None, 0, 0, None)]
    assert of(OrderExecuted, uncross(stage)) == []
    assert stage.queries.depth(CALL, 1).bids == ((102, 5),)


def fill_book(stage, orders):
    """As many orders, spread over some prices, of which most can trade."""
    for number in range(orders):
        side = "buy" if number % 2 else "sell"
        distance = number * 7 % 40
        stage.do(order(1 + number % 3, side, 1 + number % 4, 120 - distance if side == "buy" else 100 + distance))


@pytest.mark.parametrize("restarts", [False, True], ids=["undisturbed", "restarted-before-each-slice"])
def test_an_auction_is_cut_into_slices_at_one_price_and_conserves_the_volume(restarts):
    stage = stage_in_call(self_trade_prevention="none")
    fill_book(stage, 6 * SLICE)
    book = stage.venue._state.markets[CALL].book
    before = [sum(order.remaining_quantity for order in side.orders()) for side in book.sides]
    price, volume, _ = stage.venue._state.markets[CALL].fixing()

    events = stage.do(commands.SetPhase("opening_auction"))
    assert stage.venue.has_work
    assert stage.refuse(order(1, "buy", 1, 100)).details == {"phase": "opening_auction"}
    slices = [events]
    while stage.venue.has_work:
        if restarts:
            restart(stage)
        slices.append(stage.do(commands.ContinueWork(SLICE)))

    for each in slices:
        assert len(of(OrderExecuted, each)) <= SLICE + 1
    events = [event for each in slices for event in each]
    trades = of(TradePrinted, events)
    assert {trade.price for trade in trades} == {price}
    assert sum(trade.quantity for trade in trades) == volume
    assert len(of(IndicativeChanged, events)) == 1
    filled = Counter()
    for fill in of(OrderExecuted, events):
        filled[fill.side] += fill.quantity
    assert filled == {BUY: volume, SELL: volume}
    book = stage.venue._state.markets[CALL].book
    assert [sum(order.remaining_quantity for order in side.orders()) for side in book.sides] == [
        before[BUY] - volume,
        before[SELL] - volume,
    ]
    assert stage.venue.live_hash() == stage.venue.live_hash_made_anew()
    assert stage.venue._state.phase == "continuous"


def test_a_restart_before_any_slice_changes_nothing():
    def day(*, restarts):
        stage = stage_in_call(self_trade_prevention="none")
        fill_book(stage, 3 * SLICE)
        events = uncross(stage, restarts=restarts)
        return events, stage.venue.state_hash()

    assert day(restarts=False) == day(restarts=True)


# ---- what a call refuses -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"price": None}, "ORDER_TYPE_NOT_ALLOWED"),
        ({"time_in_force": "ioc"}, "INVALID_TIME_IN_FORCE"),
        ({"time_in_force": "fok"}, "INVALID_TIME_IN_FORCE"),
        ({"post_only": True}, "POST_ONLY_WOULD_TRADE"),
    ],
)
def test_an_order_that_cannot_wait_for_an_auction_is_refused(terms, code):
    assert stage_in_call().refuse(order(1, "buy", 5, 100, **terms)).code == code


@pytest.mark.parametrize("mode", ["expire_taker", "expire_maker", "expire_both"])
def test_an_order_that_reaches_an_own_one_is_refused_however_deep_that_stands(mode):
    stage = stage_in_call(self_trade_prevention=mode)
    stage.do(order(2, "sell", 5, 99))
    stage.do(order(1, "sell", 5, 100))
    refusal = stage.refuse(order(1, "buy", 1, 100))
    assert refusal.code == "SELF_TRADE_NOT_ALLOWED"
    assert refusal.details == {"own_order_id": "ORD_2", "own_price": 1.0, "nearest": 0.99}
    stage.do(order(1, "buy", 1, 99))
    assert stage.refuse(commands.AmendOrder(1, 3, price=Price(101))).code == "AMEND_FAILED"
    assert stage.refuse(commands.AmendOrder(1, 2, price=Price(98))).details["nearest"] == 1.0


def test_with_self_trades_allowed_an_owner_may_meet_itself_in_the_auction():
    stage = stage_in_call(self_trade_prevention="none")
    stage.do(order(1, "sell", 5, 100))
    stage.do(order(1, "buy", 5, 100))
    events = uncross(stage)
    assert [(fill.team_id, fill.side) for fill in of(OrderExecuted, events)] == [(1, BUY), (1, SELL)]
    assert [update.position for update in of(PositionUpdated, events)] == [0]


def test_two_teams_of_one_owner_may_not_meet_either():
    stage = Stage(opening_phase="closed")
    for name in ("ann", "bob"):
        stage.do(commands.RegisterTeam(name, "trader", name.encode(), "one person"))
    stage.do(commands.SetPhase("pre_open"))
    stage.do(order(1, "sell", 5, 100))
    assert stage.refuse(order(2, "buy", 5, 100)).code == "SELF_TRADE_NOT_ALLOWED"
    stage.do(order(2, "buy", 5, 99))


def test_quotes_enter_in_a_call_as_day_orders_and_those_from_before_it_keep_their_place():
    stage = Stage("ann", "bob")
    quote = QuoteTerms(CALL, Price(98), 5, Price(102), 5)
    stage.do(ReplaceQuotes(1, (quote,)))
    stage.do(commands.SetPhase("halted"))
    stage.do(commands.SetPhase("reopening_call"))

    stage.do(ReplaceQuotes(2, (QuoteTerms(CALL, Price(97), 2, Price(98), 3),)))
    smaller = QuoteTerms(CALL, Price(98), 4, Price(97), 5)
    told = next(event for event in stage.do(ReplaceQuotes(1, (smaller,))) if isinstance(event, QuoteReplaced))
    assert (told.bid_order_id, told.bid_reject) == (1, None)
    assert told.ask_reject.code == "SELF_TRADE_NOT_ALLOWED"
    assert stage.queries.depth(CALL, 5).asks == ((98, 3),)
    stage.do(commands.AmendOrder(1, 1, 3))
    assert stage.refuse(commands.AmendOrder(1, 1, 9)).code == "POST_ONLY_WOULD_TRADE"
