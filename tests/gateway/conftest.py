"""An open exchange, its application, and teams on it, for every test that asks for them."""

import asyncio

import pytest
from gateway_stage import HandClock, seed_scenario, start_api, start_exchange
from in_memory_api import InMemoryApi

from openoutcry.bootstrap.in_memory import open_in_memory
from openoutcry.runtime.clock import SystemClock

CONTRACT = {
    "test_cancelling_and_amending",
    "test_dead_man_timer",
    "test_entering_orders",
    "test_names",
    "test_own_queries",
    "test_public_reads",
    "test_quote_protection",
    "test_quoting",
    "test_teams_and_organiser",
}
"""Modules whose tests hold whichever way the exchange is asked, but for those that are marked `http`."""


def pytest_generate_tests(metafunc):
    if metafunc.module.__name__.rpartition(".")[2] in CONTRACT and "api" in metafunc.fixturenames:
        by_http_alone = metafunc.definition.get_closest_marker("http") is not None
        metafunc.parametrize("way", ["http"] if by_http_alone else ["http", "in memory"], indirect=True)


@pytest.fixture
async def open_on(tmp_path):
    """Opens exchanges, each in a folder of its own, and closes them after the test."""
    opened = []

    def start(scenario=None, **options):
        exchange = start_exchange(tmp_path / str(len(opened)), scenario, **options)
        opened.append(exchange)
        return exchange

    yield start
    for exchange in opened:
        exchange.close()


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def way(request):
    """How the exchange is asked."""
    return getattr(request, "param", "http")


@pytest.fixture
async def exchange(open_on, way):
    if way == "http":
        yield open_on()
        return
    exchange = open_in_memory(seed_scenario(), loop=asyncio.get_running_loop(), clock=SystemClock())
    yield exchange
    exchange.close()


@pytest.fixture
def api(exchange, clock, way):
    return start_api(exchange, clock) if way == "http" else InMemoryApi(exchange)


@pytest.fixture
async def alice(api):
    return await api.team("alice")


@pytest.fixture
async def bob(api):
    return await api.team("bob", "hedge_fund")
