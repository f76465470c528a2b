"""An exchange for the bots of one module, and a file to write them to."""

import pytest
from served_exchange import ServedExchange

BOT = """
from openoutcry import Bot

class Mine(Bot):
    role = "hedge_fund"

    def on_start(self):
        self.order = self.buy("SPX_CALL_4500_20240315", 1, 10.0)

    def on_new_order_ack(self, ack):
        self.log.info("resting")
"""


@pytest.fixture(scope="module")
def exchange(tmp_path_factory):
    with ServedExchange(tmp_path_factory.mktemp("bots") / "data") as served:
        yield served


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "my_bot.py"
    path.write_text(BOT)
    return path
