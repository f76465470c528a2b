"""What is measured in money and contracts: edges, equity, shifts, activity. Each number can be done by hand."""

from fractions import Fraction
from itertools import accumulate, pairwise
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from told_match import CALL, OPENING, SPY, TODAY, TRACKED, ToldMatch, money

from openoutcry.scoring.match.measures.equity import Path
from openoutcry.scoring.match.trade import ValuedTrade

CALLS = {"call": (20, 0.5, 0.8), "today": (10, 0.4, 0.1), "tracked": (2, 0.4, 0.08)}


def match_of(*teams, **terms):
    match = ToldMatch(**terms)
    for name, role in teams or (("ann", "market_maker"), ("bob", "hedge_fund")):
        match.register(name, role)
    match.start()
    match.tick(59, **CALLS)
    return match


def edges(match, name):
    entry = match.entry(name)
    return entry.maker_edge, entry.edge


def excluded(match, trade_id, name="ann"):
    """The inputs of the team without this trade, which is valued."""
    trades = match.scores.match.trades
    parts = {part.name: part for part in match.scores.match.parts}
    value = parts["edges"].state().values[trade_id]
    row = match.scores.match.ledger.row_of[match.ids[name]]
    trade = ValuedTrade(trades.get(trade_id), value)
    return {key: given for part in parts.values() for key, given in part.inputs(row, (trade,)).items()}


# ---- edges ---------------------------------------------------------------------------------------------------------


def test_edge_of_an_option_is_its_value_a_minute_later_hedged_less_the_price():
    match = match_of()
    match.trade("ann", "bob", 3, 20.2, maker="buyer")
    match.tick(59, call=(30, 0.5, 0.8))
    assert edges(match, "ann") == (0, 0)
    match.tick(index=4_502, call=(22, 0.6, 0.8))  # 22 - 0.5 x 2 - 20.2 = 0.8
    assert edges(match, "ann") == (3 * 100 * money(0.8), 3 * 100 * money(0.8))
    assert edges(match, "bob") == (0, -3 * 100 * money(0.8))


def test_edge_of_an_option_on_the_tracker_is_hedged_with_a_tenth_of_the_index():
    match = match_of()
    match.trade("ann", None, 1, 2, TRACKED)
    match.tick(60, index=4_502, tracked=(2.3, 0.4, 0.08))  # 2.3 - 0.4 x 0.2 - 2 = 0.22
    assert edges(match, "ann") == (0, 100 * money(0.22))


def test_edge_of_the_tracker_is_against_its_fair_value_at_once():
    match = match_of()
    match.trade(None, "ann", 7, 450.1, SPY)
    assert edges(match, "ann") == (7 * 100 * money(0.1), 7 * 100 * money(0.1))


def test_fills_of_auctions_have_edge_but_none_as_maker():
    match = match_of()
    match.trade("ann", None, 2, 449, SPY, maker=None)
    assert edges(match, "ann") == (0, 2 * 100 * money(1))


def test_a_trade_of_the_last_minute_has_the_closing_mark_and_what_expires_its_settlement():
    match = match_of()
    match.trade("ann", None, 1, 20)
    match.trade("ann", None, 1, 10, TODAY)
    match.close_at(30, call=(21, 0.5, 0.8), today=(50, 0.4, 0.1))
    assert match.entry("ann").edge == 100 * money(1)
    match.settle(TODAY, 13)
    assert match.entry("ann").edge == 100 * money(1 + 3)


def test_a_busted_trade_has_no_edge():
    match = match_of()
    valued = match.trade("ann", None, 2, 449, SPY, maker="buyer")
    waiting = match.trade("ann", "bob", 1, 19)
    match.bust(valued, "ann", None, 2, 449, SPY)
    match.bust(waiting, "ann", "bob", 1, 19)
    match.tick(60)
    assert edges(match, "ann") == edges(match, "bob") == (0, 0)
    assert match.entry("ann").contracts == 0


