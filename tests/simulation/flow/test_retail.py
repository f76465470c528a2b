"""The retail flow on a real venue: when its orders come, what they are like, and when they go."""

from collections import Counter
from math import sqrt

import pytest
from flow_stage import ANN, CHAIN, FLOW, GAME, HOUSE, FlowStage
from msgspec import structs

from openoutcry.domain import commands
from openoutcry.domain.commands import CancelOrder, Price, SubmitOrder
from openoutcry.domain.day.game_rules import BatchRules
from openoutcry.domain.events import OrderExecuted
from openoutcry.simulation.flow.chances import chance
from openoutcry.simulation.flow.habits import DRAW_WORDS, Draw
from openoutcry.simulation.flow.trends import Trends
from openoutcry.simulation.words import WORDS

VALUE = 100_000
HALF = 20
"""Ticks of half the house's spread, by the vega below."""
VEGA = 200 * HALF
NEAR = "SPX_CALL_4500_20240315"


@pytest.fixture
def stage():
    stage = FlowStage(instruments=CHAIN)
    stage.mark_all(VALUE, vega=VEGA)
    return stage


def orders_of(stage, seconds):
    """What retail sends in so many market seconds."""
    orders = []
    for _ in range(seconds):
        stage.second()
        orders += [command for command in stage.sent if isinstance(command, SubmitOrder) and command.team_id == FLOW]
    return orders


def share(found, orders):
    return sum(map(found, orders)) / len(orders)


def is_near(found, expected, count):
    """Within four standard errors."""
    return abs(found - expected) < 4 * sqrt(expected * (1 - expected) / count)


# ---- when --------------------------------------------------------------------------------------------------------


def test_numbers_of_a_second_follow_poisson_s_law_and_instants_are_spread_evenly(stage):
    stage.let_retail_in(quotes=False)
    steps = [stage.flow.steps(second)[1:] for second in range(50_000)]
    numbers = Counter(map(len, steps))
    for number, expected in ((0, 0.5488), (1, 0.3293), (2, 0.0988), (3, 0.0198)):
        assert is_near(numbers[number] / len(steps), expected, len(steps))
    instants = [step.milliseconds for each in steps for step in each]
    assert (min(instants), max(instants)) == (200, 999)
    assert is_near(sum(instant < 400 for instant in instants) / len(instants), 0.25, len(instants))
    assert all(each == sorted(each, key=lambda step: step.milliseconds) for each in steps)


def test_the_first_instant_is_the_rules(stage):
    stage.let_retail_in(quotes=False, orders_per_minute=6_000, earliest_milliseconds=900)
    instants = {step.milliseconds for step in stage.flow.steps(stage.market_time)}
    assert min(instants) == 900
    assert max(instants) <= 999


# ---- what --------------------------------------------------------------------------------------------------------


def test_over_many_orders_the_mix_is_that_of_the_rules(stage):
    stage.let_retail_in(orders_per_minute=600)
    orders = orders_of(stage, 500)
    count = len(orders)
    assert abs(count - 5_000) < 4 * sqrt(5_000)

    def part(text, place):
        return lambda order: order.instrument_id.split("_")[place] == text

    def is_out_of_the_money(order):
        underlying, kind, strike, _ = order.instrument_id.split("_")
        spot = {"SPX": 4500, "SPY": 450}[underlying]
        return int(strike) > spot if kind == "CALL" else int(strike) < spot

    for found, expected in (
        (lambda order: order.side == "buy", 0.5),
        (part("CALL", 1), 0.6),
        (is_out_of_the_money, 0.7),
        (part("20240315", 3), 0.8),
        (part("20240322", 3), 0.15),
        (part("20240329", 3), 0.05),
        (part("SPX", 0), 0.5),
        (lambda order: order.price is None, 0.4),
    ):
        assert is_near(share(found, orders), expected, count), expected
    quantities = [order.quantity for order in orders]
    assert (min(quantities), max(quantities)) == (1, 50)
    # 1, and a geometric number of mean 5 up to 49: a mean of 6 less what the bound takes away.
    assert abs(sum(quantities) / count - (6 - 5 * (5 / 6) ** 49)) < 4 * sqrt(30 / count)


# ---- prices ------------------------------------------------------------------------------------------------------

WHERE = "SPX_CALL_4400_20240315"
"""What the words below choose."""
NEVER = WORDS - 1
AGGRESSIVE, TOUCH, FAR = 0, chance(300_000), chance(800_000)


