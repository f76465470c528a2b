"""What a market second consists of: the tick, then the steps of the flow, each at its instant and one in a turn."""

from contextlib import nullcontext

import pytest
from day_stage import DayStage, scenario_of_a_day

from openoutcry.domain.commands import (
    AdvanceMarket,
    ContinueWork,
    Price,
    RegisterTeam,
    SubmitOrder,
    TakeScenarioValues,
)
from openoutcry.domain.reasons import Accepted
from openoutcry.runtime.sequencing.unavailable import Unavailable
from openoutcry.runtime.session.market_second import MarketSeconds
from openoutcry.simulation.flow.step import Step

pytestmark = pytest.mark.interpreted

NINE = 1_710_421_200  # 2024-03-14 09:00 in New York, in summer time
CALL = "SPX_CALL_4500_20240314"


class SmallFlow:
    """At each of `instants` of a second, what `decide` makes of the second and the number of the step."""

    def __init__(self, instants, decide):
        self.instants = instants
        self.decide = decide

    def steps(self, market_time):
        return [
            Step(instant, lambda _shown, number=number: self.decide(market_time, number))
            for number, instant in enumerate(self.instants)
        ]


def order(second, number):
    return SubmitOrder(1, CALL, "buy", 1, Price(1_000), client_order_id=f"{second - NINE}-{number}")


def stage_with(tmp_path, flow, speed=1, more=""):
    stage = DayStage(scenario_of_a_day(tmp_path, speed=speed, more=more))
    stage.driver._seconds._maker._flow = flow
    stage.exchange.sequencer.perform(RegisterTeam("flow", "retail", b"f" * 32))
    return stage


def noted(exchange, kinds=(AdvanceMarket, SubmitOrder)):
    """The commands of these kinds from now on, in short: a tick's second, an order's id."""
    told, perform = [], exchange.sequencer.perform

    def note(command):
        performed = perform(command)
        if isinstance(command, kinds):
            is_tick = isinstance(command, AdvanceMarket)
            told.append(command.market_time - NINE if is_tick else getattr(command, "client_order_id", "slice"))
        return performed

    exchange.sequencer.perform = note
    return told


