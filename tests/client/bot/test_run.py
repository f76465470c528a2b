"""A bot is told one thing at a time, and what it raises ends in order."""

import asyncio
import logging

import pytest
from bot_stage import EXAMPLE, PUT, Acting, acknowledged, cancelled, filled
from msgspec import structs
from venues import CALL

from openoutcry import Bot
from openoutcry.client.bot.line import Cancel, CancelAll, Quote, Submit, Verdict
from openoutcry.client.bot.run import END_SECONDS, FAILURES_TOLD, REFUSALS_TOLD
from openoutcry.client.http.response import ApiError
from openoutcry.protocol.responses import QuoteResult, RateInfo
from openoutcry.protocol.stream import BookSnapshot, News, Trade

NEWS = EXAMPLE[News]


def news(headline):
    return structs.replace(NEWS, headline=headline)


class Noting(Bot):
    """Notes what it is told."""

    def __init__(self):
        self.noted = []


class Waiting(Noting):
    """Its handler of news waits for a second."""

    async def on_news(self, news):
        self.noted.append(news.headline)
        await asyncio.sleep(1)
        self.noted.append(f"after {news.headline}")

    def on_trade(self, trade):
        self.noted.append("trade")

    def on_stop(self):
        self.noted.append("stop")


# ---- one at a time


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


# ---- stopping and ending


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


def end_with_answers(acting):
    """End the bot on a line that answers the cancel of all orders."""
    with acting.line.loop.running():
        task = acting.line.loop.create_task(acting.run.end())
        acting.line.clock.run()
    while CancelAll() in acting.line.asked:
        acting.line.answer(of=acting.line.asked.index(CancelAll()))
    return task


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


# ---- failures


class Raising(Noting):
    def __init__(self, error, *, is_async=False):
        super().__init__()
        self.error, self.is_async = error, is_async

    def on_news(self, news):
        self.quote(CALL, 4.0, 6.0, 1)
        if self.is_async:
            return self.raise_later()
        raise self.error

    async def raise_later(self):
        await asyncio.sleep(0)
        raise self.error

    def on_trade(self, _trade):
        self.noted.append("trade")


class Unusual(BaseException):
    """What hardly anybody catches."""


