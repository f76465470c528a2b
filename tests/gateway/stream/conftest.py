"""An open exchange for every test that asks for one."""

import pytest
from stream_stage import Team, exchange_on

from openoutcry.runtime.streams.limits import DEFAULT_LIMITS


@pytest.fixture
def stream_limits():
    """The defaults; a test has others by the mark `with_stream_limits`."""
    return DEFAULT_LIMITS


@pytest.fixture
async def exchange(tmp_path, stream_limits):
    exchange = exchange_on(tmp_path, stream_limits=stream_limits)
    yield exchange
    exchange.close()


@pytest.fixture
def alice(exchange):
    return Team(exchange, "alice", "market_maker")


@pytest.fixture
def bob(exchange):
    return Team(exchange, "bob", "hedge_fund")
