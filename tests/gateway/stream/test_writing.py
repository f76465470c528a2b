"""What is written to a connection and in which portions, for readers and for clients that do not read."""

import asyncio

import pytest
from stream_stage import StreamClient, connected, exchange_on, roomy_scenario, with_stream_limits
from websockets.client import ClientProtocol
from websockets.frames import Opcode
from websockets.uri import parse_uri

from openoutcry.gateway.stream.protocol import text_frames
from openoutcry.protocol.stream import CloseCode


@pytest.fixture
async def exchange(tmp_path, stream_limits):
    exchange = exchange_on(tmp_path, roomy_scenario(), stream_limits=stream_limits)
    yield exchange
    exchange.close()


@pytest.fixture
def writes(monkeypatch):
    """How many messages each write to any client held."""
    sizes = []
    write = StreamClient.write

    def count(client, messages):
        sizes.append(len(messages))
        write(client, messages)

    monkeypatch.setattr(StreamClient, "write", count)
    return sizes


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 200_000])
def test_another_implementation_reads_the_frames_back(size):
    messages = [b"a" * size, b"between", "é".encode() * size]
    client = ClientProtocol(parse_uri("ws://exchange"), max_size=None)
    client.state = client.state.OPEN
    client.parser = client.parse()
    next(client.parser)

    client.receive_data(text_frames(messages))

    frames = client.events_received()
    assert [bytes(frame.data) for frame in frames] == messages
    assert all(frame.opcode is Opcode.TEXT and frame.fin for frame in frames)


async def test_the_events_of_one_turn_leave_in_one_write(exchange, alice, writes):
    async with connected(exchange, alice.headers) as client:
        await client.next()
        writes.clear()

        for _ in range(20):
            alice.order("buy", 1, 1000)

        assert [event.seq for event in await client.take(20)] == list(range(1, 21))
        assert writes == [20]


async def test_an_order_s_events_are_written_in_the_turn_that_executes_it(exchange, alice):
    async with connected(exchange, alice.headers) as client:
        await client.next()
        alice.submit("buy", 1, 1000)
        assert client._from_server.empty()

        await asyncio.sleep(0)

        assert not client._from_server.empty()


async def test_a_slow_reader_among_fast_ones_holds_nobody_up_and_misses_nothing(exchange, alice, bob):
    async with (
        connected(exchange, alice.headers) as fast,
        connected(exchange, alice.headers) as slow,
        connected(exchange, bob.headers) as other,
    ):
        for client in (fast, slow, other):
            await client.next()
        slow.stop_reading()
        for _ in range(100):
            alice.order("sell", 1, 1000)
            bob.order("buy", 1, 1000)
            await asyncio.sleep(0)

        assert [event.seq for event in await fast.take(300)] == list(range(1, 301))
        assert [event.seq for event in await other.take(300)] == list(range(1, 301))
        assert slow._from_server.empty()
        slow.read_on()
        assert [event.seq for event in await slow.take(300)] == list(range(1, 301))


async def test_a_reader_that_begins_to_read_again_gets_on_with_what_is_new(exchange, alice):
    async with connected(exchange, alice.headers) as client:
        await client.next()
        for round_number in range(1, 6):
            client.stop_reading()
            alice.order("buy", 1, 1000)
            await asyncio.sleep(0)
            client.read_on()
            alice.order("buy", 1, 1000)
            assert [event.seq for event in await client.take(2)] == [2 * round_number - 1, 2 * round_number]


async def test_one_that_leaves_in_the_middle_of_a_batch_takes_nothing_from_the_others(exchange, alice):
    async with connected(exchange, alice.headers) as staying:
        await staying.next()
        async with connected(exchange, alice.headers) as leaving:
            await leaving.next()
            for _ in range(5):
                alice.order("buy", 1, 1000)
            leaving.leave()
            for _ in range(5):
                alice.order("buy", 1, 1000)
        alice.order("buy", 1, 1000)

        assert [event.seq for event in await staying.take(11)] == list(range(1, 12))


async def test_one_whose_wire_breaks_under_a_write_ends_alone(exchange, alice, monkeypatch):
    async with connected(exchange, alice.headers) as broken, connected(exchange, alice.headers) as whole:
        await broken.next()
        await whole.next()

        def break_off(_messages):
            raise OSError("the wire broke")

        monkeypatch.setattr(broken, "write", break_off)
        alice.order("buy", 1, 1000)

        assert (await whole.next()).seq == 1
        assert await broken.close_code() == CloseCode.INTERNAL_ERROR


@with_stream_limits(read_bytes=3_000)
async def test_a_long_replay_comes_in_portions(exchange, alice, writes):
    for _ in range(200):
        alice.order("buy", 1, 1000)

    async with connected(exchange, alice.headers, query="after_seq=0") as client:
        await client.next()
        assert [event.seq for event in await client.take(200)] == list(range(1, 201))

    assert max(writes) <= 20


async def test_what_is_published_after_the_close_was_asked_for_is_for_the_next_connection(exchange, alice):
    async with connected(exchange, alice.headers) as client:
        await client.next()
        alice.order("buy", 1, 1000)
        await client.next()
        alice.order("buy", 1, 1000)
        alice.rotate_key("another")

        assert await client.close_code() == CloseCode.AUTHENTICATION_FAILED

    async with connected(exchange, alice.headers, query="after_seq=1") as client:
        assert (await client.next()).next_seq == 3
        assert (await client.next()).seq == 2
