"""The house market maker on a real venue: where it quotes, how much, when it comes back, and what it takes first."""

import pytest
from flow_stage import ANN, BOB, CALL, HOUSE, PUT, SPY, TRACKED, FlowStage, mark

from openoutcry.domain import commands
from openoutcry.domain.commands import ReplaceQuotes, SubmitOrder
from openoutcry.domain.day.game_rules import BatchRules, GameRules
from openoutcry.domain.day.marks import UnderlyingMark
from openoutcry.domain.simulation.flow_rules import HouseRules
from openoutcry.simulation.flow.house import HouseMaker

VALUE = 100_000
"""10.00, or 1,000 ticks."""


@pytest.fixture
def stage():
    return FlowStage()


def wide(half_ticks, value=VALUE, place=0):
    """A mark around which the house quotes so wide: by its vega."""
    return mark(place, value, vega=200 * half_ticks)


def trade(stage, side, quantity, ticks=1_000, where=CALL):
    """Give the house a position."""
    stage.enter(ANN, "buy" if side == "sell" else "sell", quantity, ticks, instrument_id=where)
    stage.do(SubmitOrder(HOUSE, where, side, quantity, commands.Price(ticks), "ioc"))


# ---- width, size, skew -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("delta", "vega", "half_ticks"),
    [
        pytest.param(0, 0, 2, id="two ticks at least"),
        pytest.param(0, 3_000, 15, id="half a volatility point"),
        pytest.param(400_000, 3_000, 18, id="a ten-thousandth of the spot times delta"),
        pytest.param(-400_000, 3_000, 18, id="of the size of delta"),
        pytest.param(400_000, 3_602, 19, id="the most of them, rounded outward"),
    ],
)
def test_half_the_spread_is_the_most_of_three(stage, delta, vega, half_ticks):
    stage.second(call=mark(0, VALUE, delta, vega))
    assert stage.stands() == (1_000 - half_ticks, 1_000 + half_ticks)
    assert stage.left() == (10, 10)


def test_a_value_between_two_ticks_is_quoted_no_narrower(stage):
    stage.second(call=mark(0, VALUE + 30))
    assert stage.stands() == (998, 1_003)


def test_an_option_on_the_tracker_goes_by_the_price_of_the_tracker(stage):
    stage.second(tracked=mark(3, VALUE, delta=1_000_000))
    assert stage.stands(TRACKED) == (995, 1_005)  # 0.01 % of 450 is 4.5 ticks


def test_lots_are_quoted_two_ticks_from_their_fair_value(stage):
    stage.second(spy=4_500_000)
    assert (stage.stands(SPY), stage.left(SPY)) == ((44_998, 45_002), (2_000, 2_000))


def test_a_bid_that_would_not_be_above_zero_is_left_out_and_the_ask_stays_alone(stage):
    stage.second(put=mark(1, 150))
    assert (stage.stands(PUT), stage.left(PUT)) == ((None, 4), (0, 10))
    stage.second(put=mark(1, 160))
    assert (stage.stands(PUT), stage.sent) == ((None, 4), [])
    stage.second(put=mark(1, 400))
    assert stage.stands(PUT) == (2, 6)


def test_a_bid_comes_as_soon_as_there_can_be_one_however_far_the_quote_is_moved(stage):
    trade(stage, "sell", 500, ticks=2, where=PUT)
    stage.second(put=mark(1, 140))
    assert stage.stands(PUT) == (None, 5)
    stage.second(put=mark(1, 149))
    assert (stage.stands(PUT), stage.sent) == ((None, 5), [])
    stage.second(put=mark(1, 150))
    assert stage.stands(PUT) == (1, 5)


def test_what_has_no_mark_is_not_quoted(stage):
    stage.second(put=VALUE)
    assert stage.stands(CALL) == (None, None)
    assert stage.stands(PUT) == (998, 1_002)


@pytest.mark.parametrize(
    ("position", "moved_ticks"),
    [(10, -1), (50, -5), (150, -15), (500, -15), (-10, 1), (-100, 10), (-150, 15), (-300, 15)],
)
def test_quotes_are_moved_against_the_position_but_keep_from_the_value_what_it_moves_before_a_pull(
    stage, position, moved_ticks
):
    trade(stage, "buy" if position > 0 else "sell", abs(position))
    stage.second(call=wide(20))
    assert stage.stands() == (980 + moved_ticks, 1_020 + moved_ticks)


def test_a_quote_that_is_moved_as_far_as_can_be_stands_or_is_pulled_but_is_never_worth_hitting(stage):
    trade(stage, "sell", 500)
    stage.second(call=wide(20))
    assert stage.stands() == (995, 1_035)
    stage.second(call=wide(20, VALUE - 500))
    assert (stage.stands(), stage.sent) == ((995, 1_035), [])