def test_an_excluded_trade_has_no_edge():
    match = match_of()
    trade_id = match.trade("ann", "bob", 3, 20.2, maker="buyer")
    match.trade("ann", None, 2, 449, SPY)
    match.tick(60, call=(22, 0.5, 0.8))
    assert edges(match, "ann") == (3 * 100 * money(1.8), 3 * 100 * money(1.8) + 200 * money(1))
    left = excluded(match, trade_id)
    assert (left["maker_edge"], left["edge"]) == (0, 200 * money(1))
    assert excluded(match, trade_id, "bob")["edge"] == 0


# ---- equity --------------------------------------------------------------------------------------------------------


def test_profit_is_equity_at_marks_with_fees_paid():
    match = match_of()
    match.trade("ann", "bob", 10, 20.1, fees=3)
    match.tick(call=(20.5, 0.5, 0.8))
    ann, bob = match.entry("ann"), match.entry("bob")
    assert (ann.pnl, ann.fees) == (10 * 100 * money(0.4) - money(3), money(3))
    assert (bob.pnl, bob.fees) == (-10 * 100 * money(0.4) - money(3), money(3))


def test_drawdown_and_worst_minutes_are_of_equity_at_full_minutes():
    match = match_of(tail_ppm=400_000)
    match.trade("ann", None, 1, 20)
    for value in (25, 23, 24, 18, 30):
        match.tick(1 if value == 25 else 60, call=(value, 0.5, 0.8))
    entry = match.entry("ann")
    # Minutes: 0 (the opening, before it traded), +5, +3, +4, -2, +10; changes +5, -2, +1, -6, +12: the worst two.
    assert entry.drawdown == 100 * money(7)
    assert entry.tail == 100 * money(-4)


def test_the_first_minute_after_the_opening_is_one_of_them():
    match = match_of()
    match.trade("ann", None, 1, 20)
    match.tick(1, call=(15, 0.5, 0.8))
    entry = match.entry("ann")
    assert (entry.drawdown, entry.tail) == (100 * money(5), 100 * money(-5))


def test_minutes_of_the_call_are_none_of_them():
    match = ToldMatch(call_seconds=300, tail_ppm=500_000)
    match.register("ann")
    match.start("pre_open")
    for _ in range(5):
        match.tick(60, **CALLS)
    match.trade("ann", None, 1, 20, maker=None)
    match.tick(60, call=(16, 0.5, 0.8))
    match.tick(60, call=(14, 0.5, 0.8))
    match.tick(60, call=(17, 0.5, 0.8))
    assert match.entry("ann").tail == 100 * money(-3)  # two of three changes


def test_the_minutes_of_a_team_that_comes_late_begin_with_what_it_starts_with():
    match = match_of(tail_ppm=500_000)
    match.tick(181)
    match.register("late", "hedge_fund")
    match.trade("late", None, 1, 20)
    match.tick(60, call=(17, 0.5, 0.8))
    match.tick(60, call=(19, 0.5, 0.8))
    entry = match.entry("late")
    assert (entry.drawdown, entry.tail) == (100 * money(3), 100 * money(-3))


def test_an_excluded_trade_takes_its_value_out_of_profit_and_of_all_minutes_after_it():
    match = match_of()
    match.tick()  # the first full minute after the opening
    trade_id = match.trade("ann", "bob", 1, 26)
    match.tick(60)
    match.tick(60, call=(19, 0.5, 0.8))
    entry, left = match.entry("ann"), excluded(match, trade_id)
    assert (entry.pnl, entry.drawdown, entry.tail) == (100 * money(-7), 100 * money(7), 100 * money(-6))
    assert (left["pnl"], left["drawdown"], left["tail"]) == (100 * money(-1), 100 * money(1), 100 * money(-1))
    assert (left["excluded_value"], left["excluded_trades"]) == (100 * money(-6), 1)


def test_what_is_paid_out_or_taken_over_is_no_change_but_for_its_price():
    match = match_of()
    match.trade("ann", None, 1, 10, TODAY)
    match.trade("bob", None, 1, 20)
    match.hand_over("bob", CALL, 20)
    match.close_at(today=(12, 1, 0))
    match.settle(TODAY, 12.01)
    assert (match.entry("ann").pnl, match.entry("bob").pnl) == (100 * money(2.01), 0)


