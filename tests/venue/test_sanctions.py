"""The ladder of sanctions: what brings a team up, what lets it down, and what reduce-only means."""

import pytest
from core_stage import order
from duties_stage import (
    CALL,
    DESK,
    DUTIES,
    FUND,
    GAME,
    MAKER,
    PUT,
    RETAIL,
    SPY,
    SPY_CALL,
    START,
    DutiesStage,
    mark,
    told,
)
from msgspec.structs import replace

from openoutcry.domain import commands
from openoutcry.domain.day.game_rules import GameRules, SanctionRules
from openoutcry.domain.events import DutyJudged, OrderCancelled
from openoutcry.venue.tasks.slices import SLICE

FUND_ALONE = replace(GAME, roles={"fund": DUTIES["fund"]})


@pytest.fixture
def stage():
    stage = DutiesStage(FUND_ALONE)
    stage.pass_seconds(1, mark(CALL), mark(PUT, delta=-500_000), mark(SPY_CALL), spx=45_000_000)
    return stage


def outside(stage):
    """Bring the fund to a delta of 60, by a mark that moves."""
    stage.pass_seconds(1, mark(CALL, delta=500_000))
    stage.hold(FUND, CALL, 100)
    return stage.pass_seconds(1, mark(CALL, delta=600_000))


def test_sixty_seconds_in_a_row_outside_a_duty_raise_the_level_and_begin_anew(stage):
    outside(stage)
    assert told(stage.pass_seconds(59)) == [("portfolio_delta", "breached", 0)]
    assert stage.level(FUND) == 0
    assert told(stage.pass_seconds(1)) == [("portfolio_delta", "breached", 1)]
    assert told(stage.pass_seconds(59)) == []
    assert told(stage.pass_seconds(1)) == [("portfolio_delta", "breached", 2)]
    assert told(stage.pass_seconds(60)) == [("portfolio_delta", "breached", 3)]


def test_a_second_inside_begins_the_count_anew(stage):
    outside(stage)
    stage.pass_seconds(58)
    stage.pass_seconds(1, mark(CALL, delta=400_000))
    stage.pass_seconds(1, mark(CALL, delta=600_000))
    stage.pass_seconds(59)
    assert stage.level(FUND) == 0
    stage.pass_seconds(1)
    assert stage.level(FUND) == 1


def test_seconds_of_a_halt_neither_count_nor_end_the_count(stage):
    outside(stage)
    stage.pass_seconds(30)
    stage.do(commands.SetPhase("halted"))
    assert told(stage.pass_seconds(100)) == [("portfolio_delta", "exempt", 0)]
    stage.do(commands.SetPhase("continuous"))
    assert told(stage.pass_seconds(29)) == [("portfolio_delta", "breached", 0)]
    stage.pass_seconds(1)
    assert stage.level(FUND) == 1


def test_level_three_lasts_five_minutes_and_exempts(stage):
    outside(stage)
    stage.pass_seconds(180)
    assert stage.level(FUND) == 3
    assert told(stage.pass_seconds(299)) == [("portfolio_delta", "exempt", 3)]
    assert told(stage.pass_seconds(1)) == [("portfolio_delta", "exempt", 2)]
    stage.pass_seconds(59)
    assert stage.level(FUND) == 2
    stage.pass_seconds(1)
    assert stage.level(FUND) == 3


def test_half_an_hour_without_a_second_outside_lowers_the_level_by_one(stage):
    outside(stage)
    stage.pass_seconds(120)
    assert stage.level(FUND) == 2
    stage.pass_seconds(1, mark(CALL, delta=100_000))
    stage.pass_seconds(1_799)
    assert stage.level(FUND) == 2
    assert told(stage.pass_seconds(1)) == [("portfolio_delta", "met", 1)]
    stage.pass_seconds(1_799)
    assert stage.level(FUND) == 1
    stage.pass_seconds(1)
    assert stage.level(FUND) == 0
    assert told(stage.pass_seconds(4_000)) == []


def test_a_late_tick_counts_all_its_seconds_and_raises_the_level_once(stage):
    outside(stage)
    stage.tick(stage.now + 500)
    assert stage.level(FUND) == 1


def test_at_level_three_open_orders_go_in_slices_and_those_entered_meanwhile_stay(stage):
    stage.hold(FUND, CALL, 10)
    for _ in range(SLICE + 20):
        stage.enter(FUND, "buy", 1, 90)
    events = stage.do(commands.Sanction(FUND, 3))
    assert [event.reason for event in events if isinstance(event, OrderCancelled)] == ["reduce_only"] * SLICE
    kept = stage.enter(FUND, "sell", 1, 120)
    rest = stage.finish()
    assert len([event for event in rest if isinstance(event, OrderCancelled)]) == 20
    assert [each.order_id for each in stage.queries.open_orders(FUND)] == [kept]


