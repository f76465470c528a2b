"""An open exchange for every test that asks for one."""

import pytest
from stream_stage import Team, exchange_on


@pytest.fixture
async def exchange(tmp_path):
    exchange = exchange_on(tmp_path)
    yield exchange
    exchange.close()


@pytest.fixture
def alice(exchange):
    return Team(exchange, "alice", "market_maker")


@pytest.fixture
def bob(exchange):
    return Team(exchange, "bob", "hedge_fund")