@pytest.mark.parametrize(
    ("path", "fall"),
    [([], 0), ([5], 0), ([1, 2, 3], 0), ([3, 1, 2, 0, 9], 3), ([0, -5, 4, 1], 5), ([-9, -1, -3], 2)],
)
def test_drawdown(path, fall):
    assert Path(path).drawdown == fall


@pytest.mark.parametrize(
    ("changes", "mean"),
    [([], 0), ([7], 7), (list(range(20)), 0), ([*range(1, 21), -8], -4), ([-1, -2], -2)],
)
def test_tail_takes_a_share_of_the_minutes_rounded_up_and_their_mean_rounded_down(changes, mean):
    assert Path(accumulate(changes, initial=3)).tail(50_000) == mean


@given(st.lists(st.integers(-50, 50), max_size=40), st.integers(1, 1_000_000))
def test_paths_against_the_words_of_the_rules(path, tail_ppm):
    found, changes = Path(path), [later - sooner for sooner, later in pairwise(path)]
    assert found.drawdown == max((high - low for n, high in enumerate(path) for low in path[n:]), default=0)
    number = ceil(Fraction(len(changes) * tail_ppm, 1_000_000))
    assert found.tail(tail_ppm) == (floor(Fraction(sum(sorted(changes)[:number]), number)) if number else 0)


# ---- shifts --------------------------------------------------------------------------------------------------------


def shift_of(match, name="ann"):
    return match.entry(name).shift


def test_a_window_has_what_equity_gained_from_the_change_of_regime_to_its_end():
    match = match_of(shift_seconds=100)
    match.trade("ann", None, 1, 20, fees=2)
    match.tick(10, call=(21, 0.5, 0.8))
    assert shift_of(match) == 0
    match.tick(regime="high", call=(22, 0.5, 0.8))
    match.trade("ann", None, 1, 22.5, fees=3)
    match.tick(99, call=(24, 0.5, 0.8))
    assert shift_of(match) == 100 * money(2 + 1.5) - money(3)
    match.tick(call=(25, 0.5, 0.8))
    match.trade("ann", None, 1, 1)
    match.tick(call=(90, 0.5, 0.8))
    assert shift_of(match) == 100 * money(3 + 2.5) - money(3)


def test_windows_that_overlap_are_one_and_windows_that_touch_are_not_counted_twice():
    match = match_of(shift_seconds=100)
    match.trade("ann", None, 1, 20)
    match.tick(regime="high")
    match.tick(60, regime="low", call=(21, 0.5, 0.8))
    match.tick(50, call=(25, 0.5, 0.8))
    match.tick(50, regime="high", call=(23, 0.5, 0.8))
    match.tick(100, call=(26, 0.5, 0.8))
    match.tick(1, call=(50, 0.5, 0.8))
    assert shift_of(match) == 100 * money(6)


def test_between_two_windows_nothing_counts():
    match = match_of(shift_seconds=100)
    match.trade("ann", None, 1, 20)
    match.tick(regime="high")
    match.tick(100, call=(21, 0.5, 0.8))
    match.tick(50, regime="low", call=(40, 0.5, 0.8))
    match.tick(100, call=(42, 0.5, 0.8))
    assert shift_of(match) == 100 * money(1 + 2)


def test_the_close_ends_a_window_and_settlement_is_in_none():
    match = match_of()
    match.trade("ann", None, 1, 10, TODAY)
    match.tick(regime="high")
    match.close_at(today=(12, 1, 0))
    match.settle(TODAY, 15)
    assert shift_of(match) == 100 * money(2)
    assert match.entry("ann").pnl == 100 * money(5)


def test_a_team_that_comes_within_a_window_has_what_it_gains_from_then_on():
    match = match_of()
    match.tick(regime="high")
    match.register("late")
    match.trade("late", None, 1, 20)
    match.tick(call=(21, 0.5, 0.8))
    assert shift_of(match, "late") == 100 * money(1)


