"""An exchange with durability "disk" on a disk that can be held back, and two teams on it."""

import pytest
from durability_stage import HeldDisk

from gateway.gateway_stage import start_api, start_exchange


@pytest.fixture
def disk():
    disk = HeldDisk()
    yield disk
    disk.let_go()


@pytest.fixture
async def exchange(tmp_path, disk):
    exchange = start_exchange(tmp_path / "data", durability="disk", files=disk)
    yield exchange
    disk.let_go()
    exchange.close()


@pytest.fixture
def api(exchange):
    return start_api(exchange)


@pytest.fixture
async def alice(api):
    return await api.team("alice")


@pytest.fixture
async def bob(api):
    return await api.team("bob", "hedge_fund")
