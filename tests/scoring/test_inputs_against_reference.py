"""Every input of a score, against the same computed once more, slowly, in fractions."""

import random

import pytest
from msgspec import structs
from scoring_stage import Match, match_scenario, scores_of

from openoutcry.domain.commands import (
    BustTrade,
    EndSession,
    HaltInstrument,
    ListInstrument,
    Pardon,
    ResumeInstrument,
    Sanction,
    Why,
)
from openoutcry.domain.events import TradePrinted
from reference.entries import Session

WHY = Why("the organiser", "for this test")


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
    for number in sorted(chance.sample(range(len(calm.tape)), 5)):
        assert_equal(calm.scenario, calm.tape[:number])


def newest_trades(match, number):
    recent = match.tape[-2_000:]
    return [event.trade_id for _, told in recent for event in told if type(event) is TradePrinted][-number:]


def option_like(match, strike):
    """An instrument that is not listed yet, like one that is."""
    listed = next(each for each in match.queries.tradable() if each.option is not None and each.underlying == "SPX")
    terms = structs.replace(listed.option, strike=strike * 10_000)
    kind = terms.option_type.upper()
    return structs.replace(listed, instrument_id=f"SPX_{kind}_{strike}_{terms.expiry}", option=terms)


def play_eventful(scenario, seed):
    """A session that is ended early, and one after it with everything that an organiser can do."""
    match = Match(scenario, seed=seed)
    match.trade_until(200)
    match.perform(EndSession(WHY))
    match.trade_until()
    match.start()
    day = 86_400
    assert match.queries.day().is_running
    match.trade_until(day + 70)
    match.register("heron", "arbitrage_desk", "lab")
    match.register("iris", "market_maker")
    match.perform(ListInstrument(option_like(match, 4_530)))
    match.trade_until(day + 130)
    for trade_id in newest_trades(match, 30):
        match.perform(BustTrade(trade_id, WHY))
    match.perform(Sanction(match.teams["coral"], 2, WHY))
    match.perform(Sanction(match.teams["delta"], 3, WHY))
    match.trade_until(day + 200)
    match.perform(HaltInstrument(None, WHY))
    match.perform(Pardon(match.teams["coral"], WHY))
    match.trade_until(day + 215)
    match.perform(ResumeInstrument(None, WHY))
    match.trade_until(day + 390)
    match.perform(Sanction(match.teams["coral"], 1, WHY))
    match.register("jade", "retail")
    match.trade_until()
    for trade_id in newest_trades(match, 3):
        match.perform(BustTrade(trade_id, WHY))
    return match


@pytest.fixture(scope="module", params=[1, 2])
def eventful(request, tmp_path_factory):
    scenario = match_scenario(tmp_path_factory.mktemp("eventful"), minutes=8, shift_seconds=90, response_lots=80)
    match = play_eventful(scenario, request.param)
    yield match
    match.close()


def test_sessions_with_everything_that_an_organiser_can_do(eventful):
    assert_equal(eventful.scenario, eventful.tape)
    chance = random.Random(4)
    for number in sorted(chance.sample(range(len(eventful.tape)), 5)):
        assert_equal(eventful.scenario, eventful.tape[:number])
