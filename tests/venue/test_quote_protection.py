"""Limits on what fills of quotes add up to: what counts, when it is judged, what goes, and until when."""

import pytest
from core_stage import Stage, order
from hypothesis import given
from hypothesis import strategies as st
from quoting_stage import CALL, OPENS, PUT, SPY, TRACKED, QuotingStage, cancelled, mark, triggered

from openoutcry.domain import commands
from openoutcry.domain.day.game_rules import BatchRules, GameRules, ProtectionRules
from openoutcry.domain.day.quote_protection import ProtectionSettings
from openoutcry.domain.day.tasks import JudgeGroups
from openoutcry.domain.events import OrderCancelled, OrderExecuted, PositionUpdated, ProtectionTriggered
from openoutcry.venue.state.quote_protection import ProtectedGroup
from openoutcry.venue.tasks.slices import SLICE
from reference.protection import Group, QuoteFill
from reference.workload import instrument, role

SECOND_US = 1_000_000


@pytest.fixture
def stage():
    return QuotingStage("ann", "bob", "cat")


# ---- what happens when a limit is met ----------------------------------------------------------------------------


def test_a_sweep_that_meets_the_limit_takes_all_quotes_of_the_group_and_nothing_else(stage):
    stage.protect(quantity=12)
    quotes = [*stage.quote(1, 98, 102), *stage.quote(1, 90, 95, where=PUT)]
    single = stage.enter(1, "buy", 1, 97)
    lots, tracked = stage.quote(1, 44_000, 46_000, where=SPY), stage.quote(1, 80, 85, where=TRACKED)

    assert not triggered(stage.take(2, "buy", 8))
    events = stage.take(2, "sell", 4)

    assert triggered(events) == [(1, "SPX", "quantity", 12)]
    assert cancelled(events) == quotes
    assert stage.open_ids() == [single, *lots, *tracked]
    of_ann = [event for event in events if getattr(event, "team_id", None) == 1]
    kinds = [OrderExecuted, *[OrderCancelled] * 4, ProtectionTriggered, PositionUpdated]
    assert [type(event) for event in of_ann] == kinds
    assert [event.seq for event in of_ann] == list(range(of_ann[0].seq, of_ann[0].seq + len(kinds)))


def test_a_fill_that_meets_the_limit_is_carried_out_in_full(stage):
    stage.protect(quantity=1)
    stage.quote(1, 98, 102, quantity=10)
    events = stage.take(2, "buy", 10)
    assert [event.quantity for event in events if isinstance(event, OrderExecuted)] == [10, 10]
    assert triggered(events) == [(1, "SPX", "quantity", 10)]


def test_of_several_limits_the_first_is_told(stage):
    stage.tick(call=mark(0, 10_000, delta=500_000, vega=30_000))
    stage.protect(quantity=100, delta=2_000_000, vega=120_000)
    stage.quote(1, 98, 102)
    (event,) = [told for told in stage.take(2, "buy", 4) if isinstance(told, ProtectionTriggered)]
    assert (event.limit, event.measured, event.limit_value) == ("delta", 2_000_000, 2_000_000)
    assert (event.frozen_until, event.utc_offset) == ((OPENS + 1 + 30) * SECOND_US, -18_000)


def test_each_team_is_judged_by_its_own(stage):
    stage.protect(1, quantity=5)
    stage.protect(3, quantity=5)
    stage.quote(1, 98, 102, quantity=5)
    stage.quote(3, 97, 102, quantity=5)
    assert triggered(stage.take(2, "buy", 9)) == [(1, "SPX", "quantity", 5)]
    assert triggered(stage.take(2, "buy", 1)) == [(3, "SPX", "quantity", 5)]


def test_single_orders_count_nothing_and_a_team_without_protection_is_left_alone(stage):
    stage.protect(quantity=1)
    stage.enter(1, "sell", 10, 102)
    stage.quote(3, 98, 103)
    assert not triggered(stage.take(2, "buy", 15))
    assert stage.group().quantity == 0


def test_an_amended_quote_is_one_still(stage):
    stage.protect(quantity=3)
    _, ask = stage.quote(1, 98, 102)
    stage.do(commands.AmendOrder(1, ask, None, commands.Price(101)))
    assert triggered(stage.take(2, "buy", 3)) == [(1, "SPX", "quantity", 3)]


