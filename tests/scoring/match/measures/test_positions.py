"""What positions are measured by: inventory, hedging, convergence, response. Each number can be done by hand."""

import pytest
from told_match import SPY, TODAY, TRACKED, ToldMatch, money

CALLS = {"call": (20, 0.5, 0.8)}


def match_of(role, **terms):
    match = ToldMatch(**terms)
    match.register("ann", role)
    match.start()
    match.tick(**CALLS)
    return match


# ---- inventory -----------------------------------------------------------------------------------------------------


def test_inventory_is_the_size_of_net_delta_and_vega_in_each_second():
    match = match_of("market_maker")
    match.trade("ann", None, 10, 20)
    match.trade(None, "ann", 30, 450, SPY)
    match.tick()  # 10 x 0.5 - 30 / 10 = 2 contracts, 10 x 0.8 of vega
    match.trade(None, "ann", 20, 450, SPY)
    match.tick(2)  # 5 - 5
    match.trade(None, "ann", 1, 450, SPY)
    match.tick()  # 5 - 5.1
    entry = match.entry("ann")
    assert (entry.delta_sum_milli, entry.inventory_seconds) == (2_000 + 2 * 0 + 100, 5)
    assert entry.vega_sum == 4 * money(8)


def test_options_on_the_tracker_have_a_tenth_of_the_delta_and_their_own_vega():
    match = match_of("market_maker")
    match.tick(tracked=(2, 0.4, 0.08))
    match.trade(None, "ann", 30, 2, TRACKED)
    match.tick()
    entry = match.entry("ann")
    assert (entry.delta_sum_milli, entry.vega_sum) == (1_200, money(2.4))


def test_a_second_has_the_positions_of_its_end_and_the_marks_of_its_beginning():
    match = match_of("market_maker")
    match.trade("ann", None, 10, 20)
    match.tick(call=(25, 0.9, 0.1))
    assert (match.entry("ann").delta_sum_milli, match.entry("ann").vega_sum) == (5_000, money(8))
    match.tick()
    assert (match.entry("ann").delta_sum_milli, match.entry("ann").vega_sum) == (14_000, money(9))


def test_seconds_of_halts_and_those_before_a_team_came_are_not_in_its_inventory():
    match = match_of("market_maker")
    match.trade("ann", None, 10, 20)
    match.enter("halted")
    match.tick(100)
    match.register("bob", "market_maker")
    match.enter("continuous")
    match.tick(3)
    assert (match.entry("ann").inventory_seconds, match.entry("ann").delta_sum_milli) == (4, 15_000)
    assert match.entry("bob").inventory_seconds == 3


# ---- hedging -------------------------------------------------------------------------------------------------------


def test_hedging_compares_squares_of_net_delta_with_those_of_what_options_have_without_signs():
    match = match_of("hedge_fund")
    match.tick(tracked=(2, -0.4, 0.08))
    match.trade("ann", None, 10, 20)
    match.trade("ann", None, 50, 2, TRACKED)
    match.trade(None, "ann", 25, 450, SPY)
    match.tick(2)  # net 5 - 2 - 2.5 = 0.5, gross 5 + 2
    entry = match.entry("ann")
    assert entry.net_delta_squares == 2 * 500**2
    assert entry.gross_delta_squares == 2 * 7_000**2


def test_halts_are_seconds_for_hedging_and_the_call_is_not():
    match = ToldMatch(call_seconds=60)
    match.register("ann")
    match.start("pre_open")
    match.tick(30, **CALLS)
    match.trade("ann", None, 10, 20, maker=None)
    match.tick(30)
    assert match.entry("ann").gross_delta_squares == 0
    match.enter("halted")
    match.tick(10)
    assert match.entry("ann").gross_delta_squares == 10 * 5_000**2


def test_more_delta_than_ten_thousand_contracts_counts_as_so_much():
    match = match_of("hedge_fund")
    match.trade("ann", None, 1_000_000, 20)
    match.tick(80_000)
    assert match.entry("ann").net_delta_squares == 80_000 * 10_000_000**2


# ---- convergence ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("calls", "lots", "balanced"),
    [
        (10, -30, -30),  # 5 contracts of the index are 50 lots
        (4, -30, -20),
        (-4, 30, 20),
        (4, 30, 0),
        (4, 0, 0),
        (0, -30, 0),
    ],
)
def test_convergence_is_what_balanced_lots_earn_from_the_error(calls, lots, balanced):
    match = match_of("arbitrage_desk")
    match.tick(tracker=450.18)  # 0.04 % above
    for quantity, price, where in ((calls, 20, "SPX_CALL_4500_20240322"), (lots, 450.18, SPY)):
        if quantity:
            sides = ("ann", None) if quantity > 0 else (None, "ann")
            match.trade(*sides, abs(quantity), price, where)
    match.tick(tracker=450.09, call=(30, 0.9, 0.8))  # 0.02 %: 0.09 a share of 450
    assert match.entry("ann").convergence == -balanced * 100 * money(0.09)
    match.tick(tracker=450.09)
    assert match.entry("ann").convergence == -balanced * 100 * money(0.09)


