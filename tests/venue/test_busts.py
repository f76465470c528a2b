"""Busted trades: both sides, the public, what is refused, and positions counted anew or by the opposite trade."""

import pytest
from core_stage import Stage, order
from hypothesis import given
from hypothesis import strategies as st

from openoutcry.domain import commands
from openoutcry.domain.commands import Why
from openoutcry.domain.events import FillBusted, PositionUpdated, TradeBusted
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.rulebook import HistoryLimits
from reference.workload import CALL, role

TEAMS = ("ann", "bob", "cat")
START = role().starting_cash


def traded(stage, seller, buyer, quantity, ticks):
    """A trade between two teams; its id."""
    stage.enter(seller, "sell", quantity, ticks)
    stage.do(order(buyer, "buy", quantity, ticks))
    return stage.queries.trades(CALL, 1)[0].trade_id


def account_of(stage, team):
    account = stage.queries.account(team)
    return account.cash, account.fees_paid, account.realized_pnl, stage.queries.positions(team).get(CALL, 0)


def test_both_sides_are_told_then_their_positions_then_the_public():
    stage = Stage(*TEAMS)
    trade_id = traded(stage, 1, 2, 5, 100)
    events = stage.do(commands.BustTrade(trade_id, Why("Ann", "A slip")))
    assert events == [
        FillBusted(1, 4, trade_id, CALL, 100, 5, "A slip"),
        FillBusted(2, 4, trade_id, CALL, 100, 5, "A slip"),
        PositionUpdated(1, 5, CALL, 0, 0, 0, START, 0),
        PositionUpdated(2, 5, CALL, 0, 0, 0, START, 0),
        TradeBusted(trade_id, CALL, 100, 5, "A slip"),
    ]
    assert stage.queries.trades(CALL, 10) == []
    assert [fill.busted for fill in stage.queries.fills(1, after=0, limit=10)] == [True]
    assert [fill.busted for fill in stage.queries.fills_of_order(2, 2)] == [True]


def test_a_trade_is_busted_once_and_must_be_one():
    stage = Stage(*TEAMS)
    trade_id = traded(stage, 1, 2, 5, 100)
    stage.do(commands.BustTrade(trade_id))
    assert stage.refuse(commands.BustTrade(trade_id)).code == "BUST_FAILED"
    assert stage.refuse(commands.BustTrade(trade_id + 1)).code == "TRADE_NOT_FOUND"
    assert stage.refuse(commands.BustTrade(0)).code == "TRADE_NOT_FOUND"


def test_a_trade_whose_fill_one_side_has_forgotten_cannot_be_busted():
    stage = Stage(*TEAMS, history=HistoryLimits(fills=1))
    trade_id = traded(stage, 1, 2, 5, 100)
    traded(stage, 1, 3, 1, 100)
    assert stage.refuse(commands.BustTrade(trade_id)).code == "TRADE_NOT_FOUND"


def test_a_team_that_traded_with_itself_is_told_once():
    stage = Stage(*TEAMS, self_trade_prevention="none")
    trade_id = traded(stage, 1, 1, 5, 100)
    events = stage.do(commands.BustTrade(trade_id))
    assert [type(event) for event in events] == [FillBusted, PositionUpdated, TradeBusted]
    assert account_of(stage, 1) == (START, 0, 0, 0)


def test_what_came_after_the_busted_trade_is_counted_anew():
    stage = Stage(*TEAMS)
    traded(stage, 1, 2, 4, 100)
    slip = traded(stage, 1, 2, 4, 300)
    traded(stage, 2, 3, 2, 150)
    stage.do(commands.BustTrade(slip))
    value = stage.venue._state.markets[CALL].tick_value
    cash, fees, realized, position = account_of(stage, 2)
    assert (position, realized) == (2, 2 * 50 * value)
    assert cash == START - (4 * 100 - 2 * 150) * value - fees


def test_without_the_fills_to_count_anew_the_opposite_is_booked():
    stage = Stage(*TEAMS, history=HistoryLimits(fills=1))
    traded(stage, 1, 2, 4, 100)
    slip = traded(stage, 1, 2, 4, 300)
    stage.do(commands.BustTrade(slip))
    value = stage.venue._state.markets[CALL].tick_value
    cash, fees, realized, position = account_of(stage, 2)
    # The four that are left cost 200 on average; what the undone four cost beyond that counts as realized.
    assert (position, realized) == (4, 4 * (300 - 200) * value)
    assert cash == START - 4 * 100 * value - fees
    assert fees == 4 * role().taker_fee


def test_a_position_that_a_bust_leaves_beyond_its_limit_can_only_be_reduced():
    stage = Stage(*TEAMS, rules=role(option_position_limit=5))
    traded(stage, 1, 2, 5, 100)
    back = traded(stage, 2, 3, 5, 100)
    stage.enter(3, "sell", 5, 100)
    stage.do(order(2, "buy", 5, 100))
    stage.do(commands.BustTrade(back))
    assert stage.queries.positions(2)[CALL] == 10
    assert stage.refuse(order(2, "buy", 1, 90)).code == "POSITION_LIMIT_EXCEEDED"
    stage.enter(2, "sell", 10, 110)


steps = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 6), st.integers(95, 105)).filter(
        lambda step: step[0] != step[1]
    ),
    min_size=1,
    max_size=12,
)


@given(steps, st.data())
@pytest.mark.parametrize("fills", [2, 10_000])
def test_without_a_busted_trade_money_and_positions_are_those_of_a_day_that_never_had_it(fills, steps, data):
    """Cash, fees and positions always; what a position cost, and what it earned, where all fills are kept."""
    stage, other = Stage(*TEAMS, history=HistoryLimits(fills=fills)), Stage(*TEAMS)
    trade_ids = [traded(stage, *step) for step in steps]
    busted = data.draw(st.sets(st.sampled_from(trade_ids), min_size=1))
    undone = set()
    for trade_id in sorted(busted, reverse=True):
        command = commands.BustTrade(trade_id)
        if isinstance(stage.venue.validate(command), Accepted):
            stage.do(command)
            undone.add(trade_id)
    for trade_id, step in zip(trade_ids, steps, strict=True):
        if trade_id not in undone:
            traded(other, *step)
    for team in (1, 2, 3):
        cash, fees, realized, position = account_of(stage, team)
        expected = account_of(other, team)
        assert (cash, fees, position) == (expected[0], expected[1], expected[3])
        if fills > len(steps):
            assert realized == expected[2]
    assert stage.venue.live_hash() == stage.venue.live_hash_made_anew()
    state = stage.venue._state
    assert sum(team.account.cash for team in state.teams) + state.fees_collected == 3 * START