def test_where_too_many_quotes_stand_for_one_command_the_next_slices_pull_the_others(stage):
    """As if an auction had left more of them than a command pulls."""
    for team in (1, 3):
        stage.protect(team, quantity=1)
    quotes = {team: [*stage.quote(team, 98, 102), *stage.quote(team, 90, 95, where=PUT)] for team in (1, 3)}
    stage.venue._state.day.tasks.append(JudgeGroups())
    assert not triggered(stage.take(2, "buy", 20))

    first, second = stage.do(commands.ContinueWork(1)), stage.do(commands.ContinueWork(1))

    assert [team for team, *_ in triggered(first)] == [1]
    assert [team for team, *_ in triggered(second)] == [3]
    assert {*cancelled(first)} <= {*quotes[1]}
    assert {*cancelled(second)} <= {*quotes[3]}
    assert stage.open_ids() == []
    assert not stage.venue.has_work


# ---- what is counted ---------------------------------------------------------------------------------------------


def test_delta_and_vega_offset_each_other_and_quantity_does_not(stage):
    stage.tick(call=mark(0, 10_000, delta=500_000, vega=20_000), put=mark(1, 10_000, delta=-500_000, vega=20_000))
    stage.protect(quantity=1_000)
    stage.quote(1, 98, 102)
    stage.quote(1, 98, 102, where=PUT)
    stage.take(2, "buy", 4)
    stage.take(2, "buy", 3, where=PUT)
    assert (stage.group().quantity, stage.group().delta, stage.group().vega) == (7, 500_000, 140_000)
    stage.take(2, "sell", 4)
    assert (stage.group().quantity, stage.group().delta, stage.group().vega) == (11, 1_500_000, 60_000)


def test_marks_are_those_at_the_fill(stage):
    stage.protect(quantity=1_000)
    stage.quote(1, 98, 102)
    for delta in (100_000, 300_000):
        stage.tick(call=mark(0, 10_000, delta=delta))
        stage.take(2, "buy", 2)
    assert stage.group().delta == 800_000


def test_without_a_mark_only_quantity_counts(stage):
    stage.protect(delta=1, vega=1, quantity=9)
    stage.quote(1, 98, 102)
    assert not triggered(stage.take(2, "buy", 8))
    assert triggered(stage.take(2, "buy", 1)) == [(1, "SPX", "quantity", 9)]


def test_options_on_the_tracker_count_a_tenth_to_the_last_unit(stage):
    stage.tick(tracked=mark(3, 10_000, delta=333_333))
    stage.protect(delta=100_000)
    stage.quote(1, 98, 102, where=TRACKED)
    assert not triggered(stage.take(2, "buy", 3, where=TRACKED))
    assert stage.group(name="SPY").delta == 99_999
    assert triggered(stage.take(2, "buy", 1, where=TRACKED)) == [(1, "SPY", "delta", 133_333)]


# ---- the window --------------------------------------------------------------------------------------------------


def test_the_window_opens_at_the_first_fill_and_later_ones_do_not_extend_it(stage):
    stage.protect(quantity=6, interval_seconds=5)
    stage.quote(1, 98, 102)
    stage.tick(100)
    stage.take(2, "buy", 1)
    ends = (OPENS + 105) * SECOND_US
    assert stage.group().window_ends == ends
    stage.tick(4)
    stage.take(2, "buy", 4)
    assert (stage.group().quantity, stage.group().window_ends) == (5, ends)
    stage.tick()
    assert (stage.group().quantity, stage.group().window_ends) == (0, None)
    assert not triggered(stage.take(2, "buy", 1))
    assert (stage.group().quantity, stage.group().window_ends) == (1, ends + 5 * SECOND_US)


def test_other_settings_count_from_0_and_the_same_ones_go_on(stage):
    stage.protect(quantity=6)
    stage.quote(1, 98, 102)
    stage.take(2, "buy", 5)
    same = commands.SetQuoteProtection(1, None, ProtectionSettings(quantity=6, interval_seconds=5, frozen_seconds=30))
    assert stage.venue.changes_nothing(same)
    stage.do(same)
    assert stage.group().quantity == 5
    stage.protect(quantity=7)
    assert stage.group().quantity == 0
    assert not triggered(stage.take(2, "buy", 5))


def test_settings_for_every_group_hold_for_groups_to_come_and_a_group_can_have_its_own(stage):
    stage.protect(1, None, quantity=3)
    stage.protect(1, "SPX", quantity=5)
    stage.do(commands.ListInstrument(instrument("NDX_CALL_100_20240315")))
    assert [stage.group(name=name).settings.quantity for name in ("SPX", "SPY", "NDX")] == [5, 3, 3]
    stage.protect(1, None, quantity=9)
    assert [stage.group(name=name).settings.quantity for name in ("SPX", "SPY", "NDX")] == [9, 9, 9]


# ---- the freeze --------------------------------------------------------------------------------------------------


