"""A played match: the fold agrees with the venue, and goes on from any of its captures as if it had never stopped."""

import pytest
from scoring_stage import Match, match_scenario, scores_of


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return match_scenario(tmp_path_factory.mktemp("match"), minutes=10)


@pytest.fixture(scope="module")
def match(scenario):
    match = Match(scenario)
    match.trade_until()
    yield match
    match.close()


def test_profit_is_what_the_venue_itself_says(scenario, match):
    entries = {entry.team_name: entry for entry in scores_of(scenario, match.tape).entries()}
    assert entries.keys() == match.teams.keys()
    for name, team_id in match.teams.items():
        account, entry = match.queries.account(team_id), entries[name]
        cash = scenario.rulebook.roles[account.role].starting_cash
        assert (entry.pnl, entry.fees, entry.role) == (account.equity - cash, account.fees_paid, account.role)
        assert entry.pnl


def test_one_that_goes_on_from_a_capture_has_never_stopped(scenario, match):
    tape = match.tape
    whole, stopped = scores_of(scenario), scores_of(scenario)
    for number, (sequenced, events) in enumerate(tape):
        whole.apply(sequenced, events)
        stopped.apply(sequenced, events)
        if number % (len(tape) // 40) == 0:
            state = stopped.capture()
            assert state == whole.capture()
            stopped = scores_of(scenario)
            stopped.restore(memoryview(state))
            assert stopped.entries() == whole.entries()
    assert stopped.capture() == whole.capture()