def test_lots_are_moved_by_a_tick_at_most(stage):
    stage.tick(spy=4_500_000)
    for value, stands in ((45_010, (45_007, 45_011)), (45_020, (45_017, 45_021))):
        trade(stage, "buy", 4_000, 45_000, SPY)
        stage.second(10, spy=value * 100)
        assert stage.stands(SPY) == stands
    assert stage.position(HOUSE, SPY) == 8_000


# ---- what stands, and what goes ----------------------------------------------------------------------------------


def test_a_quote_whose_value_moves_by_a_quarter_of_half_its_spread_stands_as_it_is(stage):
    stage.second(call=wide(20))
    before = stage.open_ids(HOUSE)
    stage.second(call=wide(20, VALUE + 500))
    assert (stage.stands(), stage.open_ids(HOUSE), stage.sent) == ((980, 1_020), before, [])


def test_a_quote_whose_value_moves_further_goes_with_the_marks_and_comes_back_around_the_new_value(stage):
    stage.second(call=wide(20))
    stage.tick(call=wide(20, VALUE + 501))
    assert stage.stands() == (None, None)
    stage.steps()
    assert stage.stands() == (985, 1_026)


def test_steps_come_after_the_delay_and_quote_ten_instruments_at_most(stage):
    assert [step.milliseconds for step in stage.house.steps] == [200]
    many = HouseMaker(HouseRules(delay_milliseconds=350), HOUSE, [*stage.queries.instruments()] * 6)
    assert [step.milliseconds for step in many.steps] == [350, 350, 350]


def test_a_side_comes_back_five_seconds_after_it_was_filled_and_the_other_one_stays(stage):
    stage.second(call=wide(20))
    stage.take(ANN, "buy", 10)
    for _ in range(4):
        stage.second()
        assert (stage.stands(), stage.sent) == ((980, None), [])
    stage.second()
    assert (stage.stands(), stage.left()) == ((981, 1_021), (10, 10))


def test_what_is_left_of_a_side_stays_until_it_is_quoted_anew(stage):
    stage.second(call=wide(20))
    stage.take(ANN, "sell", 4)
    for _ in range(4):
        stage.second()
        assert (stage.left(), stage.sent) == ((6, 10), [])
    stage.second()
    assert stage.left() == (10, 10)


def test_what_is_left_of_a_side_that_was_pulled_stays_away_as_long(stage):
    stage.second(call=wide(20))
    stage.take(ANN, "sell", 4)
    stage.second(call=wide(20, VALUE + 1_000))
    assert stage.stands() == (None, 1_030)
    stage.second(4)
    assert stage.left() == (10, 10)


def test_lots_come_back_after_a_second(stage):
    stage.second(spy=4_500_000)
    stage.take(ANN, "buy", 2_000, SPY)
    assert stage.left(SPY) == (2_000, 0)
    stage.second()
    assert stage.left(SPY) == (2_000, 2_000)


# ---- news --------------------------------------------------------------------------------------------------------


def test_news_double_the_spread_for_a_minute(stage):
    stage.second(call=wide(20), spy=4_500_000)
    began = stage.market_time
    stage.news()
    stage.second(call=wide(20))
    assert (stage.stands(), stage.stands(SPY)) == ((960, 1_040), (44_996, 45_004))
    while stage.market_time < began + 59:
        stage.second(call=wide(20))
        assert (stage.stands(), stage.sent) == ((960, 1_040), [])
    stage.second(call=wide(20))
    assert (stage.stands(), stage.stands(SPY)) == ((980, 1_020), (44_998, 45_002))


def test_the_narrowest_quotes_are_doubled_and_halved_too(stage):
    for value in range(VALUE, VALUE + 100, 10):
        stage.second(200, call=mark(0, value))
        stage.news()
        stage.second(call=mark(0, value))
        bid, ask = stage.stands()
        assert ask - bid in (8, 9)
        stage.second(59, call=mark(0, value))
        bid, ask = stage.stands()
        assert ask - bid in (4, 5)


def test_a_missed_step_is_made_up_for(stage):
    stage.second(call=wide(20))
    stage.news()
    stage.tick(call=wide(20))
    stage.second(call=wide(20))
    assert stage.stands() == (960, 1_040)
    stage.tick(70, call=wide(20))
    stage.second(call=wide(20))
    assert stage.stands() == (980, 1_020)


# ---- what crosses ------------------------------------------------------------------------------------------------


