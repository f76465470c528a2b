"""The day in the venue: its phases by the timetable, ticks, and what is done in slices."""

from typing import get_args

import pytest
from core_stage import CALL, Stage, order

from openoutcry.domain import commands
from openoutcry.domain.commands import PhaseAt
from openoutcry.domain.day.marks import Mark, UnderlyingMark
from openoutcry.domain.day.tasks import Task
from openoutcry.domain.day.timers import MarketTimer
from openoutcry.domain.events import MarksPublished, OrderCancelled, PhaseChanged
from openoutcry.venue.due.table import COMES_DUE
from openoutcry.venue.snapshots.snapshot import decode, encode
from openoutcry.venue.tasks.slices import SLICE
from openoutcry.venue.tasks.table import STEPS
from openoutcry.venue.venue import Venue

NINE = 1_705_327_200  # 2024-01-15 09:00 in New York
TIMETABLE = (
    PhaseAt("pre_open", NINE, NINE),
    PhaseAt("opening_auction", NINE + 1_790, NINE + 1_770),
    PhaseAt("closed", NINE + 21_600, NINE + 21_600),
)


def start(timetable=TIMETABLE):
    return commands.StartSession("2024-01-15", -18_000, timetable, 1_000, 7)


def phases(events):
    return [event.phase for event in events if isinstance(event, PhaseChanged)]


@pytest.fixture
def stage():
    stage = Stage("ann", "bob", opening_phase="closed")
    stage.do(start())
    return stage


def restart(stage):
    """Go on with what a snapshot keeps."""
    kept = decode(encode(stage.venue.snapshot()))
    stage.venue = Venue(stage.venue._state.rulebook, snapshot=kept)
    stage.queries = stage.venue.queries


def test_every_task_and_every_timer_has_its_row():
    assert set(STEPS) == set(get_args(Task))
    assert set(COMES_DUE) == set(get_args(MarketTimer) or (MarketTimer,))


def test_the_timetable_moves_the_session_through_its_phases(stage):
    seen = [
        (tick - NINE, phase)
        for tick in (NINE + 1_789, NINE + 1_790, NINE + 1_791, NINE + 21_599, NINE + 21_600)
        for phase in phases(stage.do(commands.AdvanceMarket(tick)))
    ]
    assert seen == [(1_790, "opening_auction"), (1_790, "continuous"), (21_600, "closed")]


def test_phases_that_one_late_tick_passes_come_one_after_the_other(stage):
    assert phases(stage.do(commands.AdvanceMarket(NINE + 30_000))) == ["opening_auction", "continuous", "closed"]


def test_orders_of_a_call_wait_and_do_not_trade(stage):
    stage.do(order(1, "buy", 5, 100))
    events = stage.do(order(2, "sell", 5, 100))
    assert [type(event).__name__ for event in events] == [
        "OrderAcknowledged",
        "BookChanged",
        "TopOfBookChanged",
        "IndicativeChanged",
    ]


def test_a_tick_that_does_not_go_forward_is_refused(stage):
    stage.do(commands.AdvanceMarket(NINE + 1))
    assert stage.refuse(commands.AdvanceMarket(NINE + 1)).code == "MALFORMED_REQUEST"


def test_a_mark_of_no_instrument_is_refused(stage):
    for place in (-1, 1):
        mark = Mark(place, 1, 1, 1, 1, 1, 1)
        assert stage.refuse(commands.AdvanceMarket(NINE + 1, (), (mark,))).code == "MALFORMED_REQUEST"


def test_nothing_ticks_outside_a_session(stage):
    stage.do(commands.EndSession())
    assert stage.refuse(commands.AdvanceMarket(NINE + 1)).code == "MARKET_CLOSED"
    assert stage.refuse(commands.EndSession()).code == "MARKET_CLOSED"


def test_of_a_session_that_was_closed_by_hand_nothing_is_to_come(stage):
    stage.do(commands.SetPhase("closed"))
    assert stage.queries.market().next_phase is None
    (opened,) = (event for event in stage.do(commands.SetPhase("continuous")) if isinstance(event, PhaseChanged))
    assert (opened.next_phase, opened.next_at) == (None, None)
    assert stage.queries.market().next_phase is None


def test_a_second_session_starts_only_after_the_first_and_later_in_market_time(stage):
    assert stage.refuse(start()).code == "MARKET_CLOSED"
    stage.do(commands.AdvanceMarket(NINE + 10))
    stage.do(commands.EndSession())
    assert stage.refuse(start()).code == "MALFORMED_REQUEST"
    later = tuple(PhaseAt(line.phase, line.at + 86_400, line.earliest + 86_400) for line in TIMETABLE)
    stage.do(start(later))
    assert stage.queries.market().trading_session == 2


def test_marks_are_told_after_the_phases_of_their_tick(stage):
    mark = Mark(0, 12_300, 200_000, 500_000, 1_000, 5_000, -2_000)
    events = stage.do(commands.AdvanceMarket(NINE + 1_790, (UnderlyingMark("SPX", 45_000_000),), (mark,)))
    told = [event for event in events if isinstance(event, PhaseChanged | MarksPublished)]
    assert [type(event) for event in told] == [PhaseChanged, PhaseChanged, MarksPublished]
    assert told[-1] == MarksPublished(NINE + 1_790, -18_000, (UnderlyingMark("SPX", 45_000_000),), (mark,))


def test_a_close_is_cut_into_slices_and_nothing_enters_or_leaves_meanwhile(stage):
    orders = 2 * SLICE + 7
    for number in range(orders):
        stage.do(order(1 + number % 2, "buy", 1, 100))

    told = stage.do(commands.SetPhase("closed"))
    assert len([event for event in told if isinstance(event, OrderCancelled)]) == SLICE - 1
    assert stage.refuse(order(1, "buy", 1, 100)).code == "MARKET_CLOSED"
    assert stage.refuse(commands.AdvanceMarket(NINE + 5)).code == "MARKET_CLOSED"

    while stage.venue.has_work:
        restart(stage)
        slice_told = stage.do(commands.ContinueWork(SLICE))
        assert 0 < len([event for event in slice_told if isinstance(event, OrderCancelled)]) <= SLICE
        told += slice_told

    cancelled = [event.order_id for event in told if isinstance(event, OrderCancelled)]
    assert len(cancelled) == len(set(cancelled)) == orders
    assert phases(told) == ["closed"]
    assert stage.queries.depth(CALL, 1).bids == ()


def test_a_restart_changes_nothing_of_the_rest_of_a_day():
    def day(*, restarts):
        stage = Stage("ann", "bob", opening_phase="closed")
        for command in (start(), order(1, "buy", 5, 100), *map(commands.AdvanceMarket, range(NINE + 1, NINE + 1_800))):
            if restarts:
                restart(stage)
            stage.do(command)
        return stage.venue.state_hash()

    assert day(restarts=False) == day(restarts=True)


def test_marks_may_come_with_the_start_and_not_again(stage):
    mark = Mark(0, 12_300, 200_000, 500_000, 1_000, 5_000, -2_000)
    stage.do(commands.AdvanceMarket(NINE, (UnderlyingMark("SPX", 45_000_000),), (mark,)))
    assert stage.venue.queries.day().market_time == NINE
    stage.do(commands.AdvanceMarket(NINE + 1))
    assert stage.refuse(commands.AdvanceMarket(NINE, (), (mark,))).code == "MALFORMED_REQUEST"
