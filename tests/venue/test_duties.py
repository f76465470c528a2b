"""Each duty, measured second by second, beside a computation straight from the text of the rules."""

from fractions import Fraction

from core_stage import order
from duties_stage import (
    CALL,
    DESK,
    DUTIES,
    FUND,
    GAME,
    INSTRUMENTS,
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
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from openoutcry.domain import commands
from openoutcry.domain.commands import Price, QuoteTerms
from openoutcry.domain.day.draws import draw
from openoutcry.domain.day.game_rules import CoverageRules, RoleDuties
from openoutcry.domain.day.news import NewsOdds
from openoutcry.domain.day.quote_protection import ProtectionSettings
from openoutcry.venue.duties.coverage import counted_options, covered_options
from openoutcry.venue.duties.sampling import COVERAGE_DRAW
from reference.coverage import is_covered
from reference.deltas import deltas

quantities = st.integers(-80, 80).filter(bool)
positions = st.dictionaries(st.sampled_from([each.instrument_id for each in INSTRUMENTS]), quantities)
marks = st.tuples(*(st.integers(-1_000_000, 1_000_000) for _ in INSTRUMENTS))


def holding(positions, mark_deltas, team):
    """A stage on which the team holds these, at marks of these deltas; the same as the reference takes them."""
    stage = DutiesStage()
    for instrument_id, quantity in positions.items():
        stage.hold(team, instrument_id, quantity)
    at = {
        each.instrument_id: mark(each.instrument_id, delta=delta)
        for each, delta in zip(INSTRUMENTS, mark_deltas, strict=True)
    }
    stage.pass_seconds(1, *at.values(), spx=45_000_000)
    listed = {each.instrument_id: each for each in INSTRUMENTS}
    return stage, deltas(GAME, listed, at, positions)


@given(positions, marks)
def test_the_portfolio_s_delta_is_the_sum_that_the_rules_say(positions, mark_deltas):
    stage, (index, tracker) = holding(positions, mark_deltas, DESK)
    stage.pass_seconds(1)
    assert stage.queries.account(DESK).delta == (index + tracker) * 1_000_000 // 1


@given(positions, marks)
def test_the_balance_is_what_the_rules_say(positions, mark_deltas):
    stage, (index, tracker) = holding(positions, mark_deltas, DESK)
    stage.pass_seconds(1)
    both = abs(index) + abs(tracker)
    duty = stage.duty(DESK)
    if both < 5:
        assert (duty.state, duty.measured) == ("met", None)
        return
    balanced = index * tracker <= 0 and abs(index + tracker) <= Fraction(2, 10) * both
    assert duty.state == ("met" if balanced else "breached")
    assert duty.measured == abs(index + tracker) * 1_000_000 // both


@given(st.integers(-300, 300).filter(bool), st.integers(0, 1_000_000))
def test_a_fund_is_outside_beyond_fifty(quantity, delta):
    stage = DutiesStage()
    stage.pass_seconds(1, mark(CALL, delta=0))
    stage.hold(FUND, CALL, quantity)
    stage.pass_seconds(2, mark(CALL, delta=delta))
    size = Fraction(abs(quantity) * delta, 1_000_000)
    assert stage.duty(FUND).state == ("breached" if size > 50 else "met")
    assert stage.duty(FUND).measured == size * 1_000_000


@given(
    held=st.integers(-100, 100),
    delta=st.integers(-1_000_000, 1_000_000),
    side=st.sampled_from(["buy", "sell"]),
    quantity=st.integers(1, 300),
)
def test_an_order_may_not_take_the_delta_further_beyond_its_limit(held, delta, side, quantity):
    stage = DutiesStage()
    stage.pass_seconds(1, mark(CALL, delta=0), mark(PUT, delta=0))
    if held:
        stage.hold(FUND, PUT, held)
    stage.pass_seconds(1, mark(CALL, delta=delta), mark(PUT, delta=-700_000))
    before = Fraction(-7 * held, 10)
    after = before + Fraction((quantity if side == "buy" else -quantity) * delta, 1_000_000)
    new = order(FUND, side, quantity, 100)
    if abs(after) > 50 and abs(after) > abs(before):
        refusal = stage.refuse(new)
        assert refusal.code == "DELTA_LIMIT_EXCEEDED"
        most = refusal.details["maximum"]
        assert 0 <= most < quantity
        if most:
            stage.do(replace(new, quantity=most))
            stage.do(commands.MassCancel(FUND))
        assert stage.refuse(replace(new, quantity=most + 1)).code == "DELTA_LIMIT_EXCEEDED"
    else:
        stage.do(new)


def test_an_amendment_is_judged_without_what_is_filled_of_it():
    stage = DutiesStage()
    stage.pass_seconds(1, mark(CALL))
    mine = stage.enter(FUND, "buy", 60, 100)
    stage.enter(RETAIL, "sell", 40, 100)  # 40 are filled, a delta of 20
    stage.do(commands.AmendOrder(FUND, mine, 100))
    assert stage.refuse(commands.AmendOrder(FUND, mine, 101)).details["maximum"] == 100


def test_lots_count_a_tenth_whether_or_not_they_have_a_mark():
    stage = DutiesStage()
    stage.enter(FUND, "buy", 500, 100, instrument_id=SPY)
    assert stage.refuse(order(FUND, "buy", 501, 100, instrument_id=SPY)).code == "DELTA_LIMIT_EXCEEDED"


# ---- coverage

sizes = st.integers(1, 14)
prices = st.integers(80, 130)


@st.composite
def standing_orders(draw_one):
    """Orders of the maker on both sides of one option, never crossed."""
    middle = draw_one(st.integers(95, 105))
    bids = draw_one(st.lists(st.tuples(st.integers(middle - 15, middle), sizes), max_size=3))
    asks = draw_one(st.lists(st.tuples(st.integers(middle + 1, middle + 15), sizes), max_size=3))
    return bids, asks


@given(
    one=standing_orders(),
    quote=st.none() | st.tuples(st.integers(90, 100), sizes, st.integers(101, 110), sizes),
    held=st.sampled_from([0, 0, 95, -95, 100, -100]),
    value=st.integers(100, 12_000),
    vega=st.integers(0, 900),
    delta=st.integers(-1_000_000, 1_000_000),
    spx=st.integers(0, 400_000),
)
def test_an_option_is_covered_where_the_rules_say_so(one, quote, held, value, vega, delta, spx):
    stage = DutiesStage(option_position_limit=114)
    stage.pass_seconds(1, mark(CALL, value, delta, vega), spx=spx)
    if held:
        stage.hold(MAKER, CALL, held)
    bids, asks = one
    for side, orders in (("buy", bids), ("sell", asks)):
        for ticks, quantity in orders:
            new = order(MAKER, side, quantity, ticks, post_only=True)
            if stage.venue.validate(new).__class__.__name__ == "Accepted":
                stage.do(new)
    if quote is not None:
        bid, bid_size, ask, ask_size = quote
        terms = QuoteTerms(CALL, Price(bid), bid_size, Price(ask), ask_size)
        stage.do(commands.ReplaceQuotes(MAKER, (terms,)))
    state = stage.venue._state
    rules = DUTIES["maker"].coverage
    counted = counted_options(state, rules)
    assert [instrument_id for instrument_id, _ in counted] == ([CALL] if value >= 500 else [])
    own = [
        (each.side, each.price, each.remaining_quantity)
        for each in stage.queries.open_orders(MAKER)
        if each.instrument_id == CALL
    ]
    if counted:
        expected = is_covered(GAME, rules, INSTRUMENTS[0], state.markets[CALL].mark, {"SPX": spx}, 114, held, own)
        assert covered_options(state.team(MAKER), rules, counted) == expected


def quoting(stage, *options):
    terms = tuple(QuoteTerms(each, Price(990), 10, Price(1_010), 10) for each in options)
    stage.do(commands.ReplaceQuotes(MAKER, terms))


def all_marks(value=100_000):
    return [mark(each, value) for each in (CALL, PUT, SPY_CALL)]


def test_coverage_is_judged_after_a_minute_and_is_the_mean_of_five_minutes():
    stage = DutiesStage()
    stage.pass_seconds(1, *all_marks(), spx=45_000_000)
    quoting(stage, CALL, PUT)
    assert told(stage.pass_seconds(50)) == []
    assert stage.duty(MAKER).measured is None
    assert told(stage.pass_seconds(15), MAKER) == [("quote_coverage", "breached", 0)]
    assert stage.duty(MAKER).measured == 666_666
    quoting(stage, SPY_CALL)
    assert told(stage.pass_seconds(55), MAKER) == [("quote_coverage", "met", 0)]


def test_a_second_in_each_five_is_looked_at_and_nobody_else_can_tell_which():
    stage = DutiesStage(word=12)
    stage.pass_seconds(1, *all_marks(), spx=45_000_000)
    quoting(stage, CALL, PUT, SPY_CALL)
    length = CoverageRules().sample_seconds
    seen, lengths = [], []
    for _ in range(100):
        before = len(stage.venue._state.team(MAKER).standing.shares)
        stage.pass_seconds(1)
        if len(stage.venue._state.team(MAKER).standing.shares) > before:
            seen.append(stage.now - 1)
        lengths.append(len(stage.venue._state.team(MAKER).standing.shares))
    stretches = range((START + 1) // length, (START + 101) // length + 1)
    drawn = [stretch * length + draw(12, COVERAGE_DRAW, MAKER, stretch) % length for stretch in stretches]
    assert seen == [second for second in drawn if START + 1 <= second < START + 101][: len(seen)]
    assert len(seen) == len([second for second in drawn if START + 1 <= second < START + 101])
    assert max(lengths) <= 60


def test_news_exempts_a_maker_for_a_minute():
    stage = DutiesStage()
    stage.pass_seconds(1, *all_marks(), spx=45_000_000)
    stage.pass_seconds(100)
    assert stage.duty(MAKER).state == "breached"
    stage.do(commands.PublishNews("Rates unchanged", "general", NewsOdds(40, 30, 30)))
    assert told(stage.pass_seconds(60), MAKER) == [("quote_coverage", "exempt", 0)]
    assert told(stage.pass_seconds(1), MAKER) == [("quote_coverage", "breached", 0)]


def test_a_freeze_exempts_a_maker_for_thirty_seconds_in_five_minutes_also_after_a_restart():
    stage = DutiesStage()
    stage.pass_seconds(1, *all_marks(), spx=45_000_000)
    stage.do(commands.SetQuoteProtection(MAKER, None, ProtectionSettings(quantity=1, interval_seconds=1)))

    def freeze():
        stage.do(commands.ResetQuoteProtection(MAKER))
        quoting(stage, CALL, PUT, SPY_CALL)
        stage.enter(RETAIL, "buy", 1, None)

    quoting(stage, CALL, PUT, SPY_CALL)
    stage.pass_seconds(100)
    freeze()
    assert told(stage.pass_seconds(30), MAKER) == [("quote_coverage", "exempt", 0)]
    stage.restart()
    assert told(stage.pass_seconds(1), MAKER) == [("quote_coverage", "met", 0)]
    stage.do(commands.ResetQuoteProtection(MAKER))
    quoting(stage, CALL, PUT, SPY_CALL)
    stage.pass_seconds(260)
    freeze()
    assert told(stage.pass_seconds(9), MAKER) == []
    assert told(stage.pass_seconds(30), MAKER) == [("quote_coverage", "exempt", 0)]
    assert told(stage.pass_seconds(1), MAKER) == [("quote_coverage", "met", 0)]


def test_the_window_starts_empty_when_the_level_rises():
    stage = DutiesStage()
    stage.pass_seconds(1, *all_marks(), spx=45_000_000)
    while stage.level(MAKER) == 0:
        stage.pass_seconds(1)
    assert not stage.venue._state.team(MAKER).standing.shares
    assert told(stage.pass_seconds(1), MAKER) == [("quote_coverage", "met", 1)]


def test_where_no_option_counts_nothing_is_measured():
    stage = DutiesStage()
    stage.pass_seconds(1, *all_marks(499), spx=45_000_000)
    stage.pass_seconds(400)
    assert (stage.duty(MAKER).state, stage.duty(MAKER).measured) == ("met", None)


def test_options_that_are_halted_do_not_count():
    stage = DutiesStage()
    stage.pass_seconds(1, *all_marks(), spx=45_000_000)
    quoting(stage, CALL)
    for halted in (PUT, SPY_CALL):
        stage.do(commands.HaltInstrument(halted))
    stage.pass_seconds(100)
    assert (stage.duty(MAKER).state, stage.duty(MAKER).measured) == ("met", 1_000_000)


def test_a_role_may_have_more_than_one_duty():
    both = RoleDuties(coverage=CoverageRules(), delta=DUTIES["fund"].delta)
    stage = DutiesStage(replace(GAME, roles={"maker": both}))
    stage.pass_seconds(1, *all_marks(), spx=45_000_000)
    stage.hold(MAKER, CALL, 100)
    stage.pass_seconds(2, mark(CALL, delta=900_000))
    assert [each.state for each in stage.queries.standing(MAKER).duties] == ["met", "breached"]
    while stage.level(MAKER) == 0:
        stage.pass_seconds(1)
    assert not stage.venue._state.team(MAKER).standing.shares