def test_an_excluded_trade_is_out_of_the_window_in_which_it_was():
    match = match_of(shift_seconds=100)
    before = match.trade("ann", "bob", 1, 20)
    match.tick(regime="high")
    within = match.trade("ann", "bob", 1, 26)
    match.tick(100)
    after = match.trade("ann", "bob", 1, 26)
    match.tick(60)
    assert shift_of(match) == 100 * money(-6)
    assert [excluded(match, trade_id)["shift"] for trade_id in (before, within, after)] == [
        100 * money(-6),
        0,
        100 * money(-6),
    ]


def test_a_later_session_has_windows_of_its_own():
    match = match_of()
    match.trade("ann", None, 1, 20)
    match.tick(regime="high")
    match.close_at(call=(25, 0.5, 0.8))
    match.start_next()
    assert (shift_of(match), match.entry("ann").pnl) == (0, 0)
    match.tick(call=(27, 0.5, 0.8), regime="high")
    match.tick(call=(28, 0.5, 0.8))
    assert (shift_of(match), match.entry("ann").pnl) == (100 * money(1), 100 * money(3))


# ---- activity ------------------------------------------------------------------------------------------------------


def activity(match, name="ann"):
    entry = match.entry(name)
    return entry.contracts, entry.active_seconds, entry.session_seconds, entry.is_active


def fund(hours=1.5):
    """25 contracts an hour make it active."""
    match = ToldMatch(hours)
    match.register("ann", "hedge_fund", "lab")
    match.register("bob", "market_maker", "lab")
    match.start()
    match.tick(1, **CALLS)
    return match


@pytest.mark.parametrize(
    ("first", "second", "active_seconds", "is_active"),
    [(25, 13, 5_400, True), (25, 12, 3_600, False), (24, 13, 1_800, False), (0, 0, 0, False)],
)
def test_hours_in_which_the_floor_is_reached_are_weighted_by_their_length(first, second, active_seconds, is_active):
    match = fund()
    if first:
        match.trade("ann", None, first, 20)
    match.tick(3_599)
    if second:
        match.trade(None, "ann", second, 450, SPY)
    match.close_at(1_800)
    assert activity(match) == (first + second, active_seconds, 5_400, is_active)


def test_an_hour_under_way_needs_as_much_of_the_floor_as_has_passed_of_it():
    match = fund()
    match.trade("ann", None, 5, 20)
    match.tick(719)  # a fifth of an hour
    assert activity(match) == (5, 720, 720, True)
    match.tick()
    assert activity(match) == (5, 0, 721, False)


def test_no_second_after_the_close_is_one_of_the_session():
    match = fund()
    match.trade("ann", None, 25, 20)
    match.close_at(6_000)
    assert activity(match) == (25, 3_600, 5_400, False)


def test_an_early_end_is_the_end_of_the_last_hour():
    match = fund()
    match.trade("ann", None, 5, 20)
    match.tick(719)
    match.enter("closed")
    assert activity(match) == (5, 720, 720, True)


def test_four_fifths_of_the_session_are_enough():
    match = fund(hours=5)
    for hour in range(5):
        if hour != 2:
            match.trade("ann", None, 25, 20)
        match.tick(3_600 - (hour == 0))
    assert activity(match) == (100, 4 * 3_600, 5 * 3_600, True)


def test_trades_within_an_owner_do_not_count_and_neither_do_excluded_ones():
    match = fund()
    match.register("cat", "retail")
    match.trade("ann", "bob", 30, 20)
    trade_id = match.trade("ann", "cat", 7, 20)
    match.trade("ann", None, 5, 450, SPY)
    match.tick(60)
    assert match.entry("ann").contracts == 12
    assert excluded(match, trade_id)["contracts"] == 5


def test_a_role_without_a_floor_is_always_active():
    match = ToldMatch(roles={})
    match.register("ann")
    match.start()
    match.tick(60)
    assert activity(match) == (0, 60, 60, True)


def test_a_session_begins_at_the_end_of_its_call():
    match = ToldMatch(call_seconds=300)
    match.register("ann")
    match.start("pre_open")
    match.tick(200)
    assert activity(match) == (0, 0, 0, True)
    match.tick(160)
    assert activity(match)[2] == 60
    assert match.market_time == OPENING + 60