class GoingOn(Raising):
    after_error = "go_on"


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize(
    "error",
    [ZeroDivisionError("no"), asyncio.CancelledError("no"), SystemExit("no"), Unusual("no")],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("kind", [Raising, GoingOn])
def test_a_handler_that_raises_is_reported_and_all_orders_are_cancelled(kind, error, is_async, caplog):
    acting = Acting(lambda: kind(error, is_async=is_async))
    order = acting.do(lambda bot: bot.buy(CALL, 1, 5.0))
    acting.hear(NEWS, EXAMPLE[Trade])
    counts = acting.run.counts
    assert (counts.failures, len(counts.tracebacks)) == (1, 1)
    assert type(error).__name__ in counts.tracebacks[0]
    assert "test_run.py" in counts.tracebacks[0]
    assert counts.tracebacks[0] in caplog.text
    assert "on_news failed, and all orders are cancelled" in caplog.text
    assert [type(each) for each in acting.line.asked] == [Submit, CancelAll]  # the quote is never sent
    goes_on = kind is GoingOn and not isinstance(error, SystemExit | Unusual)
    assert acting.run.stop_reason == (None if goes_on else f"on_news raised {type(error).__name__}: no")
    assert acting.bot.noted == (["trade"] if goes_on else [])
    acting.line.accept("ORD_1")
    assert acting.line.asked[1:] == []
    acting.line.answer()
    assert acting.line.asked == [Cancel("ORD_1")]
    assert order.is_working


def test_an_interrupt_of_the_process_is_no_failure_of_the_bot():
    acting = Acting(lambda: Raising(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        acting.hear(NEWS)
    assert acting.run.counts.failures == 0
    acting.hear(EXAMPLE[Trade])
    assert end_with_answers(acting).done()


@pytest.mark.parametrize("name", ["on_start", "on_timer", "on_refused", "on_stop", "on_event", "on_book"])
def test_each_kind_of_handler_may_fail(name):
    def fail(self, *_message):
        raise ValueError(name)

    kind = type("Failing", (Noting,), {name: fail})
    acting = Acting(kind)
    if name == "on_timer":
        acting.run.tell("a test", lambda: acting.bot.every(1.0) and None)
        acting.line.pass_seconds(1.5)
    elif name == "on_refused":
        acting.do(lambda bot: bot.buy(CALL, 1, 5.0))
        acting.line.refuse("MISSING_PRICE")
    elif name == "on_event":
        acting.hear(NEWS)
    elif name == "on_book":
        acting.hear(*book_messages())
    else:
        end_with_answers(acting)
    assert acting.run.counts.failures == 1
    assert acting.run.stop_reason.endswith(f"ValueError: {name}")


def book_messages():
    return [EXAMPLE[BookSnapshot]]


def test_a_callback_that_fails_is_named():
    class Timing(Noting):
        def on_start(self):
            self.every(1.0, self.look)

        def look(self):
            raise ValueError("nothing there")

    acting = Acting(Timing)
    acting.line.pass_seconds(1.5)
    assert acting.run.stop_reason == "look raised ValueError: nothing there"


def test_many_failures_are_counted_and_the_first_are_told(caplog):
    acting = Acting(lambda: GoingOn(ValueError("no")))
    for _ in range(3 * FAILURES_TOLD):
        acting.hear(NEWS)
    assert acting.run.counts.failures == 3 * FAILURES_TOLD
    assert len(acting.run.counts.tracebacks) == FAILURES_TOLD
    assert caplog.text.count("on_news failed") == FAILURES_TOLD
    assert "no longer told" in caplog.text


def test_a_bot_that_fails_at_every_refusal_does_not_fail_at_its_own_cancel():
    class Touchy(Noting):
        after_error = "go_on"

        def on_refused(self, refusal):
            raise ValueError(refusal.code)

    acting = Acting(Touchy)
    acting.do(lambda bot: bot.buy(CALL, 1, 5.0))
    acting.line.refuse("NOT_CONNECTED")
    acting.line.refuse("NOT_CONNECTED")
    assert (acting.run.counts.failures, acting.line.asked) == (1, [])


# ---- refusals


def test_a_bot_without_on_refused_has_the_first_refusals_logged(caplog):
    acting = Acting(Noting)
    for _ in range(2 * REFUSALS_TOLD):
        acting.do(lambda bot: bot.buy(CALL, 1, 5.0))
        acting.line.refuse("MISSING_PRICE")
    assert caplog.text.count("MISSING_PRICE: it is MISSING_PRICE") == REFUSALS_TOLD
    assert "define on_refused" in caplog.text
    assert acting.run.counts.refusals == {"MISSING_PRICE": 2 * REFUSALS_TOLD}


def test_a_refused_quote_names_its_instrument():
    class Told(Noting):
        def on_refused(self, refusal):
            self.noted.append((refusal.code, refusal.instrument_id, refusal.details, type(refusal.question)))

    acting = Acting(Told)

    def both(bot):
        return bot.quote(CALL, 4.0, 5.0, 1), bot.quote(PUT, 1.0, 2.0, 1)

    call, put = acting.do(both)
    error = ApiError(code="POST_ONLY_WOULD_TRADE", message="it would", details={"side": "bid"})
    acting.line.answer(
        Verdict(
            quotes=[
                QuoteResult(instrument_id=CALL, success=True, bid_order_id="ORD_1", ask_order_id="ORD_2"),
                QuoteResult(instrument_id=PUT, success=False, ask_order_id="ORD_3", error=error),
            ]
        )
    )
    assert (call.is_answered, call.error, put.error.code) == (True, None, "POST_ONLY_WOULD_TRADE")
    assert acting.bot.noted == [("POST_ONLY_WOULD_TRADE", PUT, {"side": "bid"}, Quote)]


def test_a_bot_has_a_log_of_its_own_and_arguments_of_its_own(caplog):
    class Named(Bot):
        def __init__(self, word, *, twice=False):
            self.word = word * (2 if twice else 1)

        def on_start(self):
            self.log.warning("%s", self.word)

    with caplog.at_level(logging.INFO):
        Acting(lambda: Named("ho", twice=True))
    assert "hoho" in caplog.text
