"""In a scenario that checks cash there is a house, from the first start on; in any other there is none."""

import asyncio

from gateway_stage import start_exchange

from openoutcry.bootstrap.in_memory import open_in_memory
from openoutcry.domain.rulebook import HOUSE_ROLE
from openoutcry.runtime.clock import SystemClock
from openoutcry.scenarios.loader import load_scenario


def houses(exchange):
    queries = exchange.sequencer.queries
    return [team.team_id for team in queries.teams() if team.role == HOUSE_ROLE and not queries.has_key(team.team_id)]


async def test_the_house_is_registered_once_at_the_first_start(tmp_path):
    scenario = load_scenario("intern")
    for _ in range(2):
        exchange = start_exchange(tmp_path, scenario)
        assert houses(exchange) == [1]
        exchange.close()


async def test_an_exchange_in_memory_has_one_too():
    exchange = open_in_memory(load_scenario("intern"), loop=asyncio.get_running_loop(), clock=SystemClock())
    assert houses(exchange) == [1]
    exchange.close()


async def test_without_the_cash_check_there_is_none(tmp_path):
    exchange = start_exchange(tmp_path)
    assert houses(exchange) == []
    exchange.close()


def test_nobody_registers_as_the_house():
    scenario = load_scenario("intern")
    assert HOUSE_ROLE in scenario.rulebook.roles
    assert HOUSE_ROLE not in scenario.registration.roles