def test_a_reduce_only_team_only_brings_positions_nearer_to_zero(stage):
    stage.hold(FUND, CALL, 10)
    stage.hold(FUND, PUT, -4)
    stage.do(commands.Sanction(FUND, 3))
    assert stage.queries.account(FUND).standing.is_reduce_only
    assert stage.refuse(order(FUND, "buy", 1, 90)).code == "REDUCE_ONLY"
    assert stage.refuse(order(FUND, "sell", 11, 110)).details["maximum"] == 10
    first = stage.enter(FUND, "sell", 6, 110)
    assert stage.refuse(order(FUND, "sell", 5, 110)).code == "REDUCE_ONLY"
    stage.do(commands.AmendOrder(FUND, first, 10))
    assert stage.refuse(commands.AmendOrder(FUND, first, 11)).code == "REDUCE_ONLY"
    stage.enter(FUND, "buy", 4, 90, instrument_id=PUT)
    assert stage.refuse(order(FUND, "buy", 1, 90, instrument_id=PUT)).code == "REDUCE_ONLY"


def test_a_reduce_only_team_may_hedge_its_delta_with_lots(stage):
    stage.hold(FUND, CALL, 40)  # a delta of 20: 200 lots
    stage.do(commands.Sanction(FUND, 3))
    assert stage.refuse(order(FUND, "buy", 1, 90, instrument_id=SPY)).code == "REDUCE_ONLY"
    assert stage.refuse(order(FUND, "sell", 400, 90, instrument_id=SPY)).code == "REDUCE_ONLY"
    stage.enter(FUND, "sell", 150, 110, instrument_id=SPY)
    assert stage.refuse(order(FUND, "sell", 100, 110, instrument_id=SPY)).code == "REDUCE_ONLY"
    stage.enter(FUND, "sell", 99, 110, instrument_id=SPY)


def test_the_organiser_sanctions_and_pardons(stage):
    events = stage.do(commands.Sanction(RETAIL, 2, commands.Why("Ann", "shouting")))
    assert told(events) == [(None, "exempt", 2)]
    assert stage.level(RETAIL) == 2
    assert told(stage.do(commands.Pardon(RETAIL))) == [(None, "exempt", 0)]
    assert stage.refuse(commands.Sanction(RETAIL, 4)).code == "MALFORMED_REQUEST"
    assert stage.refuse(commands.Sanction(RETAIL, 0)).code == "MALFORMED_REQUEST"
    assert stage.refuse(commands.Sanction(99, 1)).code == stage.refuse(commands.Pardon(99)).code == "TEAM_NOT_FOUND"


def test_a_scenario_without_sanctions_measures_duties_and_does_nothing_more():
    stage = DutiesStage(replace(FUND_ALONE, sanctions=None))
    assert stage.refuse(commands.Sanction(FUND, 1)).code == "ROLE_NOT_PERMITTED"
    outside(stage)
    events = stage.pass_seconds(500)
    assert told(events) == [("portfolio_delta", "breached", 0)]
    assert stage.level(FUND) == 0


def test_a_team_without_a_key_is_not_bound(stage):
    stage.do(commands.RegisterTeam("house", "fund", commands.NO_KEY))
    assert stage.queries.standing(5) is None
    assert stage.refuse(commands.Sanction(5, 1)).code == "ROLE_NOT_PERMITTED"


def test_without_rules_of_the_game_nobody_is_bound():
    stage = DutiesStage(GameRules())
    assert all(stage.queries.standing(team) is None for team in (MAKER, FUND, DESK, RETAIL))
    assert not any(isinstance(event, DutyJudged) for event in stage.pass_seconds(3))


def test_only_sanctions_bind_every_team():
    stage = DutiesStage(GameRules(sanctions=SanctionRules(reduce_only_seconds=5)))
    stage.do(commands.Sanction(MAKER, 3))
    assert stage.pass_seconds(4) == []
    assert told(stage.pass_seconds(1)) == [(None, "exempt", 2)]
    assert stage.queries.standing(MAKER).level_since == START + 5


def test_a_restart_at_any_second_changes_nothing():
    def session(*, restarts):
        stage = DutiesStage()
        stage.pass_seconds(1, mark(CALL), spx=45_000_000)
        outside(stage)
        for _ in range(500):
            if restarts:
                stage.restart()
            stage.pass_seconds(1)
        return stage.venue.state_hash()

    assert session(restarts=False) == session(restarts=True)