def test_what_crosses_a_new_quote_is_taken_before_it_is_quoted(stage):
    stage.tick(call=wide(20))
    stage.enter(ANN, "sell", 7, 950)
    stage.enter(BOB, "buy", 3, 900)
    stage.steps()
    take, quote = stage.sent
    assert take == SubmitOrder(HOUSE, CALL, "buy", 10, commands.Price(980), "ioc")
    assert isinstance(quote, ReplaceQuotes)
    assert (stage.position(HOUSE), stage.stands(), stage.left()) == (7, (980, 1_020), (10, 10))


def test_it_takes_no_more_than_it_would_quote_and_that_side_waits_while_others_stand_in_its_way(stage):
    stage.tick(call=wide(20))
    stage.enter(ANN, "sell", 25, 950)
    positions = []
    for _ in range(4):
        stage.steps()
        positions.append((stage.position(HOUSE), stage.stands()[0]))
        stage.tick()
    assert positions == [(10, None), (20, None), (25, 980 - 2), (25, 980 - 2)]
    assert {reject.code for _, reject in stage.refused} == {"POST_ONLY_WOULD_TRADE"}


def test_its_own_quote_on_the_other_side_is_no_reason_to_trade(stage):
    trade(stage, "buy", 200)
    stage.second(call=wide(20))
    assert stage.stands() == (965, 1_005)
    trade(stage, "sell", 500, ticks=999)
    stage.take(ANN, "sell", 10)
    stage.second(5, call=wide(20))
    assert [type(command) for command in stage.sent] == [ReplaceQuotes]
    assert stage.stands() == (995, 1_035)


def test_nobody_gains_by_hitting_the_house_after_each_step(stage):
    """Who sees new prices first finds no quote whose value has moved by more than a quarter of what it is off it."""
    values = [100_000, 100_450, 101_200, 100_000, 99_400, 99_900, 100_900, 100_950, 98_000, 98_300, 98_900]
    gain = 0
    for value in values * 5:
        stage.tick(call=wide(20, value))
        bid, ask = stage.stands()
        edges = [edge for edge in (bid and bid * 100 - value, ask and value - ask * 100) if edge is not None]
        gain = max([gain, *edges], default=gain)
        stage.steps()
    assert gain <= 0


# ---- phases ------------------------------------------------------------------------------------------------------


def test_a_halted_instrument_is_not_quoted(stage):
    stage.second(call=VALUE)
    stage.do(commands.HaltInstrument(CALL))
    stage.second(call=VALUE + 5_000)
    assert (stage.stands(), stage.sent) == ((None, None), [])
    stage.do(commands.ResumeInstrument(CALL))
    stage.second()
    assert stage.stands() == (1_048, 1_052)


def test_after_the_close_nothing_is_sent(stage):
    stage.second(call=VALUE)
    stage.do(commands.EndSession())
    stage.steps()
    assert (stage.stands(), stage.sent) == ((None, None), [])


@pytest.fixture
def call(stage):
    """A call under way, from a market second that divides by ten."""
    stage.do(commands.SetPhase("halted"))
    stage.tick(10 - stage.market_time % 10)
    stage.do(commands.SetPhase("reopening_call"))
    return stage


def test_in_a_call_both_sides_are_entered_at_its_start_and_anew_every_ten_seconds(call):
    call.tick(call=wide(20))
    call.steps()
    assert call.stands() == (980, 1_020)
    entered = call.open_ids(HOUSE)
    while call.market_time % 10 != 9:
        call.second(call=wide(20, VALUE + 200))
        assert (call.sent, call.open_ids(HOUSE)) == ([], entered)
    call.second(call=wide(20, VALUE + 200))
    assert call.stands() == (982, 1_022)


def test_in_a_call_it_takes_nothing_and_its_quotes_may_cross(call):
    call.enter(ANN, "sell", 5, 950)
    call.second(call=wide(20))
    assert [type(command) for command in call.sent] == [ReplaceQuotes]
    assert (call.stands(), call.position(HOUSE), call.refused) == ((980, 1_020), 0, [])
    call.do(commands.SetPhase("continuous"))
    assert call.position(HOUSE) == 5
    assert call.left() == (5, 10)


def test_between_batch_auctions_it_quotes_and_takes_nothing():
    stage = FlowStage(game=GameRules(batch=BatchRules()))
    stage.enter(ANN, "sell", 5, 950)
    stage.second(call=wide(20))
    assert [type(command) for command in stage.sent] == [ReplaceQuotes]
    stage.second(call=wide(20))
    assert stage.position(HOUSE) == 5


def test_another_spot_makes_another_width(stage):
    stage.second(call=mark(0, VALUE, delta=1_000_000), underlyings=(UnderlyingMark("SPX", 90_000_000),))
    assert stage.stands() == (910, 1_090)
