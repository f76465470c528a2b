"""The dead-man timer and guarded connections: orders are cancelled when due, unless the team returns before."""

from core_stage import Stage
from timers import next_timer

from openoutcry.domain import commands
from openoutcry.domain.events import OrderCancelled
from openoutcry.domain.reasons import CancelReason, ErrorCode
from openoutcry.domain.types import ConnectionId, TeamId, TimestampUs
from openoutcry.domain.views import TimerView

ALICE, BOB = TeamId(1), TeamId(2)
FIRST, SECOND = ConnectionId("first"), ConnectionId("second")


def stage_with_orders():
    stage = Stage("alice", "bob")
    orders = [stage.enter(ALICE, "buy", 1, 90), stage.enter(ALICE, "sell", 2, 110)]
    stage.enter(BOB, "buy", 3, 80)
    return stage, orders


def elapse(stage, timer):
    return stage.do(commands.ElapseTimer(timer.team_id, timer.connection_id, timer.due))


def cancelled(events):
    return [(event.order_id, event.reason) for event in events if isinstance(event, OrderCancelled)]


def test_the_dead_man_timer_cancels_all_of_its_team_s_orders_and_nobody_else_s():
    stage, orders = stage_with_orders()
    stage.do(commands.SetCancelAfter(ALICE, 5))
    timer = next_timer(stage.queries)
    assert timer.connection_id is None
    assert cancelled(elapse(stage, timer)) == [(order_id, CancelReason.CANCEL_AFTER) for order_id in orders]
    assert len(stage.queries.open_orders(BOB)) == 1
    assert next_timer(stage.queries) is None


def test_it_is_due_so_many_seconds_after_it_was_set():
    stage, _ = stage_with_orders()
    stage.do(commands.SetCancelAfter(ALICE, 5))
    set_at = TimestampUs(1_000_000 + stage.sequence)
    assert stage.queries.cancel_at(ALICE) == set_at + 5_000_000
    assert stage.queries.cancel_at(BOB) is None


def test_a_renewed_timer_leaves_the_old_time_without_effect():
    stage, orders = stage_with_orders()
    stage.do(commands.SetCancelAfter(ALICE, 5))
    old = next_timer(stage.queries)
    stage.do(commands.SetCancelAfter(ALICE, 5))
    assert elapse(stage, old) == []
    assert cancelled(elapse(stage, next_timer(stage.queries)))[0][0] == orders[0]


def test_zero_seconds_switch_it_off():
    stage, orders = stage_with_orders()
    stage.do(commands.SetCancelAfter(ALICE, 5))
    old = next_timer(stage.queries)
    stage.do(commands.SetCancelAfter(ALICE, 0))
    assert next_timer(stage.queries) is None
    assert elapse(stage, old) == []
    assert len(stage.queries.open_orders(ALICE)) == len(orders)


def test_a_suspended_team_cannot_set_it():
    stage, _ = stage_with_orders()
    stage.do(commands.SuspendTeam(ALICE))
    assert stage.refuse(commands.SetCancelAfter(ALICE, 5)).code is ErrorCode.TEAM_SUSPENDED


def test_a_guarded_connection_that_stands_runs_no_timer():
    stage, _ = stage_with_orders()
    stage.do(commands.GuardConnection(ALICE, FIRST, 3))
    assert next_timer(stage.queries) is None
    assert stage.queries.guarded_connections() == [(ALICE, FIRST)]


def test_a_lost_connection_cancels_everything_after_its_grace():
    stage, orders = stage_with_orders()
    stage.do(commands.GuardConnection(ALICE, FIRST, 3))
    stage.do(commands.LoseConnection(ALICE, FIRST))
    timer = next_timer(stage.queries)
    assert timer == TimerView(team_id=ALICE, connection_id=FIRST, due=1_000_000 + stage.sequence + 3_000_000)
    told = cancelled(elapse(stage, timer))
    assert told == [(order_id, CancelReason.CANCEL_ON_DISCONNECT) for order_id in orders]
    assert elapse(stage, timer) == [], "it happens once"


def test_losing_a_connection_twice_does_not_prolong_its_grace():
    stage, _ = stage_with_orders()
    stage.do(commands.GuardConnection(ALICE, FIRST, 3))
    stage.do(commands.LoseConnection(ALICE, FIRST))
    timer = next_timer(stage.queries)
    stage.do(commands.LoseConnection(ALICE, FIRST))
    assert next_timer(stage.queries) == timer


def test_a_bot_that_comes_back_and_guards_its_new_connection_calls_the_old_one_s_timer_off():
    stage, orders = stage_with_orders()
    stage.do(commands.GuardConnection(ALICE, FIRST, 3))
    stage.do(commands.LoseConnection(ALICE, FIRST))
    old = next_timer(stage.queries)
    stage.do(commands.GuardConnection(ALICE, SECOND, 3))
    assert next_timer(stage.queries) is None
    assert elapse(stage, old) == []
    assert len(stage.queries.open_orders(ALICE)) == len(orders)


def test_a_guarded_connection_that_stands_does_not_save_another_one():
    stage, orders = stage_with_orders()
    stage.do(commands.GuardConnection(ALICE, FIRST, 3))
    stage.do(commands.GuardConnection(ALICE, SECOND, 3))
    stage.do(commands.LoseConnection(ALICE, FIRST))
    assert len(cancelled(elapse(stage, next_timer(stage.queries)))) == len(orders)
    assert stage.queries.guarded_connections() == [(ALICE, SECOND)]


def test_a_connection_that_is_no_longer_guarded_may_end():
    stage, _ = stage_with_orders()
    stage.do(commands.GuardConnection(ALICE, FIRST, 3))
    stage.do(commands.UnguardConnection(ALICE, FIRST))
    stage.do(commands.LoseConnection(ALICE, FIRST))
    assert next_timer(stage.queries) is None


def test_of_several_timers_the_earliest_is_next():
    stage, _ = stage_with_orders()
    stage.do(commands.SetCancelAfter(ALICE, 9))
    stage.do(commands.SetCancelAfter(BOB, 4))
    assert next_timer(stage.queries).team_id == BOB