def test_each_step_is_taken_at_its_instant_of_the_market_second(tmp_path):
    at = []
    flow = SmallFlow((200, 200, 950), lambda second, number: at.append((second, number, stage.loop.now())) or [])
    stage = stage_with(tmp_path, flow)
    begun = stage.loop.now()
    stage.driver.start_session()
    stage.pass_seconds(2)
    milliseconds = [(second - NINE, number, (time - begun) // 1_000) for second, number, time in at]
    assert milliseconds == [(0, 0, 200), (0, 1, 200), (0, 2, 950), (1, 0, 1_200), (1, 1, 1_200), (1, 2, 1_950)]


def test_instants_pass_at_the_speed_of_the_session(tmp_path):
    at = []
    stage = stage_with(tmp_path, SmallFlow((600,), lambda *_: at.append(stage.loop.now()) or []), speed=30)
    begun = stage.loop.now()
    stage.driver.start_session()
    stage.pass_seconds(1)
    assert at[:2] == [begun + 20_000, begun + 53_334]


def test_steps_follow_the_tick_and_each_has_a_turn_of_its_own(tmp_path):
    stage = stage_with(tmp_path, SmallFlow((200, 200), lambda second, number: [order(second, number)] * 2))
    stage.driver.start_session()
    told = noted(stage.exchange)
    for expected in [["0-0"] * 2, ["0-1"] * 2, [1], ["1-0"] * 2, ["1-1"] * 2, [2]]:
        before = len(told)
        assert stage.driver._seconds.take_turn()
        assert told[before:] == expected


def test_a_step_waits_until_the_work_of_the_opening_auction_is_done(tmp_path):
    flow = SmallFlow((0, 200), lambda second, number: [order(second, number)] if second > NINE + 1_700 else [])
    stage = stage_with(tmp_path, flow, speed=30)
    stage.driver.start_session()
    do = stage.exchange.sequencer.perform
    symbols = [instrument.instrument_id for instrument in stage.queries.instruments()[1:]]
    for team_id, side in ((2, "buy"), (3, "sell")):
        do(RegisterTeam(side, "market_maker", side.encode().ljust(32)))
        for number in range(400):
            do(SubmitOrder(team_id, symbols[number % len(symbols)], side, 1, Price(2_000)))
    told = noted(stage.exchange, (AdvanceMarket, SubmitOrder, ContinueWork))
    stage.pass_seconds(61)
    first = told.index("slice")
    opening = told[first - 1]
    work = told[first : told.index(f"{opening}-0")]
    assert isinstance(opening, int)
    assert work == ["slice"] * len(work)
    assert told[first + len(work) :][:3] == [f"{opening}-0", f"{opening}-1", opening + 1]


def test_steps_that_come_late_are_made_up_for_in_order_and_none_is_left_out(tmp_path):
    stage = stage_with(tmp_path, SmallFlow((200, 700), lambda second, number: [order(second, number)]), speed=30)
    stage.driver.start_session()
    told = noted(stage.exchange)
    stage.loop.fall_behind(0.9)
    stage.pass_seconds(1)
    last = stage.queries.day().market_time - NINE
    assert last > 50
    every = [part for second in range(last + 1) for part in (second, f"{second}-0", f"{second}-1")]
    assert told == every[1 : len(told) + 1]


def test_a_new_process_leaves_out_the_steps_of_the_second_under_way(tmp_path):
    taken = []
    stage = stage_with(tmp_path, SmallFlow((200, 700), lambda *step: taken.append(step) or []))
    stage.driver.start_session()
    assert [stage.driver._seconds.take_turn() for _ in range(4)] == [True] * 4
    assert taken == [(NINE, 0), (NINE, 1), (NINE + 1, 0)]
    seconds = stage.driver._seconds
    seconds._begin((), ())  # as a new process has them
    assert seconds.next_due(NINE + 1) == (NINE + 2) * 1_000


def test_a_step_that_fails_halfway_goes_on_where_it_failed(tmp_path):
    stage = stage_with(tmp_path, SmallFlow((200, 700), lambda second, number: [order(second, number)] * 2))
    stage.driver.start_session()
    told = noted(stage.exchange)
    perform, left = stage.exchange.sequencer.perform, [3]

    def refuse(command):
        left[0] -= 1
        if left[0] == 0:
            raise Unavailable("the disk is full")
        return perform(command)

    stage.exchange.sequencer.perform = refuse
    stage.pass_seconds(3)
    assert told[:5] == ["0-0", "0-0", "0-1", "0-1", 1]
    assert stage.driver.trouble is None


def test_a_session_whose_first_second_cannot_be_carried_out_goes_on_with_the_next_one(tmp_path):
    stage = stage_with(tmp_path, SmallFlow((500,), lambda second, number: [order(second, number)]), more="[pricing]")
    perform, left = stage.exchange.sequencer.perform, [1]

    def refuse(command):
        if isinstance(command, AdvanceMarket) and left:
            left.pop()
            raise Unavailable("the disk is full")
        return perform(command)

    stage.exchange.sequencer.perform = refuse
    assert isinstance(stage.driver.start_session().verdict, Accepted)
    told = noted(stage.exchange)
    stage.pass_seconds(3)
    assert told[:3] == [1, "1-0", 2]


@pytest.mark.parametrize("second", [0, 1, 60])
def test_values_that_are_not_taken_are_told_before_the_first_step(tmp_path, second):
    flow = SmallFlow((200,), lambda second, number: [order(second, number)])
    stage = stage_with(tmp_path, flow, speed=30, more="[pricing]\n[settlement]\n[cash]")
    perform, told, refused = stage.exchange.sequencer.perform, [], []

    def refuse(command):
        now = stage.queries.day().market_time
        if isinstance(command, TakeScenarioValues):
            if now == NINE + second and not refused:
                refused.append(command)
                raise Unavailable("the disk is full")
            told.append(now - NINE)
        if isinstance(command, SubmitOrder):
            told.append(command.client_order_id)
        return perform(command)

    stage.exchange.sequencer.perform = refuse
    assert isinstance(stage.driver.start_session().verdict, Accepted)
    stage.pass_seconds(4)
    assert refused
    assert [told.index(each) + 1 for each in (0, 1, 60)] == [told.index(f"{each}-0") for each in (0, 1, 60)]


@pytest.mark.parametrize("are_lost", [True, False])
def test_a_new_process_tells_the_values_that_the_last_one_did_not_come_to_tell(tmp_path, are_lost):
    short_call = "call = 09:00:00\nopening = 09:01:00"  # in the call, values stay as they are
    stage = DayStage(scenario_of_a_day(tmp_path, schedule=short_call, more="[pricing]\n[settlement]\n[cash]"))
    stage.driver.start_session()
    stage.driver.stop()
    while stage.queries.day().market_time < NINE + 119:
        stage.driver.tick()
    sequencer, seconds = stage.exchange.sequencer, stage.driver._seconds
    perform = sequencer.perform

    def die(command):
        if isinstance(command, TakeScenarioValues) and are_lost:
            raise Unavailable("the process has ended")
        return perform(command)

    sequencer.perform = die
    with nullcontext() if not are_lost else pytest.raises(Unavailable):
        stage.driver.tick()
    sequencer.perform = perform
    stage.driver._seconds = MarketSeconds(sequencer, seconds._maker, seconds._expiries)
    stage.driver.tick()
    told = [type(each) for each in stage.commands if isinstance(each, TakeScenarioValues | AdvanceMarket)]
    assert told[-3:] == [AdvanceMarket, TakeScenarioValues, AdvanceMarket]
    assert told.count(TakeScenarioValues) == 4  # also at the first two seconds and after a minute
    assert stage.queries.day().market_time == NINE + 121


@pytest.mark.parametrize("error", [ArithmeticError("no number"), Unavailable("no room")])
def test_market_time_stands_still_while_a_step_cannot_be_decided(tmp_path, error):
    is_broken = True

    def decide(second, number):
        if is_broken:
            raise error
        return [order(second, number)]

    stage = stage_with(tmp_path, SmallFlow((500,), decide))
    stage.driver.start_session()
    stage.pass_seconds(5)
    assert (stage.queries.day().market_time, stage.driver.trouble is None) == (NINE, False)
    is_broken, told = False, noted(stage.exchange)
    stage.pass_seconds(3)
    assert told[:3] == ["0-0", 1, "1-0"]
    assert stage.driver.trouble is None


def test_the_steps_of_a_session_that_was_ended_are_dropped(tmp_path):
    taken = []
    stage = stage_with(tmp_path, SmallFlow((500,), lambda second, _: taken.append(second) or []))
    stage.driver.start_session()
    stage.driver.end_session()
    stage.pass_seconds(5)
    assert taken == []
    stage.driver.start_session()
    stage.pass_seconds(1)
    assert taken == [NINE + 86_400]
