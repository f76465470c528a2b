"""Exchanges on a disk that does what a test says; `exchange`, with two teams on it, has durability "disk"."""

import pytest
from durability_stage import Disk
from gateway_stage import start_api, start_exchange


@pytest.fixture
def disk():
    return Disk()


@pytest.fixture
async def open_on(disk):
    """Opens exchanges, and closes them after the test, on a disk that works again."""
    opened = []

    def start(directory, scenario=None, **options):
        exchange = start_exchange(directory, scenario, files=disk, **options)
        opened.append(exchange)
        return exchange

    yield start
    disk.let_go()
    disk.full_folders.clear()
    for exchange in opened:
        exchange.close()


@pytest.fixture
async def exchange(tmp_path, open_on):
    return open_on(tmp_path / "data", durability="disk")


@pytest.fixture
def api(exchange):
    return start_api(exchange)


@pytest.fixture
async def alice(api):
    return await api.team("alice")


@pytest.fixture
async def bob(api):
    return await api.team("bob", "hedge_fund")
