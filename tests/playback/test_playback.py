"""Any moment of a playback shows what the venue was just then, however one comes to it."""

import json
import random

import pytest
from recovery_stage import start, streams, traded_directory
from screen import Screen, shown_by_venue

from openoutcry.domain.identifiers import parse_team_id
from openoutcry.journal.reader import JournalReader
from openoutcry.playback.lines import message_of, sequence_of
from openoutcry.playback.moments import BEGINNING
from openoutcry.playback.playback import Playback
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.replay import replay
from openoutcry.venue.venue import Venue

MOMENTS = 60


def first_with_a_stream(playback):
    return parse_team_id(next(team.team_id for team in playback.teams if team.has_stream))


def played_on(playback, begins, ends, team_id=None, books=None):
    """All slices from one moment to another."""
    lines = []
    while begins.sequence < ends.sequence:
        part = playback.slice(begins, ends, team_id, books)
        assert part.begins == begins
        assert begins.sequence < part.ends.sequence <= ends.sequence
        begins = part.ends
        lines += part.lines
    return lines


def random_moments(playback, seed, count=MOMENTS):
    chance = random.Random(seed)
    last = playback.moments.last.sequence
    return [playback.moments.after(chance.randint(1, last)) for _ in range(count)]


def test_a_frame_shows_the_state_of_a_replay_that_is_stopped_there(eventful, playback):
    data = DataDirectory(eventful)
    scenario, chance = data.kept_scenario(), random.Random(1)
    venue = Venue(scenario.rulebook, scenario.instruments)
    looked_at = {moment.sequence: moment for moment in random_moments(playback, seed=2)}
    compared = 0

    def compare(sequenced, _events):
        nonlocal compared
        moment = looked_at.get(sequenced.sequence)
        if moment is None:
            return
        teams = [team.team_id for team in venue.queries.teams() if venue.queries.has_key(team.team_id)]
        for team_id in chance.sample(teams, min(2, len(teams))):
            frame = playback.frame(moment, team_id)
            assert Screen(frame.lines).shown() == shown_by_venue(venue.queries, team_id), moment
            assert frame.keyframe.sequence <= moment.sequence
            compared += 1

    for _ in replay(JournalReader(data.journal), venue, [compare]):
        pass
    assert compared > MOMENTS


def test_jumps_back_and_forth_show_the_same_as_playing_on(playback):
    for pair in zip(random_moments(playback, 3, 20), random_moments(playback, 4, 20), strict=True):
        begins, ends = sorted(pair, key=lambda moment: moment.sequence)
        team_id = first_with_a_stream(playback)
        played = Screen(playback.frame(begins, team_id).lines)
        played.take(played_on(playback, begins, ends, team_id))
        jumped = Screen(playback.frame(ends, team_id).lines)
        assert played.shown() == jumped.shown(), (begins, ends)


def test_all_slices_together_hold_each_message_once_and_in_order(playback):
    lines = played_on(playback, BEGINNING, playback.moments.last)
    assert list(map(sequence_of, lines)) == sorted(map(sequence_of, lines))
    trades = [json.loads(message_of(line)) for line in lines if b'"type":"trade"' in line]
    ids = [trade["trade_id"] for trade in trades]
    assert len(ids) == len(set(ids)) > 100
    history = playback.history.newest(None, ["trade"], playback.moments.last, None, 100_000)
    assert [json.loads(message_of(line)) for line in history] == trades


async def test_teams_were_told_these_very_bytes(tmp_path):
    await traded_directory(tmp_path / "data", steps=300)
    exchange = start(tmp_path / "data")
    told = streams(exchange)
    exchange.close()
    data = DataDirectory(tmp_path / "data")
    playback = Playback(data.kept_scenario(), commands_a_stretch=50)
    for record in JournalReader(data.journal):
        playback.take(record)
    assert len(told) == 3
    for team_id, messages in told.items():
        lines = played_on(playback, BEGINNING, playback.moments.last, team_id)
        private = [message_of(line) for line in lines if b'"seq":' in line]
        assert private == list(map(bytes, messages))
    playback.close()


def test_what_is_asked_is_answered_as_of_the_keyframe(playback):
    team_id = first_with_a_stream(playback)
    frame = playback.frame(playback.moments.last, team_id)
    answers = {route: json.loads(answer) for route, answer in frame.answers.items()}
    assert set(answers) == {
        "GET /market",
        "GET /instruments",
        "GET /news",
        "GET /leaderboard",
        "GET /admin/surveillance",
        "GET /admin/teams",
        "GET /account",
        "GET /account/pnl",
        "GET /account/score",
        "GET /positions",
    }
    known = [each for each in playback.teams if each.registered.sequence <= frame.keyframe.sequence]
    assert len(answers["GET /admin/teams"]["teams"]) == len(known) > 10
    assert answers["GET /account"]["account"]["cash"]
    assert answers["GET /account/pnl"]["total"]["fees"]


def test_a_team_that_is_not_registered_yet_has_no_answers(playback):
    *_, newest = playback.teams
    team_id = parse_team_id(newest.team_id)
    before = playback.moments.after(newest.registered.sequence - 1)
    frame = playback.frame(before, team_id)
    assert frame.answers["GET /account"] == b"null"
    assert not any(b'"type":"welcome"' in line for line in frame.lines)
    assert any(b'"type":"welcome"' in line for line in playback.frame(newest.registered, team_id).lines)


def test_only_the_wanted_books_are_told(playback):
    moment = playback.moments.at(2, 100_000)
    assert {b'"type":"book_' in line for line in playback.frame(moment, books=[]).lines} == {False}
    spy = Screen(playback.frame(moment, books=["SPY"]).lines)
    assert set(spy.books) == {"SPY"}
    assert spy.books["SPY"] == Screen(playback.frame(moment).lines).books["SPY"]


def test_a_frame_has_one_top_of_each_instrument(playback):
    lines = playback.frame(playback.moments.at(1, 150_000)).lines
    tops = [json.loads(message_of(line))["instrument_id"] for line in lines if b'"type":"top_of_book"' in line]
    assert len(tops) == len(set(tops)) > 1


@pytest.mark.parametrize("kind", ["phase", "halt", "sanction", "bust"])
def test_the_timeline_names_what_happened(playback, kind):
    marks = [mark for mark in playback.timeline.marks if mark.kind == kind]
    assert marks
    assert all(playback.moments.after(mark.moment.sequence) == mark.moment for mark in marks)


def test_the_largest_trades_are_those_of_the_most_value(playback):
    largest = playback.timeline.largest_trades(2)
    values = [
        each.message.price
        * each.message.quantity
        * playback.exchange.sequencer.queries.instrument(each.message.instrument_id).multiplier
        for each in largest
    ]
    assert len(values) == 20
    assert values == sorted(values, reverse=True)


def test_prices_have_a_point_for_each_market_second(playback):
    spx = playback.timeline.prices(1, 0)["SPX"]
    assert len(spx.ms) == len(spx.price) == len(spx.sequence) > 200
    assert all(later - earlier == 1_000 for earlier, later in zip(spx.ms, spx.ms[1:], strict=False))
