"""Habits of retail traders: each fires as its rule says, in this order, and what is left comes by the usual chances."""

import pytest
from flow_stage import ANN, CHAIN, EXPIRIES, FLOW, FlowStage
from quoting_stage import OPENS

from openoutcry.domain import commands
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.simulation.flow_rules import RetailRules
from openoutcry.simulation.flow.chances import chance
from openoutcry.simulation.flow.habits import DRAW_WORDS, Draw, Habits
from openoutcry.simulation.flow.trends import Trends
from openoutcry.simulation.words import WORDS

NEVER = WORDS - 1
"""A word that lets nothing fire; by it, an order is a sell of a put in the money, of the last expiry, for 50."""

VALUE = 100_000
CALM = Trends([False] * 3, [0] * 3, [False] * 3)


@pytest.fixture
def stage():
    stage = FlowStage(instruments=CHAIN)
    stage.mark_all(VALUE)
    return stage


def wish(stage, trends=CALM, second=1, instruments=CHAIN, rules=None, **words):
    """What comes of a draw in which all words but these let nothing fire."""
    habits = Habits(rules or RetailRules(), FLOW, instruments, OPENS, trends)
    draw = Draw(*[NEVER] * DRAW_WORDS)._replace(**words)
    found = habits.wish(draw, OPENS + second, stage.shown)
    return found and (found.option.instrument_id, found.side, found.quantity, found.is_urgent)


def hold(stage, where, quantity, ticks):
    """Give the flow a position, below 0 a short one, at a time when it was worth that."""
    side, other = ("buy", "sell") if quantity > 0 else ("sell", "buy")
    stage.mark_all(ticks * 100)
    stage.enter(ANN, other, abs(quantity), ticks, instrument_id=where)
    stage.do(commands.SubmitOrder(FLOW, where, side, abs(quantity), commands.Price(ticks), "ioc"))
    stage.mark_all(VALUE)


# ---- usual orders ------------------------------------------------------------------------------------------------


def test_what_nothing_else_says_comes_by_chance(stage):
    assert wish(stage) == ("SPY_PUT_460_20240329", SELL, 50, False)
    assert wish(stage, side=0, option_type=0, money=0, expiry=0, option=0, quantity=0) == (
        "SPX_CALL_4550_20240315",
        BUY,
        1,
        False,
    )


@pytest.mark.parametrize(
    ("word", "ppm", "below", "above"),
    [
        ("side", 500_000, BUY, SELL),
        ("option_type", 600_000, "SPX_CALL_4400_20240329", "SPX_PUT_4500_20240329"),
        ("money", 700_000, "SPX_PUT_4400_20240329", "SPX_PUT_4500_20240329"),
    ],
)
def test_a_choice_of_two_turns_at_its_chance(stage, word, ppm, below, above):
    edge = chance(ppm)
    found = [wish(stage, **({"option": 0} | {word: drawn})) for drawn in (edge - 1, edge)]
    assert [each[1] if word == "side" else each[0] for each in found] == [below, above]


def test_the_nearest_expiry_comes_in_80_of_a_hundred_cases_then_15_and_5(stage):
    edges = chance(800_000), chance(950_000)
    words = 0, edges[0] - 1, edges[0], edges[1] - 1, edges[1], NEVER
    dates = [wish(stage, expiry=word)[0].rpartition("_")[2] for word in words]
    assert dates == [date for date in EXPIRIES for _ in range(2)]


def test_with_fewer_expiries_theirs_keep_their_proportion(stage):
    near = [each for each in CHAIN if each.option.expiry < EXPIRIES[2]]
    edge = 800_000 * WORDS // 950_000
    dates = [wish(stage, instruments=near, expiry=word)[0].rpartition("_")[2] for word in (edge - 1, edge)]
    assert dates == list(EXPIRIES[:2])


def test_an_expiry_without_a_share_is_never_chosen(stage):
    last_alone = RetailRules(expiries_ppm=(0, 0, 1_000_000))
    others = [each for each in CHAIN if each.option.expiry < EXPIRIES[2]]
    for word in (0, NEVER):
        assert wish(stage, rules=last_alone, expiry=word)[0].endswith(EXPIRIES[2])
        assert wish(stage, rules=last_alone, instruments=others, expiry=word) is None


