"""All parts together."""

from collections import Counter

from msgspec import structs
from scoring_stage import TEAMS, Match, match_scenario, scores_of

from openoutcry.domain.commands import RegisterTeam
from openoutcry.domain.events import TeamRegistered
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.sequenced import Sequenced
from openoutcry.scoring.entry import Entry
from openoutcry.scoring.match.match import Match as Fold

OF_PARTICIPANT = {"team_id", "team_name", "role", "owner"}


def test_each_field_of_an_entry_is_given_by_exactly_one_part(tmp_path):
    scenario = match_scenario(tmp_path)
    name, role, owner = TEAMS[0]
    register = Sequenced(1, 0, RegisterTeam(name, role, b"key", owner), Accepted(1))
    scores = scores_of(scenario, [(register, [TeamRegistered(1, name, role)])])
    given = Counter(field for part in scores.match.parts for field in part.inputs(0, ()))
    assert given == Counter({field.name for field in structs.fields(Entry)} - OF_PARTICIPANT)


def test_no_two_parts_have_one_name(tmp_path):
    names = [part.name for part in scores_of(match_scenario(tmp_path)).match.parts]
    assert len(set(names)) == len(names)


def test_every_part_says_how_its_state_is_kept(tmp_path):
    for part in scores_of(match_scenario(tmp_path)).match.parts:
        kind = type(part)
        assert {"state_type", "state", "restore"} <= vars(kind).keys(), part.name
        assert type(part.state()) is kind.state_type


def test_who_comes_late_is_scored_as_if_parts_had_been_told_what_nobody_took_part_in(tmp_path, monkeypatch):
    scenario = match_scenario(tmp_path, minutes=4)
    match = Match(scenario, teams=())
    match.trade_until(100)
    for name, role, owner in TEAMS:
        match.register(name, role, owner)
    match.trade_until()
    match.close()
    spared = scores_of(scenario, match.tape)
    monkeypatch.setattr(Fold, "_is_nothing_to_participants", lambda *_command: False)
    for part in spared.match.parts:
        monkeypatch.setattr(type(part), "is_by_row", False)
    told_all = scores_of(scenario, match.tape)
    assert sum(entry.contracts for entry in spared.entries()) > 0
    assert spared.capture() == told_all.capture()
