"""A bot asks at its own pace under the limits, and waits where another program of its team has used them up."""

from importlib.resources import files

import pytest
from client_stage import CALL, until
from served_exchange import ServedExchange

from openoutcry import Bot, Refusal
from openoutcry.client import Client

FAST = "orders_per_second = 1000000\norders_burst = 1000000"
SLOW = "orders_per_second = 40\norders_burst = 5"


class Many(Bot):
    role = "hedge_fund"

    def __init__(self) -> None:
        self.refusals: list[Refusal] = []

    def on_refused(self, refusal: Refusal) -> None:
        self.refusals.append(refusal)


@pytest.fixture(scope="module")
def exchange(tmp_path_factory):
    folder = tmp_path_factory.mktemp("slow")
    text = (files("openoutcry.scenarios.shipped") / "seed.toml").read_text(encoding="utf-8")
    (folder / "slow.toml").write_text(text.replace(FAST, SLOW), encoding="utf-8")
    with ServedExchange(folder / "data", scenario=str(folder / "slow.toml")) as served:
        yield served


async def test_more_orders_than_the_limit_lets_through_at_once_are_all_accepted(living):
    bot = Many()
    async with living(bot):
        orders = [bot.buy(CALL, 1, 10.0) for _ in range(30)]
        await until(lambda: all(order.status == "open" for order in orders))
        assert bot.refusals == []


async def test_what_the_limit_refuses_all_the_same_is_asked_again(living, exchange):
    bot = Many()
    async with living(bot) as life:
        with Client(exchange.url, life.client.api_key) as other_program:
            codes = {other_program.submit_order(instrument_id="NONE", side="buy", quantity=1, price=1.0).error.code}
            while "RATE_LIMIT_EXCEEDED" not in codes:
                answer = other_program.submit_order(instrument_id="NONE", side="buy", quantity=1, price=1.0)
                codes.add(answer.error.code)
            orders = [bot.buy(CALL, 1, 10.0) for _ in range(5)]
            await until(lambda: all(order.status == "open" for order in orders))
        assert bot.refusals == []