def test_quotes_are_frozen_until_the_time_is_over(stage):
    stage.protect(quantity=1, frozen_seconds=30)
    stage.quote(1, 98, 102)
    stage.take(2, "buy", 1)
    assert stage.quote(1, 98, 102) == ["QUOTES_FROZEN", "QUOTES_FROZEN"]
    assert stage.quote(1, None, None) == [None, None]
    assert "QUOTES_FROZEN" not in stage.quote(1, 44_000, 46_000, where=SPY)
    assert "QUOTES_FROZEN" not in stage.quote(1, 80, 85, where=TRACKED)
    assert stage.enter(1, "buy", 1, 97) in stage.open_ids()
    stage.tick(29)
    assert stage.quote(1, 98, None) == ["QUOTES_FROZEN", "QUOTES_FROZEN"]
    assert (stage.group().is_frozen, stage.group().frozen_until) == (True, (OPENS + 30) * SECOND_US)
    stage.tick()
    assert (stage.group().is_frozen, stage.group().frozen_until) == (False, None)
    bid, ask = stage.quote(1, 98, 102)
    assert {bid, ask} <= set(stage.open_ids())
    assert triggered(stage.take(2, "buy", 1))


def test_a_freeze_of_0_seconds_lasts_until_a_reset(stage):
    stage.protect(quantity=1, frozen_seconds=0)
    stage.quote(1, 98, 102)
    stage.take(2, "buy", 1)
    stage.tick(5_000)
    assert stage.quote(1, 98, 102) == ["QUOTES_FROZEN"] * 2
    stage.do(commands.ResetQuoteProtection(1, "SPY"))
    assert stage.group().is_frozen
    stage.do(commands.ResetQuoteProtection(1, "SPX"))
    assert "QUOTES_FROZEN" not in stage.quote(1, 98, 102)


def test_a_reset_sets_the_counters_to_0(stage):
    stage.protect(quantity=6)
    stage.quote(1, 98, 102)
    stage.take(2, "buy", 5)
    stage.do(commands.ResetQuoteProtection(1))
    assert stage.group().quantity == 0
    assert not triggered(stage.take(2, "buy", 5))
    assert stage.venue.changes_nothing(commands.ResetQuoteProtection(1, "SPY"))


def test_a_freeze_outlasts_a_change_of_settings(stage):
    stage.protect(quantity=1)
    stage.quote(1, 98, 102)
    stage.take(2, "buy", 1)
    stage.do(commands.SetQuoteProtection(1, None, ProtectionSettings()))
    assert stage.quote(1, 98, 102) == ["QUOTES_FROZEN"] * 2


def test_a_session_begins_without_counters_and_without_a_freeze(stage):
    stage.protect(quantity=1, frozen_seconds=0)
    stage.quote(1, 98, 102)
    stage.take(2, "buy", 1)
    stage.do(commands.SetPhase("closed"))
    stage.do(commands.SetPhase("continuous"))
    assert not stage.group().is_frozen
    assert stage.group().settings.quantity == 1


def test_before_the_first_session_market_time_is_that_of_the_wall():
    stage = Stage("ann", "bob")
    stage.do(commands.SetQuoteProtection(1, None, ProtectionSettings(quantity=1, interval_seconds=5, frozen_seconds=1)))
    stage.do(commands.ReplaceQuotes(1, (commands.QuoteTerms(CALL, commands.Price(98), 5),)))
    (event,) = [told for told in stage.do(order(2, "sell", 1, 98)) if isinstance(told, ProtectionTriggered)]
    assert (event.frozen_until, event.utc_offset) == (1_000_000 + stage.sequence + SECOND_US, None)
    (view,) = stage.queries.quote_protection(1, event.frozen_until - 1)
    assert view.is_frozen
    (view,) = stage.queries.quote_protection(1, event.frozen_until)
    assert not view.is_frozen


# ---- what is refused ---------------------------------------------------------------------------------------------


def test_settings_are_held_to_the_rules_of_the_scenario():
    rules = ProtectionRules(least_move_ppm=200_000, longest_interval_seconds=60, longest_frozen_seconds=90)
    stage = QuotingStage("ann", game=GameRules(protection=rules))

    def refusal(**settings):
        reject = stage.refuse(commands.SetQuoteProtection(1, None, ProtectionSettings(**settings)))
        return reject.code, reject.details["field"], reject.details["minimum"], reject.details["maximum"]

    assert refusal(quantity=1) == ("MALFORMED_REQUEST", "interval_seconds", 1, None)
    assert refusal(vega=1, interval_seconds=61) == ("MALFORMED_REQUEST", "interval_seconds", 1, 60)
    assert refusal(frozen_seconds=91) == ("MALFORMED_REQUEST", "frozen_seconds", 0, 90)
    assert refusal(move_ppm=199_999) == ("MALFORMED_REQUEST", "move", 0.2, 1)
    assert refusal(move_ppm=1_000_001) == ("MALFORMED_REQUEST", "move", 0.2, 1)
    stage.protect(quantity=1, interval_seconds=60, frozen_seconds=90, move_ppm=200_000)