def order_of(stage, side, **words):
    """The commands of one order, a limit order unless the words say otherwise."""
    drawn = {"side": 0 if side == "buy" else NEVER, "option_type": 0, "expiry": 0, "option": 0, "quantity": 0} | words
    draw = Draw(*[NEVER] * DRAW_WORDS)._replace(**drawn)
    return stage.flow._retail._order(draw, stage.market_time, 7, stage.shown)


def price_of(stage, side, **words):
    *cancels, order = order_of(stage, side, **words)
    assert (cancels, order.instrument_id, order.side, order.time_in_force) == ([], WHERE, side, "day")
    return order.price and order.price.ticks


@pytest.fixture
def quoted(stage):
    """The house quotes; the retail flow is asked for single orders."""
    stage.let_retail_in(orders_per_minute=0)
    stage.second()
    assert stage.stands(WHERE) == (980, 1_020)
    return stage


@pytest.mark.parametrize(
    ("limit", "buys_at", "sells_at"),
    [
        (AGGRESSIVE, 1_020, 980),
        (chance(300_000) - 1, 1_020, 980),
        (TOUCH, 980, 1_020),
        (chance(800_000) - 1, 980, 1_020),
        (FAR, 940, 1_060),
        (NEVER, 940, 1_060),
    ],
)
def test_a_limit_order_is_at_one_of_the_best_prices_or_three_half_widths_away(quoted, limit, buys_at, sells_at):
    assert price_of(quoted, "buy", limit=limit) == buys_at
    assert price_of(quoted, "sell", limit=limit) == sells_at


def test_a_market_order_comes_in_40_of_a_hundred_cases(quoted):
    assert price_of(quoted, "buy", order_type=chance(400_000) - 1) is None
    assert price_of(quoted, "buy", order_type=chance(400_000)) is not None


def test_where_a_best_price_is_missing_the_next_worse_one_stands_in(stage):
    stage.let_retail_in(orders_per_minute=0, quotes=False)
    assert [price_of(stage, "buy", limit=limit) for limit in (AGGRESSIVE, TOUCH, FAR)] == [940, 940, 940]
    stage.enter(ANN, "buy", 5, 970, instrument_id=WHERE)
    assert [price_of(stage, "buy", limit=limit) for limit in (AGGRESSIVE, TOUCH, FAR)] == [970, 970, 940]
    assert [price_of(stage, "sell", limit=limit) for limit in (AGGRESSIVE, TOUCH, FAR)] == [970, 1_060, 1_060]


def test_no_limit_order_gives_away_more_than_a_far_one_would_gain(stage):
    stage.let_retail_in(orders_per_minute=0, quotes=False)
    stage.enter(ANN, "sell", 5, 1_500, instrument_id=WHERE)
    stage.enter(ANN, "buy", 5, 500, instrument_id=WHERE)
    assert price_of(stage, "buy", limit=AGGRESSIVE) == 1_060
    assert price_of(stage, "sell", limit=AGGRESSIVE) == 940


def test_no_price_is_below_a_tick(stage):
    stage.let_retail_in(orders_per_minute=0, quotes=False)
    for value in (0, 50, 300):
        stage.mark_all(value)
        assert price_of(stage, "buy", limit=FAR) == 1
        assert price_of(stage, "sell", limit=FAR) >= 6


def test_orders_tell_their_second_and_number(quoted):
    assert order_of(quoted, "buy")[-1].client_order_id == f"R-{quoted.market_time}-7"


# ---- own orders --------------------------------------------------------------------------------------------------


def test_own_orders_that_a_new_one_would_meet_are_cancelled_before_it(quoted):
    quoted.perform(order_of(quoted, "sell", limit=TOUCH))
    quoted.perform([SubmitOrder(FLOW, WHERE, "sell", 1, Price(1_021), client_order_id="R-1-1")])
    quoted.perform([SubmitOrder(FLOW, NEAR, "sell", 1, Price(1_021), client_order_id="R-1-2")])
    mine = [order.order_id for order in quoted.shown.open_orders(FLOW)]
    assert order_of(quoted, "buy", limit=AGGRESSIVE)[:-1] == [CancelOrder(FLOW, mine[0])]
    assert order_of(quoted, "buy", order_type=0)[:-1] == [CancelOrder(FLOW, mine[0]), CancelOrder(FLOW, mine[1])]
    assert order_of(quoted, "buy", limit=TOUCH)[:-1] == []
    assert order_of(quoted, "sell", order_type=0)[:-1] == []


def test_it_never_trades_with_itself_and_nothing_is_refused(stage):
    stage.let_retail_in(orders_per_minute=600, quotes=False)
    fills = Counter()
    for _ in range(300):
        for event in stage.second():
            if isinstance(event, OrderExecuted):
                fills[event.team_id] += 1
    assert not fills
    assert not stage.refused
    assert sum(1 for _ in stage.shown.open_orders(FLOW)) > 50


