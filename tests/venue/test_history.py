"""The venue's history of a team: the newest orders and fills, and all changes of each order."""

import gc

import pytest
from core_stage import Stage, order

from openoutcry.domain import commands
from openoutcry.domain.reasons import Duplicate
from openoutcry.domain.rulebook import HistoryLimits
from openoutcry.matching.order import Order
from openoutcry.venue.state.limits import VenueLimits


@pytest.fixture
def stage():
    """Two teams, of each of which three closed orders and two fills are kept."""
    return Stage("ann", "bob", history=HistoryLimits(closed_orders=3, fills=2))


def closed(stage, **page):
    return [view.order_id for view in stage.queries.closed_orders(1, **({"limit": 100, "before": None} | page))]


def fills(stage, after=0):
    return [fill.trade_id for fill in stage.queries.fills(1, after=after, limit=100)]


def leave(stage, **terms):
    """An order of the first team that closes at once; its id."""
    return stage.enter(1, "buy", 1, 50, time_in_force="ioc", **terms)


def trade(stage):
    """A fill of one for either team."""
    stage.enter(2, "sell", 1, 50)
    return stage.enter(1, "buy", 1, 50)


def test_the_orders_that_closed_last_are_kept_and_the_others_are_counted(stage):
    ids = [leave(stage) for _ in range(5)]
    assert closed(stage) == ids[:1:-1]
    assert stage.queries.forgotten_orders(1) == 2
    assert [stage.queries.order(1, order_id) is not None for order_id in ids] == [False, False, True, True, True]


def test_of_orders_it_counts_when_they_closed_not_when_they_came(stage):
    resting = stage.enter(1, "buy", 1, 40)
    ids = [leave(stage) for _ in range(3)]
    stage.do(commands.CancelOrder(1, resting))
    assert closed(stage) == [ids[2], ids[1], resting]
    assert stage.queries.order(1, ids[0]) is None


def test_open_orders_are_never_forgotten(stage):
    resting = stage.enter(1, "buy", 1, 40, client_order_id="mine")
    for _ in range(10):
        leave(stage)
    assert [view.order_id for view in stage.queries.open_orders(1)] == [resting]
    assert stage.queries.order_by_client_id(1, "mine").order_id == resting


def test_each_team_has_a_past_of_its_own(stage):
    mine = leave(stage)
    for _ in range(5):
        stage.enter(2, "sell", 1, 60, time_in_force="ioc")
    assert closed(stage) == [mine]
    assert stage.queries.forgotten_orders(1) == 0
    assert stage.queries.forgotten_orders(2) == 2


def test_the_newest_fills_are_kept_and_the_others_are_counted(stage):
    for _ in range(5):
        trade(stage)
    assert fills(stage) == [4, 5]
    assert fills(stage, after=1) == [4, 5]
    assert fills(stage, after=4) == [5]
    assert stage.queries.forgotten_fills(1) == 3


def test_an_order_is_shown_with_all_its_fills_as_long_as_it_is_kept(stage):
    large = stage.enter(1, "buy", 9, 50)
    for _ in range(5):
        stage.enter(2, "sell", 1, 50)
    assert fills(stage) == [4, 5]
    assert [fill.trade_id for fill in stage.queries.fills_of_order(1, large)] == [1, 2, 3, 4, 5]


def test_positions_and_money_count_what_is_forgotten(stage):
    everything = Stage("ann", "bob")
    for _ in range(9):
        trade(stage)
        trade(everything)
    assert stage.queries.positions(1) == everything.queries.positions(1)
    assert stage.queries.account(1) == everything.queries.account(1)
    assert stage.venue.live_hash() == everything.venue.live_hash()


def test_a_client_order_id_stands_for_its_order_as_long_as_that_is_kept(stage):
    terms = {"time_in_force": "ioc", "client_order_id": "mine"}
    first = stage.enter(1, "buy", 1, 50, **terms)
    leave(stage)
    leave(stage)
    assert stage.venue.validate(order(1, "buy", 1, 50, **terms)) == Duplicate(first)
    assert stage.refuse(order(1, "buy", 2, 50, **terms)).code == "DUPLICATE_CLIENT_ORDER_ID"
    leave(stage)
    assert stage.queries.order_by_client_id(1, "mine") is None
    assert stage.enter(1, "buy", 1, 50, **terms) > first


def test_a_client_order_id_of_this_session_outlives_an_order_that_had_it_in_the_last(stage):
    leave(stage, client_order_id="mine")
    stage.do(commands.SetPhase("closed"))
    stage.do(commands.SetPhase("continuous"))
    now = stage.enter(1, "buy", 1, 40, client_order_id="mine")
    for _ in range(5):
        leave(stage)
    assert stage.queries.order_by_client_id(1, "mine").order_id == now


def test_client_order_ids_never_run_out_for_a_team_that_trades_on():
    few = HistoryLimits(closed_orders=3, fills=2)
    stage = Stage("ann", "bob", history=few, limits=VenueLimits(max_client_order_ids=4))
    for number in range(20):
        leave(stage, client_order_id=f"order-{number}")


def test_pages_stay_right_while_orders_close_and_are_forgotten_in_between():
    stage = Stage("ann", history=HistoryLimits(closed_orders=4, fills=1))
    ids = [leave(stage) for _ in range(4)]
    assert closed(stage, limit=2) == [ids[3], ids[2]]
    ids += [leave(stage) for _ in range(2)]
    assert closed(stage, limit=2, before=ids[2]) == []
    assert closed(stage) == ids[:1:-1]
    for _ in range(20):
        ids.append(leave(stage))
        assert closed(stage) == ids[:-5:-1]


def test_what_is_forgotten_is_not_kept_for_questions_about_it(stage):
    names = [f"asked for {number}" for number in range(25)]
    for name in names:
        leave(stage, client_order_id=name)
        if name in names[:5]:
            closed(stage)
    gc.collect()
    held = [found.client_order_id for found in gc.get_objects() if isinstance(found, Order)]
    assert sorted(set(names).intersection(held)) == sorted(names[-3:])
