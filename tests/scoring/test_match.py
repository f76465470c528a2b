"""A played match: the fold agrees with the venue, and goes on from any of its captures as if it had never stopped."""

import random

import pytest
from msgspec.structs import astuple
from scoring_stage import Match, match_scenario, play_eventful, scores_of

from openoutcry.bootstrap.market import own_team
from openoutcry.domain.commands import AdvanceMarket
from openoutcry.domain.rulebook import HOUSE_ROLE


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


@pytest.fixture(scope="module")
def eventful(tmp_path_factory):
    match = play_eventful(match_scenario(tmp_path_factory.mktemp("eventful"), minutes=8), seed=3)
    yield match
    match.close()


def stops_in(tape):
    """Numbers of commands after which to stop: the first of each kind, and many by chance."""
    kinds = {type(sequenced.command): number for number, (sequenced, _) in reversed(list(enumerate(tape)))}
    return {*kinds.values(), *random.Random(5).sample(range(len(tape)), 60)}


def test_one_that_goes_on_from_a_capture_has_never_stopped(eventful):
    scenario, tape = eventful.scenario, eventful.tape
    whole, stopped, stops = scores_of(scenario), scores_of(scenario), stops_in(tape)
    for number, (sequenced, events) in enumerate(tape):
        whole.apply(sequenced, events)
        stopped.apply(sequenced, events)
        if number in stops:
            state = stopped.capture()
            assert state == whole.capture()
            stopped = scores_of(scenario)
            stopped.restore(memoryview(state))
            assert stopped.entries() == whole.entries()
    assert stopped.capture() == whole.capture()


def test_at_every_second_the_parts_of_a_pnl_sum_to_what_the_venue_says(scenario, match):
    scores = scores_of(scenario)
    ledger, counted = scores.match.ledger, 0
    for sequenced, events in match.tape:
        scores.apply(sequenced, events)
        if isinstance(sequenced.command, AdvanceMarket):
            gained = ledger.equity() - ledger.start
            for participant in ledger.participants:
                total = scores.explained(participant.team_id).total
                parts = astuple(total)[1:]
                assert total.pnl == gained[participant.row] == sum(parts)
                counted += all(parts[:6])
    assert counted > 1_000
    for name, team_id in match.teams.items():
        account, explained = match.queries.account(team_id), scores.explained(team_id)
        cash = scenario.rulebook.roles[account.role].starting_cash
        assert (explained.total.pnl, -explained.total.fees) == (account.equity - cash, account.fees_paid), name
        assert explained.total.settlement
        for parts in (explained.instruments, explained.hours):
            sums = map(sum, zip(*map(astuple, parts.values()), strict=True))
            assert tuple(sums) == astuple(explained.total)


def test_only_a_scored_team_and_a_listed_instrument_are_explained(scenario, match):
    scores = scores_of(scenario, match.tape)
    assert scores.explained(own_team(match.queries, HOUSE_ROLE)) is None
    assert scores.explained(match.teams["amber"], "SPX_CALL_1_20240315") is None
    assert list(scores.explained(match.teams["amber"], "SPY").instruments) == ["SPY"]