def test_a_move_of_the_index_that_the_tracker_follows_earns_nothing():
    match = match_of("arbitrage_desk")
    match.trade("ann", None, 10, 20)
    match.trade(None, "ann", 30, 450, SPY)
    match.tick(index=4_600, tracker=460)
    assert match.entry("ann").convergence == 0
    match.tick(index=4_500, tracker=450.45)  # 0.1 % rich, of an index that was 4600 before
    assert match.entry("ann").convergence == -30 * 100 * money(0.46)


def test_between_two_sessions_no_error_moves():
    match = match_of("arbitrage_desk")
    match.trade("ann", None, 10, 20)
    match.trade(None, "ann", 30, 450, SPY)
    match.close_at()
    match.start_next()
    match.tick(0, tracker=451)
    assert match.entry("ann").convergence == 0
    match.tick(tracker=450)
    assert match.entry("ann").convergence == 30 * 100 * money(1)


# ---- response ------------------------------------------------------------------------------------------------------


def desk_with_calls():
    match = match_of("arbitrage_desk")
    match.register("fay", "hedge_fund")
    match.trade("ann", None, 100, 20)  # 50 contracts of the index are 500 lots
    return match


def answer(match, error_ppb, lots, seconds=60):
    """A signal, then so many lots sold, and time for the answer."""
    match.tick(error_ppb=error_ppb)
    if lots:
        sides = (None, "ann") if lots > 0 else ("ann", None)
        match.trade(*sides, abs(lots), 450, SPY)
    match.tick(seconds)


@pytest.mark.parametrize(
    ("lots", "share_ppm"), [(250, 500_000), (500, 1_000_000), (0, 0), (1, 2_000), (900, 1_000_000)]
)
def test_response_is_how_far_the_balanced_position_moves_against_the_error(lots, share_ppm):
    match = desk_with_calls()
    answer(match, 400_000, lots)
    entry = match.entry("ann")
    assert (entry.response_ppb_ppm, entry.signalled_ppb) == (400_000 * share_ppm, 400_000)


def test_a_cheap_tracker_is_answered_by_buying_and_a_move_the_wrong_way_counts_nothing():
    match = desk_with_calls()
    answer(match, -300_000, 500)
    assert match.entry("ann").response_ppb_ppm == 0
    answer(match, -500_000, -100)
    entry = match.entry("ann")
    assert (entry.response_ppb_ppm, entry.signalled_ppb) == (500_000 * 200_000, 800_000)


def test_an_answer_is_looked_at_after_a_minute_and_not_before():
    match = desk_with_calls()
    answer(match, 400_000, 250, seconds=59)
    assert match.entry("ann").signalled_ppb == 0
    match.tick()
    match.trade(None, "ann", 250, 450, SPY)
    match.tick()
    assert match.entry("ann").response_ppb_ppm == 400_000 * 500_000


def test_the_close_ends_the_time_for_an_answer():
    match = desk_with_calls()
    match.tick(error_ppb=400_000)
    match.trade(None, "ann", 250, 450, SPY)
    match.close_at(10)
    assert match.entry("ann").response_ppb_ppm == 400_000 * 500_000


def test_only_teams_that_were_told_a_signal_answer_it():
    match = desk_with_calls()
    match.tick(error_ppb=400_000)
    match.register("late", "arbitrage_desk")
    match.tick(60)
    assert [match.entry(name).signalled_ppb for name in ("ann", "fay", "late")] == [400_000, 0, 0]


def test_an_answer_survives_a_capture():
    match = desk_with_calls()
    match.tick(error_ppb=400_000)
    match.trade(None, "ann", 250, 450, SPY)
    stopped = ToldMatch()
    stopped.scores.restore(memoryview(match.scores.capture()))
    match.scores = stopped.scores
    match.tick(60)
    assert match.entry("ann").response_ppb_ppm == 400_000 * 500_000


def test_positions_in_what_has_no_mark_have_no_delta():
    match = match_of("market_maker")
    match.trade("ann", None, 10, 5, TODAY)
    match.tick()
    assert match.entry("ann").delta_sum_milli == 0
