"""Calls that repeat, in market time."""

import asyncio

import pytest
from bot_stage import EXAMPLE, Acting, how_things_stand
from msgspec import structs

from openoutcry import Bot
from openoutcry.client.bot.line import ShowMarket, Verdict
from openoutcry.protocol.stream import SessionStatus


class Timing(Bot):
    def __init__(self, seconds=2.0, takes=0.0):
        self.seconds, self.takes = seconds, takes
        self.called = []

    def on_start(self):
        self.repeating = self.every(self.seconds)

    async def on_timer(self):
        self.called.append(self._run.line.time() - self.begun)
        await asyncio.sleep(self.takes)


def begin(*arguments, speed=1.0):
    acting = Acting(Timing, *arguments)
    acting.bot.begun = acting.line.time()
    if speed != 1.0:
        tell_speed(acting, speed)
    return acting


def tell_speed(acting, speed):
    market = structs.replace(how_things_stand().market, speed=speed)
    acting.hear(structs.replace(EXAMPLE[SessionStatus], instrument_id=None))
    assert acting.line.asked == [ShowMarket()]
    acting.line.answer(Verdict(market=market))


def test_calls_come_at_even_distances():
    acting = begin()
    acting.line.pass_seconds(7)
    assert acting.bot.called == pytest.approx([2.0, 4.0, 6.0])


def test_seconds_are_of_the_market_and_follow_its_speed():
    acting = begin(120.0, speed=60.0)
    acting.line.pass_seconds(5)
    assert acting.bot.called == pytest.approx([2.0, 4.0])
    tell_speed(acting, 120.0)
    acting.line.pass_seconds(2.5)
    assert acting.bot.called[2:] == pytest.approx([6.0, 7.0])


def test_a_call_that_is_late_is_not_made_up_for_and_only_one_waits():
    acting = begin(1.0, 3.5)
    acting.line.pass_seconds(8.2)
    assert acting.bot.called == pytest.approx([1.0, 4.5, 8.0])


def test_a_call_can_be_cancelled_also_while_it_waits():
    acting = begin(1.0, 1.5)
    acting.line.pass_seconds(2.2)
    acting.do(lambda bot: None)
    acting.bot.repeating.cancel()
    acting.bot.repeating.cancel()
    acting.line.pass_seconds(10)
    assert (len(acting.bot.called), acting.bot.repeating.is_cancelled) == (1, True)
    assert not acting.line.clock.leap()


def test_what_fails_or_has_ended_is_called_no_more():
    acting = begin(1.0)
    acting.do(lambda bot: bot.stop())
    acting.line.pass_seconds(3)
    assert acting.bot.called == []
    acting.end()
    acting.line.pass_seconds(3)
    assert not acting.line.clock.leap()
    with pytest.raises(RuntimeError, match="has ended"):
        acting.bot.every(1.0)


@pytest.mark.parametrize("seconds", [0, -1.0, float("nan")])
def test_seconds_must_be_more_than_0(seconds):
    acting = begin()
    with pytest.raises(ValueError, match="must be more than 0"):
        acting.bot.every(seconds)


def yielding():
    yield


@pytest.mark.parametrize("callback", [5, "on_timer", yielding])
def test_what_cannot_be_called_is_found_at_once(callback):
    acting = begin()
    with pytest.raises(TypeError, match="pass a function or method, plain or async, without a yield"):
        acting.bot.every(1.0, callback)


def test_what_is_due_after_endless_seconds_is_never_called():
    acting = begin(float("inf"))
    acting.line.pass_seconds(1e9)
    assert acting.bot.called == []


def test_several_callbacks_each_have_their_time():
    called = []

    class Several(Bot):
        def on_start(self):
            self.every(1.0, lambda: called.append("one"))
            self.every(1.5, self.later)

        async def later(self):
            called.append("later")

    acting = Acting(Several)
    acting.line.pass_seconds(3.2)
    assert called == ["one", "later", "one", "later", "one"]
