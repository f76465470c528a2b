"""A bot is told one thing at a time, in order."""

import asyncio

import pytest
from bot_stage import EXAMPLE, Acting, filled
from noting_bots import NEWS, Noting, Waiting, news
from venues import CALL

from openoutcry.protocol.responses import RateInfo
from openoutcry.protocol.stream import Trade


def test_messages_wait_while_a_handler_waits_and_come_in_order_with_the_state_of_their_time():
    class Reader(Waiting):
        def on_execution_report(self, fill):
            self.noted.append(self.orders.get(fill.order_id).filled_quantity)

    acting = Acting(Reader)
    acting.hear(news("first"), EXAMPLE[Trade], news("second"), filled("ORD_1", 1), filled("ORD_1", 1, so_far=2))
    assert (acting.bot.noted, acting.run.doing) == (["first"], "on_news")
    assert acting.bot.orders.get("ORD_1") is None
    acting.line.pass_seconds(1)
    assert acting.bot.noted == ["first", "after first", "trade", "second"]
    acting.line.pass_seconds(1)
    assert acting.bot.noted[4:] == ["after second", 1, 2]
    assert acting.run.doing is None


def test_verdicts_come_at_once_while_a_handler_waits():
    class Asking(Noting):
        async def on_news(self, _news):
            order = await self.buy(CALL, 1, 5.0).verdict()
            self.noted.append(order.order_id)
            order = await self.buy(CALL, 1, 5.0).verdict()
            self.noted.append(order.error.code)
            await order.verdict()  # which is known
            self.noted.append("done")

        def on_refused(self, refusal):
            self.noted.append(refusal.message)

    acting = Acting(Asking)
    acting.hear(NEWS)
    acting.line.accept("ORD_1")
    assert acting.bot.noted == ["ORD_1"]
    acting.line.refuse("UNKNOWN_INSTRUMENT")
    assert acting.bot.noted == ["ORD_1", "UNKNOWN_INSTRUMENT", "done", "it is UNKNOWN_INSTRUMENT"]


def test_messages_wait_for_on_start():
    class Slow(Noting):
        async def on_start(self):
            self.noted.append("begin")
            await asyncio.sleep(1)
            self.noted.append("begun")

        def on_news(self, _news):
            self.noted.append("news")

    acting = Acting(Slow)
    acting.hear(NEWS)
    acting.line.pass_seconds(1)
    assert acting.bot.noted == ["begin", "begun", "news"]


def test_a_refusal_within_a_handler_is_told_after_it():
    class Cancelling(Noting):
        def on_news(self, _news):
            order = self.buy(CALL, 1, 5.0)
            self.amend(order, price=6.0)
            self.cancel(order)  # it has not left, so that the amendment comes to nothing
            self.noted.append("handled")

        def on_refused(self, refusal):
            self.noted.append(refusal.code)

    acting = Acting(Cancelling, rates={"orders": RateInfo(per_second=1, burst=1)})
    acting.do(lambda bot: bot.buy(CALL, 1, 5.0))
    acting.hear(NEWS)
    assert acting.bot.noted == ["handled", "AMEND_FAILED"]


@pytest.mark.parametrize("is_async", [False, True])
def test_a_handler_may_return_what_is_to_be_awaited(is_async):
    class Returning(Noting):
        def on_news(self, news):
            return self.later(news) if is_async else 5

        async def later(self, news):
            self.noted.append(news.headline)

    acting = Acting(Returning)
    acting.hear(news("first"), news("second"))
    assert acting.bot.noted == (["first", "second"] if is_async else [])
    assert acting.run.counts.failures == 0
