"""A bot stops, or is ended: what waits is cancelled, and so are its orders."""

import asyncio

import pytest
from bot_stage import EXAMPLE, Acting, acknowledged, cancelled, filled
from noting_bots import NEWS, Noting, Waiting, end_with_answers, news
from venues import CALL

from openoutcry.client.bot.line import CancelAll
from openoutcry.client.bot.run import END_SECONDS
from openoutcry.protocol.stream import Trade


def test_a_bot_that_stops_itself_is_told_nothing_more_but_on_stop():
    class Stopping(Waiting):
        def on_trade(self, trade):
            self.noted.append("trade")
            self.stop("it is enough")

    acting = Acting(Stopping)
    asked = []
    acting.run.on_stop_asked = lambda: asked.append(acting.run.stop_reason)
    acting.hear(EXAMPLE[Trade], EXAMPLE[Trade], NEWS, filled("ORD_1", 3))
    assert (acting.bot.noted, asked) == (["trade"], ["it is enough"])
    assert acting.bot.orders.get("ORD_1").filled_quantity == 3
    acting.end()
    assert acting.bot.noted == ["trade", "stop"]


def test_the_end_cancels_a_handler_that_waits_and_all_orders_and_tells_what_came_meanwhile_to_nobody():
    acting = Acting(Waiting)
    acting.do(lambda bot: bot.buy(CALL, 10, 5.0))
    acting.line.accept("ORD_1")
    acting.hear(news("first"), acknowledged("ORD_1"), filled("ORD_1", 3), EXAMPLE[Trade])
    task = end_with_answers(acting)
    assert task.done()
    assert acting.bot.noted == ["first", "stop"]
    assert acting.bot.orders.get("ORD_1").filled_quantity == 3
    acting.hear(filled("ORD_1", 2, so_far=5), cancelled("ORD_1"), EXAMPLE[Trade], NEWS)
    assert list(acting.bot.orders) == []
    assert acting.bot.noted == ["first", "stop"]
    assert (acting.run.counts.failures, acting.run.is_running) == (0, False)
    with pytest.raises(RuntimeError, match="has ended"):
        acting.bot.buy(CALL, 1, 5.0)
    assert end_with_answers(acting).done()


def test_on_stop_can_still_ask_and_sees_what_happens():
    class Leaving(Noting):
        async def on_stop(self):
            order = await self.sell(CALL, 2, 5.0).verdict()
            await asyncio.sleep(1)
            self.noted.append((order.status, self.positions[CALL]))

        def on_execution_report(self, _fill):
            self.noted.append("told")

    acting = Acting(Leaving)
    with acting.line.loop.running():
        task = acting.line.loop.create_task(acting.run.end())
        acting.line.clock.run()
    acting.line.accept("ORD_1")
    acting.hear(filled("ORD_1", 2, of=2, side="sell"))
    acting.line.pass_seconds(1)
    assert acting.bot.noted == [("filled", 0)]
    assert [type(each) for each in acting.line.asked] == [CancelAll]
    acting.line.answer()
    assert task.done()


@pytest.mark.parametrize("where", ["on_news", "on_stop"])
def test_a_handler_that_will_not_end_is_left_behind(where, caplog):
    class Stubborn(Noting):
        async def on_news(self, _news):
            await self.hang("on_news")

        async def on_stop(self):
            await self.hang("on_stop")

        async def hang(self, here):
            while here == where:
                try:
                    await asyncio.sleep(3600)
                except asyncio.CancelledError:
                    self.noted.append("cancelled")

    acting = Acting(Stubborn)
    acting.hear(NEWS)
    with acting.line.loop.running():
        task = acting.line.loop.create_task(acting.run.end())
        acting.line.clock.run()
    acting.line.pass_seconds(END_SECONDS + 0.1)
    assert acting.line.asked == [CancelAll()]
    acting.line.answer()
    assert task.done()
    assert f"{where} has not ended within" in caplog.text
    acting.hear(NEWS)
    acting.line.pass_seconds(10)


def test_an_end_without_an_answer_ends_too(caplog):
    acting = Acting(Noting)
    acting.end()
    assert acting.line.asked == [CancelAll()]
    assert "cancelling all orders has not ended" in caplog.text


def test_a_bot_asks_and_reads_nothing_before_it_runs():
    bot = Noting()
    for act in (lambda: bot.orders, lambda: bot.buy(CALL, 1, 1.0), lambda: bot.every(1.0)):
        with pytest.raises(RuntimeError, match="is not running yet"):
            act()
