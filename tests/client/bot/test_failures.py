"""What a handler raises is reported, cancels the bot's orders, and ends the bot unless it goes on."""

import asyncio

import pytest
from bot_stage import EXAMPLE, Acting
from noting_bots import NEWS, Noting, end_with_answers
from venues import CALL

from openoutcry.client.bot.line import Cancel, CancelAll, Submit
from openoutcry.client.bot.run import FAILURES_TOLD
from openoutcry.protocol.stream import BookSnapshot, Trade


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
    assert "test_failures.py" in counts.tracebacks[0]
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
