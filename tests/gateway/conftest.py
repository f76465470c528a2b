"""An open exchange, its application, and teams on it, for every test that asks for them."""

import pytest
from gateway_stage import HandClock, start_api, start_exchange


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
async def exchange(open_on):
    return open_on()


@pytest.fixture
def api(exchange, clock):
    return start_api(exchange, clock)


@pytest.fixture
async def alice(api):
    return await api.team("alice")


@pytest.fixture
async def bob(api):
    return await api.team("bob", "hedge_fund")
