"""What is measured of duties: coverage and compliance. Each number can be done by hand."""

from told_match import ToldMatch


def match_of(role):
    match = ToldMatch()
    match.register("ann", role)
    match.start()
    return match


def test_coverage_is_the_sum_of_what_samples_found():
    match = match_of("market_maker")
    match.tick(5, match.covered("ann", 18, 20))
    match.tick(5, match.covered("ann", 1, 3), match.covered("ann", 7, 7))
    entry = match.entry("ann")
    assert (entry.coverage_sum_ppm, entry.coverage_samples) == (900_000 + 333_333 + 1_000_000, 3)


def compliance(match):
    entry = match.entry("ann")
    return entry.judged_seconds, entry.outside_seconds, entry.levels_reached


def test_what_is_told_with_a_tick_holds_for_the_seconds_that_end_with_it_and_on():
    match = match_of("hedge_fund")
    match.tick(2)
    assert compliance(match) == (0, 0, 0)
    match.tick(3, match.judged("ann", "met"))
    assert compliance(match) == (3, 0, 0)
    match.tick(4)
    match.tick(1, match.judged("ann", "breached"))
    match.tick(10)
    assert compliance(match) == (18, 11, 0)
    match.tick(20, match.judged("ann", "exempt"))
    match.tick(5)
    assert compliance(match) == (18, 11, 0)


def test_seconds_without_continuous_trading_do_not_count():
    match = match_of("hedge_fund")
    match.tick(1, match.judged("ann", "breached"))
    match.enter("halted")
    match.tick(50)
    match.enter("continuous")
    match.tick(2)
    assert compliance(match) == (3, 3, 0)


def test_a_second_counts_once_whatever_the_number_of_duties():
    match = match_of("hedge_fund")
    match.tick(1, match.judged("ann", "exempt"), match.judged("ann", "met", duty="spx_spy_balance"))
    match.tick(1, match.judged("ann", "breached"))
    match.tick(1, match.judged("ann", "met"), match.judged("ann", "breached", duty="spx_spy_balance"))
    match.tick(1, match.judged("ann", "met", duty="spx_spy_balance"))
    assert compliance(match) == (4, 2, 0)


def test_each_rise_to_level_two_or_three_counts_and_no_fall():
    match = match_of("hedge_fund")
    for level, reached in ((1, 0), (2, 1), (3, 2), (2, 2), (1, 2), (2, 3), (0, 3), (3, 4)):
        match.tick(1, *[match.judged("ann", "met", level, duty) for duty in ("portfolio_delta", "spx_spy_balance")])
        assert match.entry("ann").levels_reached == reached


def test_levels_that_the_organiser_gives_count_too():
    match = match_of("hedge_fund")
    match.sanction("ann", 2)
    match.sanction("ann", 2)
    assert compliance(match) == (0, 0, 1)


def test_a_team_without_a_duty_has_levels_and_no_seconds():
    match = match_of("retail")
    match.tick(1, match.judged("ann", "exempt", 3, duty=None))
    match.tick(10)
    assert compliance(match) == (0, 0, 1)


def test_a_later_session_counts_anew_from_the_states_and_levels_that_are():
    match = match_of("hedge_fund")
    match.tick(1, match.judged("ann", "breached", 2))
    match.close_at()
    match.start_next()
    assert compliance(match) == (0, 0, 0)
    match.tick(3)
    match.tick(1, match.judged("ann", "breached", 2))
    assert compliance(match) == (4, 4, 0)
