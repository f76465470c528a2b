"""The organiser sanctions and pardons a team, and the team's account tells how it stands."""

import pytest
from gateway_stage import seed_scenario, start_exchange
from msgspec.structs import replace
from operations_stage import limit_order, register

from openoutcry.access.caller import Caller
from openoutcry.domain.day.game_rules import DeltaRules, GameRules, RoleDuties, SanctionRules
from openoutcry.domain.identifiers import format_team_id
from openoutcry.domain.reasons import ErrorCode
from openoutcry.operations import order_entry
from openoutcry.operations.organiser import teams
from openoutcry.operations.own import account
from openoutcry.protocol.requests import ReasonRequest, SanctionRequest
from openoutcry.protocol.responses import DutyInfo, LimitInfo

NOBODY = Caller()


@pytest.fixture
async def exchange(tmp_path):
    scenario = seed_scenario()
    game = GameRules(roles={"hedge_fund": RoleDuties(delta=DeltaRules(limit=5))}, sanctions=SanctionRules())
    exchange = start_exchange(tmp_path, replace(scenario, rulebook=replace(scenario.rulebook, game=game)))
    yield exchange
    exchange.close()


async def test_a_team_at_the_top_of_the_ladder_is_reduce_only_until_it_is_pardoned(exchange, alice):
    team_id = format_team_id(alice.team_id)
    order_entry.submit_order(exchange, alice, limit_order("buy", 5, 90.0))
    sanctioned = teams.sanction_team(exchange, NOBODY, team_id, SanctionRequest(level=3, reason="Too loud"))
    assert (sanctioned.data.team_id, sanctioned.data.sanctions.level) == (team_id, 3)
    assert sanctioned.data.reduce_only
    shown = account.show_account(exchange, alice).data.account
    assert (shown.reduce_only, shown.sanctions.level, shown.open_orders) == (True, 3, 0)
    refused = order_entry.submit_order(exchange, alice, limit_order("buy", 5, 90.0))
    assert refused.reject.code == ErrorCode.REDUCE_ONLY
    assert not teams.pardon_team(exchange, NOBODY, team_id, ReasonRequest()).data.reduce_only
    assert order_entry.submit_order(exchange, alice, limit_order("buy", 5, 90.0)).reject is None


async def test_what_cannot_be_sanctioned_is_refused(exchange, alice):
    team_id = format_team_id(alice.team_id)
    refused = teams.sanction_team(exchange, NOBODY, team_id, SanctionRequest(level=4))
    assert refused.reject.code == ErrorCode.MALFORMED_REQUEST
    assert teams.pardon_team(exchange, NOBODY, "TEAM_99", ReasonRequest()).reject.code == ErrorCode.TEAM_NOT_FOUND


async def test_the_account_tells_duties_and_limits(exchange):
    bob = register(exchange, "bob", "hedge_fund")
    shown = account.show_account(exchange, bob).data.account
    duty = DutyInfo(duty="portfolio_delta", state="exempt", measured=None, required=5.0, since=None)
    assert (shown.delta, shown.duties) == (0.0, [duty])
    assert shown.limits["portfolio_delta"] == LimitInfo(used=0.0, limit=5.0)
