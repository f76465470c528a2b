"""Sessions by the driver: started, planned, ticked through their phases, sped up, ended."""

import pytest
import structlog
from day_stage import ORGANISER, DayStage, scenario_of_a_day

from openoutcry.domain.reasons import Accepted, Reject
from openoutcry.operations.health import show_health
from openoutcry.runtime.sequencing.unavailable import Unavailable

MINUTE_US = 60_000_000
NINE = 1_710_421_200  # 2024-03-14 09:00 in New York, in summer time


@pytest.fixture
def stage(tmp_path):
    return DayStage(scenario_of_a_day(tmp_path))


def test_nothing_happens_before_a_session_is_started(stage):
    stage.pass_seconds(3_600)
    assert (stage.phases, stage.queries.day().market_time) == ([], None)


def test_a_session_walks_through_its_day(stage):
    assert isinstance(stage.driver.start_session().verdict, Accepted)
    assert stage.queries.day().market_time == NINE
    stage.pass_seconds(21_600 // 30 - 1)
    assert stage.phases == ["pre_open", "opening_auction", "continuous"]
    stage.pass_seconds(2)
    assert stage.phases == ["pre_open", "opening_auction", "continuous", "closed"]
    assert stage.queries.day().market_time == NINE + 21_600
    assert not stage.queries.day().is_running


def test_the_chain_of_the_session_is_listed_at_its_start(stage):
    assert stage.queries.instruments() == []
    stage.driver.start_session()
    symbols = [instrument.instrument_id for instrument in stage.queries.instruments()]
    assert len(symbols) == 85
    assert symbols[0] == "SPY"
    assert "SPX_CALL_4500_20240314" in symbols


def test_the_opening_call_ends_at_random_within_its_last_seconds(stage):
    ends = set()
    for _ in range(12):
        stage.driver.start_session()
        opening = stage.exchange.sequencer.queries.market()
        assert (opening.next_phase, opening.next_at % 86_400 // 60) == ("opening_auction", 13 * 60 + 29)
        day = stage.queries.day().market_time
        while stage.queries.market().phase == "pre_open":
            assert stage.driver.tick()
        ends.add(stage.queries.day().market_time - day)
        stage.driver.end_session()
        stage.loop.run()
    assert len(ends) > 1
    assert all(1_770 <= end <= 1_800 for end in ends)


def test_market_time_passes_at_the_session_s_speed_and_at_a_new_one_from_its_change_on(stage):
    stage.driver.start_session()
    stage.pass_seconds(10)
    assert stage.queries.day().market_time == NINE + 300
    stage.driver.set_speed(1_500)
    stage.pass_seconds(10)
    assert stage.queries.day().market_time == NINE + 315
    stage.driver.set_speed(30_000)
    stage.pass_seconds(1)
    assert stage.queries.day().market_time == NINE + 345


def test_a_tick_that_comes_late_is_made_up_for(stage):
    stage.driver.start_session()
    stage.loop.fall_behind(0.5)
    stage.pass_seconds(1)
    assert stage.queries.day().market_time == NINE + 45


def test_where_ticks_come_too_late_market_time_has_stood_still_and_no_second_is_left_out(stage):
    seen = []
    stage.driver._seconds._maker._make_marks = lambda second: seen.append(second) or ((), ())
    stage.driver.start_session()
    stage.loop.fall_behind(100)
    stage.pass_seconds(2)
    assert NINE + 60 <= stage.queries.day().market_time <= NINE + 62
    assert seen == list(range(NINE, stage.queries.day().market_time + 1))


def test_time_that_is_lost_again_and_again_is_told_once_and_then_in_sum(stage):
    with structlog.testing.capture_logs() as logged:
        stage.driver.start_session()
        for _ in range(5):
            stage.loop.fall_behind(2)
            stage.pass_seconds(1)
        stage.pass_seconds(5)
        assert [line["event"] for line in logged] == ["market time stood still: ticks come too late"]
        stage.pass_seconds(10)
    assert [line["event"] for line in logged[1:]] == ["ticks come in time again, or no more"]
    assert 8 <= logged[1]["seconds_lost"] <= 10


def test_a_session_that_ends_while_time_is_lost_tells_the_sum(stage):
    with structlog.testing.capture_logs() as logged:
        stage.driver.start_session()
        stage.loop.fall_behind(3)
        stage.pass_seconds(1)
        stage.driver.end_session()
    assert logged[-1]["seconds_lost"] == logged[0]["seconds"]


def test_a_planned_session_starts_at_its_time_and_not_before(stage):
    at = stage.driver.next_full_minute()
    assert 0 < at - stage.loop.now() <= MINUTE_US
    assert at % MINUTE_US == 0
    stage.driver.plan_session(at)
    assert stage.queries.day().planned_start == at
    stage.pass_seconds((at - stage.loop.now()) // 1_000_000 - 1)
    assert stage.phases == []
    stage.pass_seconds(2)
    assert stage.phases == ["pre_open"]
    assert stage.queries.day().planned_start is None


def test_a_plan_can_be_dropped(stage):
    stage.driver.plan_session(stage.driver.next_full_minute())
    stage.driver.plan_session(None)
    stage.pass_seconds(200)
    assert stage.phases == []


def test_a_scenario_that_starts_by_schedule_plans_its_session_itself(tmp_path):
    stage = DayStage(scenario_of_a_day(tmp_path, schedule='start = "schedule"'))
    assert stage.queries.day().planned_start is not None
    stage.pass_seconds(61)
    assert stage.phases == ["pre_open"]


def test_one_session_follows_the_other_on_the_next_trading_day(stage):
    dates = []
    for _ in range(3):
        stage.driver.start_session()
        dates.append(stage.queries.day().session_date)
        stage.driver.end_session()
        stage.loop.run()
    assert dates == ["2024-03-14", "2024-03-15", "2024-03-18"]
    symbols = {instrument.instrument_id for instrument in stage.queries.instruments()}
    assert {"SPX_CALL_4500_20240314", "SPX_CALL_4500_20240315", "SPX_CALL_4500_20240318"} <= symbols


def test_a_session_ended_in_any_phase_is_closed_and_does_not_tick(stage):
    for seconds in (0, 30, 61, 300):
        stage.phases.clear()
        stage.driver.start_session()
        stage.pass_seconds(seconds)
        assert isinstance(stage.driver.end_session().verdict, Accepted)
        stage.pass_seconds(60)
        assert stage.phases[-1] == "closed"
        ended_at = stage.queries.day().market_time
        stage.pass_seconds(60)
        assert stage.queries.day().market_time == ended_at


def test_a_session_is_not_started_twice(stage):
    stage.driver.start_session()
    verdict = stage.driver.start_session().verdict
    assert isinstance(verdict, Reject)
    assert verdict.code == "MARKET_CLOSED"


@pytest.mark.parametrize(
    ("error", "level"), [(ArithmeticError("no value"), "error"), (Unavailable("no room"), "warning")]
)
def test_where_marks_cannot_be_made_health_says_so_until_they_can_and_no_second_is_left_out(stage, error, level):
    seen, is_broken = [], True

    def make_marks(second):
        if is_broken:
            raise error
        seen.append(second)
        return (), ()

    stage.driver._seconds._maker._make_marks = make_marks
    with structlog.testing.capture_logs() as logged:
        stage.driver.start_session()
        stage.pass_seconds(10)
    health = show_health(stage.exchange, ORGANISER)
    assert (health.reject, health.data.status) == (None, "degraded")
    assert health.data.reason == f"market time stands still: {type(error).__name__}; the log tells more"
    told = [line["log_level"] for line in logged if line["event"].startswith("market time stands still")]
    assert told == [level]
    is_broken = False
    stage.pass_seconds(10)
    assert show_health(stage.exchange, ORGANISER).data.status == "ok"
    assert seen == list(range(NINE + 1, stage.queries.day().market_time + 1))
    assert len(seen) > 1


def test_a_session_that_stands_still_can_be_ended(stage):
    def make_marks(_second):
        raise ArithmeticError("no value")

    stage.driver._seconds._maker._make_marks = make_marks
    stage.driver.start_session()
    stage.pass_seconds(2)
    assert stage.driver.trouble is not None
    assert isinstance(stage.driver.end_session().verdict, Accepted)
    stage.pass_seconds(2)
    assert show_health(stage.exchange, ORGANISER).data.status == "ok"
