"""Every input of a score, against the same computed once more, slowly, in fractions."""

import random

import pytest
from msgspec import structs
from scoring_stage import Match, match_scenario, play_eventful, scores_of

from reference.entries import Session


def assert_equal(scenario, tape):
    """All fields of all entries. Which trades are excluded is taken as it is found."""
    scores, session = scores_of(scenario, tape), Session(scenario, tape)
    entries = scores.entries()
    excluded = [trade.trade.trade_id for trade in scores.watch.excluded()]
    assert [entry.team_id for entry in entries] == list(session.teams)
    for entry in entries:
        found, expected = structs.asdict(entry), session.entry(entry.team_id, excluded)
        exact = expected.pop("convergence")
        # Half of 1e-3 money units for each unit of the tracker, and what each second's is rounded down by.
        bound = session.lots_held(entry.team_id) * 100 / 2_000 + len(session.ticks) + 1
        assert abs(found.pop("convergence") - exact) <= bound
        assert found == expected
    return entries


@pytest.fixture(scope="module")
def calm(tmp_path_factory):
    scenario = match_scenario(tmp_path_factory.mktemp("calm"))
    match = Match(scenario)
    match.trade_until()
    yield match
    match.close()


def test_whole_match(calm):
    entries = assert_equal(calm.scenario, calm.tape)
    for name in structs.asdict(entries[0]):
        assert any(getattr(entry, name) for entry in entries), name


def test_match_under_way(calm):
    chance = random.Random(3)
    for number in sorted(chance.sample(range(len(calm.tape)), 2)):
        assert_equal(calm.scenario, calm.tape[:number])


@pytest.fixture(scope="module", params=[1, 2])
def eventful(request, tmp_path_factory):
    scenario = match_scenario(tmp_path_factory.mktemp("eventful"), minutes=8, shift_seconds=90, response_lots=80)
    match = play_eventful(scenario, request.param)
    yield match
    match.close()


def test_sessions_with_everything_that_an_organiser_can_do(eventful):
    assert_equal(eventful.scenario, eventful.tape)
    chance = random.Random(4)
    for number in sorted(chance.sample(range(len(eventful.tape)), 2)):
        assert_equal(eventful.scenario, eventful.tape[:number])
