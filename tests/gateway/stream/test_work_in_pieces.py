"""Streams do their work in pieces and within an allowance, so that they delay nobody else."""

import asyncio

import pytest
from stream_stage import Team, connected, exchange_on

from openoutcry.gateway.stream.allowance import StreamAllowance
from openoutcry.gateway.stream.refusals import StreamRefused
from openoutcry.gateway.stream.session import CHANNELS_AT_ONCE
from openoutcry.protocol.channels import INSTRUMENT_CHANNEL_KINDS
from openoutcry.protocol.stream import (
    CHANNELS_PER_SECOND,
    COUNTED_BYTES,
    MAX_MESSAGE_BYTES,
    MAX_MESSAGES_PER_SECOND,
    MAX_SUBSCRIPTIONS,
)
from openoutcry.runtime.sequencing.turnstile import Turnstile
from openoutcry.scenarios.loader import load_scenario

INSTRUMENTS = 5 * CHANNELS_AT_ONCE + 3
EVERYTHING = MAX_SUBSCRIPTIONS + len(INSTRUMENT_CHANNEL_KINDS) * INSTRUMENTS
"""Channels that a connection may ask for at once."""
SYMBOLS = [f"SPX_CALL_{4_000 + number}_20240315" for number in range(INSTRUMENTS)]


@pytest.fixture
async def wide_exchange(tmp_path):
    """With many instruments."""
    path = tmp_path / "wide.toml"
    head = 'name = "wide"\ntitle = "Many instruments"\n[session]\nopening_phase = "continuous"\n'
    head += "[registration]\nopen = true\n"
    path.write_text(head + "".join(f'[[instruments]]\nsymbol = "{symbol}"\n' for symbol in SYMBOLS))
    exchange = exchange_on(tmp_path / "data", load_scenario(path))
    yield exchange
    exchange.close()


class Writes:
    """How many books and tops the exchange wrote, to all connections together, in each turn of the loop."""

    def __init__(self):
        self.turn = 0
        self.begun = {}
        asyncio.get_running_loop().call_soon(self._count_turn)
        self._goes_on = True

    def _count_turn(self):
        self.turn += 1
        if self._goes_on:
            asyncio.get_running_loop().call_soon(self._count_turn)

    def watch(self, client):
        write = client.write

        def counted(messages):
            begun = sum(b'"book_snapshot"' in message or b'"top_of_book"' in message for message in messages)
            self.begun[self.turn] = self.begun.get(self.turn, 0) + begun
            write(messages)

        client.write = counted

    def stop(self):
        self._goes_on = False


async def test_many_books_begin_in_pieces_and_each_begins_once(wide_exchange):
    writes = Writes()
    async with connected(wide_exchange) as first, connected(wide_exchange) as second:
        for client in (first, second):
            writes.watch(client)
            await client.next()
            client.say({"op": "subscribe", "channels": ["book:*", "top:*"]})
        for client in (first, second):
            messages = await client.take(1 + 2 * INSTRUMENTS)
            assert messages[0].type == "ack"
            assert [message.instrument_id for message in messages[1 : INSTRUMENTS + 1]] == SYMBOLS
            assert {message.type for message in messages[INSTRUMENTS + 1 :]} == {"top_of_book"}
    writes.stop()
    assert sum(writes.begun.values()) == 4 * INSTRUMENTS
    assert max(writes.begun.values()) <= CHANNELS_AT_ONCE


async def test_others_are_answered_while_a_subscription_begins(wide_exchange):
    async with connected(wide_exchange) as greedy, connected(wide_exchange) as other:
        await greedy.next()
        await other.next()
        greedy.say({"op": "subscribe", "channels": ["book:*"]})
        other.say({"op": "ping"})
        assert (await other.next()).type == "ack"
        arrived = greedy._from_server.qsize()
        assert arrived <= 1 + 3 * CHANNELS_AT_ONCE, "the ack and the first pieces"
        await greedy.take(1 + INSTRUMENTS)


async def test_a_message_waits_for_the_one_before_it(wide_exchange):
    async with connected(wide_exchange) as client:
        await client.next()
        client.say({"op": "subscribe", "channels": ["book:*"]})
        client.say({"op": "unsubscribe", "channels": ["book:*"]})
        client.say({"op": "ping"})
        messages = await client.take(3)
        while messages[-1].type != "ack" or messages[-1].op != "ping":
            messages.append(await client.next())
        acks = [message.op for message in messages if message.type == "ack"]
        assert acks == ["subscribe", "unsubscribe", "ping"]


