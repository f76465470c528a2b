"""An open exchange and callers of two teams, without a gateway."""

import pytest
from gateway_stage import start_exchange
from operations_stage import register


@pytest.fixture
async def exchange(tmp_path):
    exchange = start_exchange(tmp_path)
    yield exchange
    exchange.close()


@pytest.fixture
def alice(exchange):
    return register(exchange, "alice")


@pytest.fixture
def bob(exchange):
    return register(exchange, "bob", "hedge_fund")
