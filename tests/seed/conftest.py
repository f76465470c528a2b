"""A fresh `openoutcry serve --scenario seed` for every test: ids begin where the document's do."""

import pytest
from seed_stage import open_floor
from served_exchange import ServedExchange


@pytest.fixture
def server(tmp_path):
    with ServedExchange(tmp_path / "data") as running:
        yield running


@pytest.fixture
async def floor(server):
    async with open_floor(server.url) as floor:
        yield floor
