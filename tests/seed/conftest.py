"""A fresh `openoutcry serve --scenario seed` for every test: ids begin where the document's do."""

import pytest
from seed_stage import open_floor

from proofs.server_process import ServerProcess


@pytest.fixture
def server(tmp_path):
    with ServerProcess("seed", tmp_path / "data") as running:
        yield running


@pytest.fixture
async def floor(server):
    async with open_floor(server.address) as floor:
        yield floor