async def test_trades_are_told_from_the_acknowledgment_on_whatever_is_still_to_begin(wide_exchange):
    alice = Team(wide_exchange, "alice", "market_maker")
    bob = Team(wide_exchange, "bob", "hedge_fund")
    async with connected(wide_exchange) as client:
        await client.next()
        client.say({"op": "subscribe", "channels": ["book:*", "trades:*"]})
        assert (await client.next()).type == "ack"
        alice.order("sell", 1, 1000, instrument_id=SYMBOLS[-1])
        bob.order("buy", 1, 1000, instrument_id=SYMBOLS[-1])
        assert (await client.until(lambda message: message.type == "trade")).instrument_id == SYMBOLS[-1]


async def test_a_connection_that_ends_before_all_has_begun_leaves_nothing_behind(wide_exchange):
    alice = Team(wide_exchange, "alice", "market_maker")
    async with connected(wide_exchange) as client:
        await client.next()
        client.say({"op": "subscribe", "channels": ["book:*", "top:*"]})
        assert (await client.next()).type == "ack"
    assert len(wide_exchange.connections) == 0
    for symbol in SYMBOLS:
        alice.order("buy", 1, 1000, instrument_id=symbol)


async def test_channels_beyond_the_allowance_are_refused_and_change_nothing(wide_exchange):
    async with connected(wide_exchange) as client:
        answers = []
        while not answers or answers[-1].type == "ack":
            answers.append(await client.ask("subscribe", channels=["trades:*"]))
        refused = answers[-1]
        assert len(answers) - 1 == EVERYTHING // INSTRUMENTS
        assert (refused.code, refused.details["limit"]) == ("RATE_LIMIT_EXCEEDED", EVERYTHING)
        assert 0 < refused.details["retry_after_seconds"] <= INSTRUMENTS / CHANNELS_PER_SECOND
        assert (await client.ask("ping")).type == "ack"


def test_a_connection_may_ask_for_everything_at_once_and_then_for_a_few_more_with_each_second():
    now = 0.0
    allowance = StreamAllowance(lambda: 50, lambda: now)
    allowance.spend_channels([*(f"{kind}:*" for kind in INSTRUMENT_CHANNEL_KINDS), *["market"] * MAX_SUBSCRIPTIONS])
    with pytest.raises(StreamRefused, match="channels"):
        allowance.spend_channels(["market"])
    now = 1.0
    allowance.spend_channels(["market"] * CHANNELS_PER_SECOND)
    with pytest.raises(StreamRefused, match="nothing was changed"):
        allowance.spend_channels(["market"])


def test_a_connection_may_ask_for_all_that_was_listed_since_it_began_once_it_has_waited():
    now, instruments = 0.0, 1
    allowance = StreamAllowance(lambda: instruments, lambda: now)
    instruments = 2 * MAX_SUBSCRIPTIONS
    with pytest.raises(StreamRefused, match="nothing was changed"):
        allowance.spend_channels(["book:*"])
    now = instruments / CHANNELS_PER_SECOND
    allowance.spend_channels(["book:*"])


def test_a_long_message_counts_as_several():
    allowance = StreamAllowance(lambda: 1, lambda: 0.0)
    longest = 1 + MAX_MESSAGE_BYTES // COUNTED_BYTES
    for _ in range(MAX_MESSAGES_PER_SECOND // longest):
        allowance.spend_message(MAX_MESSAGE_BYTES)
    with pytest.raises(StreamRefused, match="this one was not read"):
        allowance.spend_message(MAX_MESSAGE_BYTES)


async def test_the_turnstile_lets_one_through_in_each_turn_in_the_order_they_came():
    turnstile, passed = Turnstile(asyncio.get_running_loop().call_soon), []

    async def come(name):
        await turnstile.wait_to_pass()
        passed.append(name)

    tasks = [asyncio.create_task(come(name)) for name in "abcd"]
    await asyncio.sleep(0)
    assert passed == ["a"]
    assert not turnstile.try_to_pass()
    tasks[1].cancel()
    while not all(task.done() for task in tasks):
        before = len(passed)
        await asyncio.sleep(0)
        assert len(passed) <= before + 1
    assert passed == ["a", "c", "d"]
    await asyncio.sleep(0)
    assert turnstile.try_to_pass()
