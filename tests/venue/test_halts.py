"""Halts of one instrument and of all by the organiser, with their ends."""

import pytest
from core_stage import CALL, Stage, order
from halts_stage import NINE, OPENS, PUT, DayOfHalts

from openoutcry.domain import commands
from openoutcry.domain.events import TradePrinted


@pytest.fixture
def stage():
    stage = DayOfHalts()
    stage.tick(OPENS)
    stage.told.clear()
    return stage


def test_a_halt_of_all_lasts_until_it_is_resumed_and_ends_in_a_call_and_an_auction(stage):
    stage.do(commands.HaltInstrument(None))
    assert stage.refuse(order(1, "buy", 1, 100)).code == "MARKET_CLOSED"
    stage.tick(OPENS + 1_000)
    assert stage.phase() == "halted"

    stage.do(commands.ResumeInstrument(None))
    stage.do(order(1, "buy", 3, 102))
    stage.do(order(2, "sell", 3, 100))
    assert OPENS + 1_105 <= stage.tick_while("reopening_call") <= OPENS + 1_120

    assert stage.phases() == ["halted", "reopening_call", "reopening_auction", "continuous"]
    assert [event.reason for event in stage.told] == ["organiser", "organiser", "schedule", "schedule"]
    assert stage.queries.trades(CALL, 5)[0].quantity == 3


def test_the_end_of_the_call_is_not_told_before(stage):
    stage.do(commands.HaltInstrument(None))
    stage.do(commands.ResumeInstrument(None))
    told = stage.told[-1]
    assert (told.next_phase, told.next_at) == ("reopening_auction", OPENS + 105)


def test_one_instrument_is_halted_and_reopened_while_the_others_trade(stage):
    stage.do(commands.HaltInstrument(PUT))
    refused = stage.refuse(order(1, "buy", 1, 100, instrument_id=PUT))
    assert refused.code == "INSTRUMENT_HALTED"
    stage.enter(1, "buy", 1, 100)
    stage.do(commands.ResumeInstrument(PUT))
    stage.do(order(1, "buy", 4, 52, instrument_id=PUT))
    stage.do(order(2, "sell", 4, 50, instrument_id=PUT))
    stage.tick_while("reopening_call", PUT)

    assert stage.phase() == "continuous"
    assert [(event.instrument_id, event.phase) for event in stage.told] == [
        (PUT, "halted"),
        (PUT, "reopening_call"),
        (PUT, "reopening_auction"),
        (PUT, "continuous"),
    ]
    assert stage.queries.trades(PUT, 5)[0].quantity == 4


def test_two_instruments_have_ends_of_their_own(stage):
    for where in (CALL, PUT):
        stage.do(commands.HaltInstrument(where))
        stage.do(commands.ResumeInstrument(where))
    assert stage.tick_while("reopening_call", CALL) != stage.tick_while("reopening_call", PUT)


def test_a_halt_of_all_takes_a_reopening_instrument_with_it(stage):
    stage.do(commands.HaltInstrument(PUT))
    stage.do(commands.ResumeInstrument(PUT))
    stage.do(commands.HaltInstrument(None))
    stage.tick(OPENS + 300)
    assert stage.queries.market().instrument_phases == {}
    assert stage.phase() == "halted"


def test_an_instrument_halted_alone_stays_halted_after_a_halt_of_all(stage):
    stage.do(commands.HaltInstrument(PUT))
    stage.do(commands.HaltInstrument(None))
    stage.do(commands.ResumeInstrument(None))
    stage.tick_while("reopening_call")
    assert (stage.phase(), stage.phase(PUT)) == ("continuous", "halted")


def test_a_halt_in_the_opening_call_ends_in_it_while_it_lasts_and_in_a_call_of_its_own_after_it():
    stage = DayOfHalts()
    stage.tick(NINE + 60)
    stage.do(commands.HaltInstrument(None))
    stage.do(commands.ResumeInstrument(None))
    assert stage.phase() == "pre_open"
    stage.do(commands.HaltInstrument(None))
    stage.tick(OPENS + 60)
    assert stage.phase() == "halted"
    stage.do(commands.ResumeInstrument(None))
    assert stage.phase() == "reopening_call"


def test_orders_can_leave_while_trading_is_halted(stage):
    order_id = stage.enter(1, "buy", 1, 100)
    stage.do(commands.HaltInstrument(None))
    stage.do(commands.CancelOrder(1, order_id))
    assert stage.queries.depth(CALL, 1).bids == ()


def test_nothing_is_to_be_resumed_that_was_not_halted(stage):
    assert stage.refuse(commands.ResumeInstrument(None)).code == "MARKET_CLOSED"
    stage.do(commands.ResumeInstrument(PUT))
    assert stage.told == []


def test_by_hand_a_halt_ends_at_once():
    stage = Stage("ann", "bob")
    stage.do(commands.HaltInstrument(None))
    stage.do(commands.ResumeInstrument(None))
    assert stage.queries.market().phase == "continuous"


def test_by_hand_too_orders_that_were_gathered_trade_in_an_auction_first():
    stage = Stage("ann", "bob", opening_phase="closed")
    stage.do(commands.SetPhase("pre_open"))
    stage.do(commands.HaltInstrument(CALL))
    stage.do(commands.ResumeInstrument(CALL))
    stage.do(order(1, "buy", 2, 101))
    stage.do(order(2, "sell", 2, 99))
    stage.do(commands.HaltInstrument(CALL))
    told = stage.do(commands.SetPhase("continuous"))
    assert not [event for event in told if isinstance(event, TradePrinted)]
    told = stage.do(commands.ResumeInstrument(CALL))
    assert [event.quantity for event in told if isinstance(event, TradePrinted)] == [2]
    assert stage.queries.market().instrument_phases == {}


@pytest.mark.parametrize(
    ("phase", "allowed"),
    [
        ("closed", ["closed", "pre_open", "continuous"]),
        ("pre_open", ["closed", "pre_open", "opening_auction", "continuous", "halted"]),
        ("continuous", ["closed", "continuous", "halted"]),
        ("halted", ["closed", "pre_open", "continuous", "halted", "reopening_call", "reopening_auction"]),
        ("reopening_call", ["closed", "continuous", "halted", "reopening_call", "reopening_auction"]),
    ],
)
def test_phases_by_hand_follow_each_other_as_the_table_says(phase, allowed):
    way = {"closed": [], "reopening_call": ["continuous", "halted"], "halted": ["continuous"]}.get(phase, [])
    stage = Stage("ann", opening_phase="closed")
    for step in (*way, phase):
        stage.do(commands.SetPhase(step))
    every = ("closed", "pre_open", "opening_auction", "continuous", "halted", "reopening_call", "reopening_auction")
    accepted = [each for each in every if type(stage.venue.validate(commands.SetPhase(each))).__name__ == "Accepted"]
    assert accepted == allowed


def test_an_organiser_who_opens_early_ends_the_call_in_its_auction():
    stage = DayOfHalts()
    stage.do(order(1, "buy", 1, 101))
    stage.do(order(2, "sell", 1, 99))
    told = stage.do(commands.SetPhase("continuous"))
    assert len([event for event in told if isinstance(event, TradePrinted)]) == 1
    stage.tick(OPENS + 10)
    assert stage.phases() == ["opening_auction", "continuous"]
