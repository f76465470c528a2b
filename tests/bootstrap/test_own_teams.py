"""The exchange's own teams are there from the first start on, where the scenario has something for them to do."""

import asyncio

import pytest
from gateway_stage import start_exchange
from msgspec import structs

from openoutcry.bootstrap.in_memory import open_in_memory
from openoutcry.bootstrap.market import own_team
from openoutcry.domain.commands import RegisterTeam
from openoutcry.domain.rulebook import FLOW_ROLE, HOUSE_ROLE
from openoutcry.runtime.clock import SystemClock
from openoutcry.scenarios.loader import load_scenario


def own_teams(exchange):
    return [own_team(exchange.sequencer.queries, role) for role in (HOUSE_ROLE, FLOW_ROLE)]


async def test_they_are_registered_once_at_the_first_start(tmp_path):
    scenario = load_scenario("intern")
    hashes = []
    for _ in range(2):
        exchange = start_exchange(tmp_path, scenario)
        assert own_teams(exchange) == [1, 2]
        assert [team.team_name for team in exchange.sequencer.queries.teams()] == ["House", "Retail flow"]
        hashes.append(exchange.sequencer.state_hash())
        exchange.close()
    assert hashes[0] == hashes[1]


async def test_an_exchange_in_memory_has_them_too():
    exchange = open_in_memory(load_scenario("intern"), loop=asyncio.get_running_loop(), clock=SystemClock())
    assert own_teams(exchange) == [1, 2]
    exchange.close()


async def test_quotes_of_the_house_are_pulled_when_their_values_move(tmp_path):
    scenario = load_scenario("intern")
    exchange = start_exchange(tmp_path, scenario)
    groups = exchange.sequencer.queries.quote_protection(1, 0)
    assert {group.group: group.settings.move_ppm for group in groups} == {"SPX": 250_000, "SPY": 250_000}
    assert all(not group.settings.has_limit for group in groups)
    exchange.close()


async def test_without_anything_to_do_there_are_none(tmp_path):
    exchange = start_exchange(tmp_path)
    assert own_teams(exchange) == [None, None]
    exchange.close()


@pytest.mark.parametrize("role", [HOUSE_ROLE, FLOW_ROLE])
async def test_a_team_with_a_key_is_never_taken_for_the_exchange_s_own(tmp_path, role):
    scenario = load_scenario("seed")
    rules = scenario.rulebook.roles["market_maker"]
    rulebook = structs.replace(scenario.rulebook, roles={**scenario.rulebook.roles, role: rules})
    exchange = start_exchange(tmp_path, structs.replace(scenario, rulebook=rulebook))
    exchange.sequencer.perform(RegisterTeam("alpha", role, b"k" * 32))
    assert own_team(exchange.sequencer.queries, role) == 1
    assert [team.team_name for team in exchange.sequencer.queries.teams()] == [
        {HOUSE_ROLE: "House", FLOW_ROLE: "Retail flow"}[role],
        "alpha",
    ]
    exchange.close()


def test_nobody_registers_as_one():
    scenario = load_scenario("intern")
    for role in (HOUSE_ROLE, FLOW_ROLE):
        assert role in scenario.rulebook.roles
        assert role not in scenario.registration.roles


def test_they_pay_the_fees_of_the_roles_that_they_play():
    roles = load_scenario("intern").rulebook.roles
    for own, role in ((HOUSE_ROLE, "market_maker"), (FLOW_ROLE, "retail")):
        assert (roles[own].maker_fee, roles[own].taker_fee) == (roles[role].maker_fee, roles[role].taker_fee)