def test_old_orders_are_cancelled_after_two_minutes(stage):
    stage.let_retail_in(quotes=False)
    oldest = 0
    for _ in range(400):
        stage.second()
        ages = [stage.market_time - int(order.client_order_id.split("-")[1]) for order in stage.shown.open_orders(FLOW)]
        oldest = max([oldest, *ages])
    assert oldest == 119
    assert not stage.refused


# ---- phases ------------------------------------------------------------------------------------------------------


def test_in_a_call_market_orders_become_limit_orders_at_the_other_side_s_best(quoted):
    quoted.do(commands.SetPhase("halted"))
    assert order_of(quoted, "buy", order_type=0) == []
    quoted.do(commands.SetPhase("reopening_call"))
    assert price_of(quoted, "buy", order_type=0) == 1_020
    quoted.let_retail_in(orders_per_minute=600)
    for _ in range(60):
        quoted.second()
    assert not quoted.refused
    quoted.do(commands.SetPhase("continuous"))
    assert quoted.position(FLOW, WHERE) or any(quoted.position(FLOW, each.instrument_id) for each in CHAIN)


def test_between_batch_auctions_it_sends_limit_orders():
    stage = FlowStage(instruments=CHAIN, game=structs.replace(GAME, batch=BatchRules()))
    stage.mark_all(VALUE, vega=VEGA)
    stage.let_retail_in(orders_per_minute=600)
    for _ in range(60):
        stage.second()
    assert not stage.refused
    assert any(stage.position(FLOW, each.instrument_id) for each in CHAIN)


def test_what_is_halted_gets_no_orders_and_old_ones_go(quoted):
    quoted.perform(order_of(quoted, "buy", limit=FAR))
    quoted.do(commands.HaltInstrument(WHERE))
    assert order_of(quoted, "buy") == []
    quoted.second(120)
    assert not list(quoted.shown.open_orders(FLOW))


def test_after_the_close_it_sends_nothing(quoted):
    quoted.let_retail_in(orders_per_minute=600)
    quoted.second()
    quoted.do(commands.EndSession())
    quoted.steps()
    assert quoted.sent == []


def test_without_a_mark_it_sends_nothing():
    stage = FlowStage(instruments=CHAIN)
    stage.let_retail_in(orders_per_minute=600)
    for _ in range(10):
        stage.second()
    assert not [command for command in stage.sent if command.team_id == FLOW]


# ---- habits in the flow ------------------------------------------------------------------------------------------


def shares_of_habits(stage, trends, is_of_habit):
    stage.let_retail_in(trends, orders_per_minute=600)
    orders = orders_of(stage, 300)
    return share(is_of_habit, orders), len(orders)


@pytest.mark.parametrize(
    ("trends", "expected", "is_of_habit"),
    [
        pytest.param(
            Trends([True], [0], [False]),
            0.2 + 0.8 * 0.4 * 0.5 * 0.6,
            lambda order: order.price is None and order.side == "sell" and "CALL" in order.instrument_id,
            id="panic",
        ),
        pytest.param(
            Trends([False], [1], [False]),
            0.3 + 0.7 * 0.5 * 0.6,
            lambda order: order.side == "buy" and "CALL" in order.instrument_id,
            id="rise",
        ),
        pytest.param(
            Trends([False], [-1], [False]),
            0.3 + 0.7 * 0.5 * 0.4,
            lambda order: order.side == "buy" and "PUT" in order.instrument_id,
            id="fall",
        ),
        pytest.param(
            Trends([False], [0], [True]),
            0.25 + 0.75 * 0.5 * 0.6 * 0.7,
            lambda order: (
                order.side == "buy"
                and any(f"CALL_{strike}" in order.instrument_id for strike in (4550, 4600, 455, 460))
            ),
            id="spike",
        ),
    ],
)
def test_habits_add_their_share_of_orders(stage, trends, expected, is_of_habit):
    found, count = shares_of_habits(stage, trends, is_of_habit)
    assert is_near(found, expected, count)


def test_the_same_seed_gives_the_same_commands(stage):
    def session(seed):
        stage = FlowStage(instruments=CHAIN)
        stage.mark_all(VALUE, vega=VEGA)
        stage.let_retail_in(Trends([True], [1], [True]), seed, orders_per_minute=300)
        sent = []
        for _ in range(100):
            stage.second()
            sent += stage.sent
        return sent

    one = session(b"one")
    assert one == session(b"one") != session(b"other")
    assert {command.team_id for command in one} == {HOUSE, FLOW}