def test_where_nothing_is_on_this_side_of_the_money_the_other_side_is_taken(stage):
    calls = [each for each in CHAIN if each.instrument_id == "SPX_CALL_4400_20240315"]
    assert wish(stage, instruments=calls, money=0, option_type=0)[0] == "SPX_CALL_4400_20240315"


def test_without_options_of_the_kind_there_is_nothing_to_wish_for(stage):
    calls = [each for each in CHAIN if each.option.option_type == "call"]
    assert wish(stage, instruments=calls) is None
    assert wish(stage, instruments=()) is None


# ---- habits ------------------------------------------------------------------------------------------------------

FALLS = Trends([True] * 3, [0] * 3, [False] * 3)
RISES = Trends([False] * 3, [1] * 3, [False] * 3)
SINKS = Trends([False] * 3, [-1] * 3, [False] * 3)
SPIKES = Trends([False] * 3, [0] * 3, [True] * 3)


def test_panic_sells_three_times_as_many_calls_at_the_market(stage):
    assert wish(stage, FALLS, panic=chance(200_000) - 1) == ("SPY_CALL_450_20240329", SELL, 150, True)
    assert wish(stage, FALLS, panic=chance(200_000))[3] is False
    assert wish(stage, CALM, panic=0)[3] is False


def test_momentum_buys_twice_as_many_calls_or_puts_that_way(stage):
    assert wish(stage, RISES, momentum=chance(300_000) - 1) == ("SPY_CALL_450_20240329", BUY, 100, False)
    assert wish(stage, SINKS, momentum=0) == ("SPY_PUT_460_20240329", BUY, 100, False)
    assert wish(stage, RISES, momentum=chance(300_000))[1] == SELL
    assert wish(stage, CALM, momentum=0)[1] == SELL


def test_a_spike_of_volatility_buys_calls_out_of_the_money(stage):
    assert wish(stage, SPIKES, spike=chance(250_000) - 1) == ("SPY_CALL_460_20240329", BUY, 50, False)
    assert wish(stage, SPIKES, spike=chance(250_000))[1] == SELL
    assert wish(stage, CALM, spike=0)[1] == SELL


def test_half_of_a_long_that_has_gained_a_fifth_is_sold_at_the_market(stage):
    hold(stage, "SPX_CALL_4500_20240315", 5, 833)
    assert wish(stage, profit=chance(150_000) - 1) == ("SPX_CALL_4500_20240315", SELL, 3, True)
    assert wish(stage, profit=chance(150_000))[3] is False


def test_no_smaller_gain_and_no_short_is_a_profit_to_take(stage):
    hold(stage, "SPX_CALL_4500_20240315", 5, 834)
    hold(stage, "SPX_PUT_4500_20240315", -5, 1_300)
    assert wish(stage, profit=0)[3] is False


def test_any_one_of_several_gains_is_taken_alike(stage):
    held = "SPX_CALL_4500_20240315", "SPY_PUT_450_20240322"
    for where in held:
        hold(stage, where, 2, 500)
    assert [wish(stage, profit=0, holding=word)[0] for word in (0, WORDS // 2 - 1, WORDS // 2, NEVER)] == [
        held[0],
        held[0],
        held[1],
        held[1],
    ]


def test_the_first_habit_that_fires_is_followed(stage):
    everything = Trends([True] * 3, [-1] * 3, [True] * 3)
    words = {"profit": 0, "panic": 0, "momentum": 0, "spike": 0}
    found = []
    hold(stage, "SPX_CALL_4500_20240315", 1, 500)
    for fires in ("profit", "panic", "momentum", "spike", "usual"):
        found.append((fires, *wish(stage, everything, **words)[1:]))
        if fires != "usual":
            del words[fires]
    assert found == [
        ("profit", SELL, 1, True),
        ("panic", SELL, 150, True),
        ("momentum", BUY, 100, False),
        ("spike", BUY, 50, False),
        ("usual", SELL, 50, False),
    ]


@pytest.mark.parametrize(("second", "fires"), [(-1_800, False), (0, False), (1, True), (2, False), (3_000, False)])
def test_trends_are_those_of_the_second_or_of_the_nearest_one_in_the_session(stage, second, fires):
    once = Trends([False, True, False], [0] * 3, [False] * 3)
    assert wish(stage, once, second, panic=0)[3] is fires
