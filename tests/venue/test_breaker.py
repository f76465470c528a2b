"""Halts by the circuit breaker."""

import pytest
from core_stage import CALL, order
from halts_stage import CLOSES, NINE, OPENS, SPOT, DayOfHalts, timetable

from openoutcry.domain import commands


@pytest.fixture
def stage():
    stage = DayOfHalts()
    stage.tick(OPENS)
    stage.told.clear()
    return stage


def crash(stage, price=SPOT * 98 // 100):
    stage.tick(stage.now + 1, price)


def test_a_large_move_halts_everything_for_three_minutes_and_reopens_it(stage):
    stage.tick(OPENS + 400)
    crash(stage, SPOT - SPOT // 80)  # 1.25 %
    assert (stage.told[-1].phase, stage.told[-1].reason) == ("halted", "circuit_breaker")
    assert (stage.told[-1].next_phase, stage.told[-1].next_at) == ("reopening_call", OPENS + 401 + 180)
    stage.tick(OPENS + 581, SPOT * 98 // 100)
    assert stage.phase() == "reopening_call"
    stage.tick(OPENS + 900, SPOT * 98 // 100)
    assert stage.phases() == ["halted", "reopening_call", "reopening_auction", "continuous"]


def test_a_smaller_move_halts_nothing(stage):
    stage.tick(OPENS + 400)
    crash(stage, SPOT - SPOT // 80 + 1)
    assert stage.phases() == []


def test_the_move_is_that_against_the_price_a_window_ago(stage):
    for step in range(1, 21):  # 2 % in ten minutes, 1 % in five
        stage.tick(stage.now + 30, SPOT - SPOT * step // 1_000)
    assert stage.phases() == []


def test_the_breaker_halts_at_most_three_times_a_day_and_not_shortly_before_the_close(stage):
    price = SPOT
    for _ in range(6):
        stage.tick(stage.now + 700, price)
        price = price * 98 // 100
    assert stage.phases().count("halted") == 3

    late = DayOfHalts()
    late.tick(CLOSES - 900)
    crash(late)
    assert "halted" not in late.phases()


def test_a_halt_that_reaches_the_close_is_closed_without_an_auction():
    stage = DayOfHalts()
    stage.tick(CLOSES - 200)
    stage.do(commands.HaltInstrument(None))
    stage.tick(CLOSES)
    assert stage.phases()[-2:] == ["halted", "closed"]


def test_a_reopening_call_that_reaches_the_close_is_closed_without_an_auction(stage):
    stage.tick(CLOSES - 100)
    stage.do(commands.HaltInstrument(None))
    stage.do(commands.ResumeInstrument(None))
    stage.do(order(1, "buy", 1, 101))
    stage.do(order(2, "sell", 1, 99))
    stage.tick(CLOSES)
    assert stage.phases() == ["halted", "reopening_call", "closed"]
    assert stage.queries.trades(CALL, 1) == []


def test_the_organiser_ends_a_halt_of_the_breaker_early_and_its_timer_does_nothing_then(stage):
    stage.tick(OPENS + 400)
    crash(stage)
    stage.do(commands.ResumeInstrument(None))
    stage.do(commands.SetPhase("continuous"))
    stage.tick(OPENS + 1_000, SPOT * 98 // 100)
    assert stage.phases() == ["halted", "reopening_call", "reopening_auction", "continuous"]


def test_the_organiser_makes_a_halt_of_the_breaker_last(stage):
    stage.tick(OPENS + 400)
    crash(stage)
    stage.do(commands.HaltInstrument(None))
    stage.tick(OPENS + 2_000, SPOT * 98 // 100)
    assert stage.phase() == "halted"


def test_a_second_session_has_its_three_halts_anew(stage):
    price = SPOT
    for _ in range(5):
        stage.tick(stage.now + 700, price)
        price = price * 98 // 100
    stage.do(commands.EndSession())
    stage.do(commands.StartSession("2024-01-16", -18_000, timetable(86_400), 1_000, 8))
    stage.now = NINE + 86_400
    stage.tick(OPENS + 86_800, price)
    stage.told.clear()
    crash(stage, price * 98 // 100)
    assert stage.phases() == ["halted"]
