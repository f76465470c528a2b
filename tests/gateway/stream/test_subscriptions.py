"""Subscriptions on `/ws`: when they begin, when they end, which are refused."""

import pytest
from stream_stage import CALL, PUT, connected

from openoutcry.domain import commands
from openoutcry.gateway.stream.limits import EndpointLimits


async def test_a_subscription_is_acknowledged_before_what_it_brings(exchange, alice):
    alice.order("buy", 1, 1000)
    async with connected(exchange) as client:
        await client.next()
        client.say({"op": "subscribe", "channels": [f"book:{CALL}", "top:*", "market"], "request_id": "r"})
        messages = await client.take(4)

    assert [message.type for message in messages] == ["ack", "book_snapshot", "top_of_book", "top_of_book"]
    assert messages[0].channels == [f"book:{CALL}", "top:*", "market"]


async def test_after_an_unsubscription_is_acknowledged_nothing_more_comes(exchange, alice):
    async with connected(exchange) as client:
        await client.ask("subscribe", channels=["top:*", "trades:*"])
        await client.ask("unsubscribe", channels=["top:*"])
        alice.order("sell", 1, 1000)
        alice.order("buy", 1, 1000, time_in_force="ioc", instrument_id=PUT)

        assert (await client.ask("unsubscribe", channels=["top:*", "book:*"])).type == "ack"
        client.say({"op": "ping"})
        assert (await client.next()).type == "ack"


async def test_a_book_asked_for_again_begins_again(exchange):
    async with connected(exchange) as client:
        for _ in range(2):
            await client.ask("subscribe", channels=[f"book:{CALL}"])
            assert (await client.next()).type == "book_snapshot"


@pytest.mark.parametrize("channel", ["quotes:SPY", "book", "book:", "MARKET"])
async def test_an_unknown_channel_is_refused_with_those_there_are(exchange, channel):
    async with connected(exchange) as client:
        answer = await client.ask("subscribe", channels=["market", channel])
        assert answer.code == "INVALID_CHANNEL"
        assert answer.request_id == "to subscribe"
        assert repr(channel) in answer.message
        assert "book:<instrument or *>" in answer.message
        exchange.sequencer.perform(commands.SetPhase("closed"))
        assert (await client.ask("ping")).type == "ack"


async def test_an_unknown_instrument_is_refused(exchange):
    async with connected(exchange) as client:
        answer = await client.ask("subscribe", channels=["book:SPX_CALL_1_20240315"])

    assert answer.code == "INVALID_INSTRUMENT"
    assert "GET /instruments" in answer.message


async def test_subscriptions_are_limited_in_number(exchange):
    async with connected(exchange, limits=EndpointLimits(max_subscriptions=3)) as client:
        assert (await client.ask("subscribe", channels=["market", "top:*"])).type == "ack"
        answer = await client.ask("subscribe", channels=["trades:*", "book:*"])
        assert (answer.code, answer.details) == ("SUBSCRIPTION_LIMIT", {"limit": 3})
        assert (await client.ask("subscribe", channels=["trades:*", "market"])).type == "ack"