def test_only_who_may_quote_protects_quotes_and_only_in_groups_that_there_are(stage):
    assert stage.refuse(commands.ResetQuoteProtection(1, "NDX")).code == "INVALID_INSTRUMENT"
    assert stage.refuse(commands.ResetQuoteProtection(1, "NDX")).details == {"group": "NDX", "groups": ["SPX", "SPY"]}
    stage.do(commands.SuspendTeam(1))
    assert stage.refuse(commands.ResetQuoteProtection(1)).code == "TEAM_SUSPENDED"
    fund = QuotingStage("fund", rules=role(may_quote=False))
    assert fund.refuse(commands.SetQuoteProtection(1, None, ProtectionSettings())).code == "ROLE_NOT_PERMITTED"


# ---- auctions ----------------------------------------------------------------------------------------------------


def in_an_auction(*, restarts):
    """Quotes of ann and of cat meet many orders of bob in the auctions of two options: what all were told."""
    stage = QuotingStage("ann", "bob", "cat")
    for team in (1, 3):
        stage.protect(team, quantity=600)
    stage.do(commands.SetPhase("halted"))
    stage.do(commands.SetPhase("reopening_call"))
    for where, quantity in ((CALL, 400), (PUT, 200)):
        for number in range(SLICE):
            stage.do(order(2, "sell", 1, 99 - number % 3, instrument_id=where))
        stage.quote(1, 100, 110, quantity, where=where)
        stage.quote(3, 90, 105, quantity, where=where)
    slices = [stage.do(commands.SetPhase("reopening_auction"))]
    while stage.venue.has_work:
        if restarts:
            stage.restart()
        slices.append(stage.do(commands.ContinueWork(SLICE)))
    return slices


def test_fills_of_an_auction_count_and_are_judged_when_it_is_over_also_after_a_restart():
    slices = in_an_auction(restarts=False)
    assert len(slices) == 3
    assert not any(triggered(events) for events in slices[:-1])
    assert triggered(slices[-1]) == [(1, "SPX", "quantity", 600)]
    assert len(cancelled(slices[-1])) == 2
    assert in_an_auction(restarts=True) == slices


def test_quotes_wait_for_a_batch_and_what_it_fills_is_judged_when_it_is_over():
    game = GameRules(index_ratio={"SPX": 1, "SPY": 10}, batch=BatchRules(interval_seconds=5))
    stage = QuotingStage("ann", "bob", "cat", game=game)
    stage.protect(quantity=4, interval_seconds=6)
    bid, ask = stage.quote(1, 98, 102)
    stage.do(order(2, "buy", 3, 103))
    stage.do(order(3, "sell", 2, 97))
    assert stage.open_ids() == [bid, ask]
    events = stage.tick(5)
    # bob's 3 meet cat's 2 and one of ann's.
    assert triggered(events) == []
    assert stage.group().quantity == 1
    stage.do(order(2, "buy", 3, 103))
    assert triggered(stage.tick(4)) == []
    events = stage.tick()
    assert triggered(events) == [(1, "SPX", "quantity", 4)]
    assert cancelled(events) == [bid, ask]


# ---- the sums ----------------------------------------------------------------------------------------------------

settings = st.builds(
    ProtectionSettings,
    quantity=st.sampled_from([0, 1, 30, 100]),
    delta=st.sampled_from([0, 1, 3_333_333, 20_000_000]),
    vega=st.sampled_from([0, 1, 500_000]),
    interval_seconds=st.integers(1, 4),
    frozen_seconds=st.integers(0, 3),
)
fills = st.lists(
    st.tuples(
        st.integers(0, 2_000_000),
        st.integers(-20, 20).filter(bool),
        st.integers(-1_000_000, 1_000_000),
        st.integers(0, 90_000),
    ),
    max_size=30,
)


@given(settings=settings, per_index=st.sampled_from([1, 3, 10]), fills=fills)
def test_what_is_counted_is_what_a_list_of_all_fills_adds_up_to(settings, per_index, fills):
    group, naive = ProtectedGroup(settings), Group(settings)
    now = 0
    for wait, bought, delta, vega in fills:
        now += wait
        assert group.is_frozen_at(now) == naive.is_frozen(now)
        if group.is_frozen_at(now):
            continue
        group.count(now, bought, delta, vega)
        naive.fills.append(QuoteFill(now, bought, delta, vega))
        met = group.limit_met(per_index)
        assert met == naive.limit_met(now, per_index)
        if met is not None:
            group.freeze(now)
            naive.trigger(now)
