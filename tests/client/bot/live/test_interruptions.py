"""A bot over a network that fails, and on an exchange that is killed: afterwards it knows how its orders stand."""

import asyncio

import pytest
from client_stage import CALL, PUT, until
from flaky_proxy import FlakyProxy, lost_answer
from served_exchange import ServedExchange

from openoutcry import Bot, Refusal
from openoutcry.client import Client, Disconnected, Welcome


class Watching(Bot):
    role = "hedge_fund"

    def __init__(self) -> None:
        self.welcomes = 0
        self.losses = 0
        self.refusals: list[Refusal] = []

    def on_welcome(self, welcome: Welcome) -> None:
        self.welcomes += 1

    def on_disconnected(self, disconnected: Disconnected) -> None:
        self.losses += 1

    def on_refused(self, refusal: Refusal) -> None:
        self.refusals.append(refusal)


async def test_what_happens_while_the_connection_is_lost_is_known_after_it(living, proxy, rival):
    bot = Watching()
    async with living(bot, proxy.url):
        filled, resting = bot.buy(CALL, 1, 40.0), bot.buy(PUT, 2, 11.0)
        await until(lambda: filled.status == resting.status == "open")
        proxy.refuse_connections()
        rival.submit_order(instrument_id=CALL, side="sell", quantity=1, price=40.0)
        await until(lambda: bot.losses == 1)
        assert (filled.status, bot.positions[CALL]) == ("open", 0)
        proxy.listen()
        await until(lambda: bot.welcomes == 2 and bot.positions[CALL] == 1)
        assert (filled.status, resting.status, list(bot.orders)) == ("filled", "open", [resting])


async def test_a_lost_answer_is_one_order(living, proxy):
    bot = Watching()
    async with living(bot, proxy.url):
        proxy.plan("POST /orders ", lost_answer())
        order = bot.buy(PUT, 1, 11.0)
        await order.verdict()
        await until(lambda: order.status == "open")
        assert (order.error, bot.refusals, list(bot.orders)) == (None, [], [order])


def lose_all_answers(proxy: FlakyProxy) -> None:
    proxy.rule = lambda line: lost_answer() if "/orders" in line and not line.startswith("DELETE") else None


async def test_an_order_whose_answers_are_all_lost_is_known_by_its_event(living, proxy):
    bot = Watching()
    async with living(bot, proxy.url):
        lose_all_answers(proxy)
        order = bot.buy(PUT, 1, 11.0)
        await order.verdict()
        assert (order.status, order.error, bot.refusals, list(bot.orders)) == ("open", None, [], [order])


async def test_an_order_of_unknown_outcome_works_again_once_an_event_tells_of_it(living, proxy):
    class Held(Watching):
        may_go: asyncio.Event

        async def on_timer(self) -> None:
            await self.may_go.wait()

    bot = Held()
    bot.may_go = asyncio.Event()
    async with living(bot, proxy.url):
        bot._run.tell("on_timer", bot.on_timer)  # messages wait from now on
        lose_all_answers(proxy)
        order = bot.buy(PUT, 1, 11.0)
        await order.verdict()
        assert (order.status, order.error.code, list(bot.orders)) == ("unknown", "OUTCOME_UNKNOWN", [])
        bot.may_go.set()
        await until(lambda: bot.refusals and order.status == "open")
        assert (bot.refusals[0].order, list(bot.orders)) == (order, [order])


async def test_without_a_connection_a_request_is_refused_and_nothing_is_raised(living, proxy):
    bot = Watching()
    async with living(bot, proxy.url):
        proxy.refuse_connections()
        await bot.buy(PUT, 1, 11.0).verdict()  # may have left on a connection that was about to end
        order, cancelled = bot.buy(PUT, 1, 11.0), bot.cancel_all()
        await order.verdict()
        await cancelled.verdict()
        assert (order.status, order.error.code, cancelled.error.code) == ("refused", "NOT_CONNECTED", "NOT_CONNECTED")
        await until(lambda: len(bot.refusals) == 3)
        proxy.listen()


@pytest.fixture
def killable(tmp_path):
    """An exchange that can be killed and started again in its directory, behind one address."""

    class Killable:
        def __init__(self) -> None:
            self.served = ServedExchange(tmp_path / "data").__enter__()
            self.proxy = FlakyProxy(self.served.url)

        def restart(self, data="data") -> None:
            self.served = ServedExchange(tmp_path / data).__enter__()
            self.proxy.target_url = self.served.url

    killable = Killable()
    with killable.proxy:
        yield killable
    killable.served.__exit__()


async def test_a_killed_exchange_comes_back_and_the_bot_goes_on(living, killable):
    bot = Watching()
    async with living(bot, killable.proxy.url, grace_seconds=60):
        with Client.register(killable.proxy.url, "rival", role="market_maker") as rival:
            filled, resting = bot.buy(CALL, 1, 40.0), bot.buy(PUT, 2, 11.0)
            await until(lambda: filled.status == resting.status == "open")
            rival.submit_order(instrument_id=CALL, side="sell", quantity=1, price=40.0)
            await until(lambda: bot.positions[CALL] == 1)
            killable.served.kill()
            await until(lambda: bot.losses == 1)
            killable.restart()
            await until(lambda: bot.welcomes == 2)
            assert (filled.status, resting.status, list(bot.orders)) == ("filled", "open", [resting])
            assert (dict(bot.positions), bot.refusals) == ({CALL: 1}, [])
            assert set(bot.instruments) == {CALL, PUT}
            rival.submit_order(instrument_id=PUT, side="sell", quantity=1, price=11.0)
            await until(lambda: bot.positions[PUT] == 1)
            assert (resting.status, resting.remaining_quantity) == ("partially_filled", 1)
            more = bot.buy(CALL, 1, 12.0)
            await until(lambda: more.status == "open")
        assert rival.api_key
    assert resting.status == "cancelled"


async def test_an_exchange_that_begins_anew_refuses_the_key_and_ends_the_bot(living, killable):
    bot = Watching()
    async with living(bot, killable.proxy.url) as life:
        killable.served.kill()
        killable.restart("another directory")
        await life.task
    assert "for good" in life.ended
    assert "knows no key of before" in life.ended
