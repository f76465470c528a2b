"""Keys of teams: each opens one team, and a team that has one keeps one."""

import pytest
from core_stage import Stage

from openoutcry.domain.commands import NO_KEY, RegisterTeam, RotateKey

ANNS, BOBS = b"ann", b"bob"


@pytest.mark.parametrize("command", [RegisterTeam("carol", "trader", ANNS), RotateKey(2, ANNS), RotateKey(2, NO_KEY)])
def test_a_key_that_is_another_team_s_or_none_is_refused(command):
    stage = Stage("ann", "bob")
    assert stage.refuse(command).code == "MALFORMED_REQUEST"
    assert (stage.queries.team_of_key(ANNS), stage.queries.team_of_key(BOBS)) == (1, 2)


def test_a_key_that_was_given_up_may_be_anybody_s():
    stage = Stage("ann", "bob")
    stage.do(RotateKey(1, b"new"))
    stage.do(RotateKey(2, ANNS))
    stage.do(RotateKey(2, ANNS))
    assert [stage.queries.team_of_key(key) for key in (b"new", ANNS, BOBS)] == [1, 2, None]


def test_many_teams_have_no_key():
    stage = Stage("ann")
    for name in ("house", "flow"):
        stage.do(RegisterTeam(name, "trader", NO_KEY))
    assert stage.queries.team_of_key(NO_KEY) is None
