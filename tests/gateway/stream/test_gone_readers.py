"""Readers that are gone while their connection is still open: how it ends, and their orders with it."""

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager
from functools import partial

import msgspec
import pytest
from flaky_proxy import FlakyProxy
from live_server import (
    SMALL_BUFFER,
    TEXT,
    frame,
    live_server,
    protocol_of,
    raw_stream,
    until,
)
from stream_stage import connected, with_stream_limits
from websockets.asyncio.client import connect

from openoutcry.gateway.connections.endings import sweep
from openoutcry.gateway.stream.limits import EndpointLimits
from openoutcry.protocol.stream import CloseCode, ServerMessage

IMPATIENT = EndpointLimits(close_patience_seconds=0.05)
PINGS = {"ping_seconds": 0.2, "pong_seconds": 2.0}
"""Long enough for a bot that answers on a busy machine."""

GUARDED_BOT = """
import json, sys
from websockets.sync.client import connect

with connect(sys.argv[1] + "/ws", additional_headers={"X-API-Key": sys.argv[2]}, proxy=None) as stream:
    stream.send(json.dumps({"op": "cancel_on_disconnect", "enabled": True, "grace_seconds": 0}))
    stream.send(json.dumps({"op": "subscribe", "channels": ["book:*"]}))
    for message in stream:
        if json.loads(message)["type"] == "book_snapshot":
            print("guarded", flush=True)
"""

GUARD = msgspec.json.encode({"op": "cancel_on_disconnect", "enabled": True, "grace_seconds": 0})


def open_orders(team):
    return team.exchange.sequencer.queries.open_orders(team.team_id)


@asynccontextmanager
async def guarded_bot(address, team):
    """A process that reads its stream, until it is stopped."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", GUARDED_BOT, address, team.key, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert await process.stdout.readline() == b"guarded\n"
        yield process
    finally:
        process.kill()
        await process.wait()


async def test_the_orders_of_a_bot_that_is_frozen_go_whatever_it_has_not_read(exchange, alice, bob):
    rarely = {"sweep_seconds": 3_600}  # it is the ping that finds out
    async with (
        live_server(exchange, send_buffer=SMALL_BUFFER, **PINGS, **rarely) as address,
        guarded_bot(address, alice) as bot,
    ):
        (connection,) = exchange.private_streams.of_team(alice.team_id).readers
        protocol = protocol_of(connection)
        alice.order("buy", 1, 1000)
        os.kill(bot.pid, signal.SIGSTOP)
        while not protocol.is_full:
            bob.cancel(bob.order("buy", 1, 900))
            await asyncio.sleep(0)
        assert len(open_orders(alice)) == 1

        await until(lambda: not open_orders(alice))
        await until(lambda: not exchange.connections)
        assert protocol.transport.get_write_buffer_size() == 0


async def test_the_orders_of_a_bot_go_whose_network_swallows_everything_and_it_loses_no_event(exchange, alice, bob):
    async with live_server(exchange, **PINGS) as address:
        with FlakyProxy(address.replace("ws://", "http://")) as network:
            through = network.url.replace("http://", "ws://")
            open_stream = partial(connect, additional_headers={"X-API-Key": alice.key}, proxy=None, max_queue=None)
            async with open_stream(f"{through}/ws", ping_interval=None, close_timeout=0.1) as stream:
                await stream.recv()
                await stream.send(GUARD.decode())
                assert msgspec.json.decode(await stream.recv(), type=ServerMessage).type == "ack"
                alice.order("buy", 1, 1000)
                await asyncio.to_thread(network.swallow)
                alice.order("buy", 2, 1000)

                await until(lambda: not open_orders(alice))
            async with open_stream(f"{through}/ws?after_seq=0") as stream:
                await stream.recv()
                told = [msgspec.json.decode(await stream.recv(), type=ServerMessage) for _ in range(alice.last_seq)]

    assert [event.seq for event in told] == list(range(1, alice.last_seq + 1))
    assert [event.type for event in told[-2:]] == ["order_cancelled"] * 2


async def test_a_bot_that_reads_and_answers_is_not_gone(exchange, alice):
    async with live_server(exchange, **PINGS) as address, guarded_bot(address, alice):
        (connection,) = exchange.private_streams.of_team(alice.team_id).readers
        protocol = protocol_of(connection)
        alice.order("buy", 1, 1000)
        answered = set()
        while len(answered) < 3:
            await until(lambda: protocol.pending_ping_payload is not None)
            answered.add(protocol.pending_ping_payload)
            await until(lambda: protocol.pending_ping_payload is None)

        assert len(open_orders(alice)) == 1


@with_stream_limits(private_backlog_bytes=10_000)
async def test_a_reader_that_is_too_slow_loses_its_guard_before_it_is_told(exchange, alice):
    async with connected(exchange, alice.headers) as client:
        await client.ask("cancel_on_disconnect", enabled=True)
        (connection,) = exchange.private_streams.of_team(alice.team_id).readers
        client.stop_reading()
        while connection.closing is None:
            alice.order("buy", 1, 1000)
        await until(lambda: not open_orders(alice))

        assert not connection._ended.is_set()  # it may still read on, and hear why
        client.read_on()
        assert await client.close_code() == CloseCode.TOO_SLOW


async def test_a_connection_that_must_end_and_proves_deaf_is_aborted(exchange, alice):
    async with (
        live_server(exchange, send_buffer=SMALL_BUFFER, limits=IMPATIENT) as address,
        raw_stream(address, alice) as client,
    ):
        protocol = await filled(exchange, alice)
        alice.rotate_key("another")
        await until(lambda: protocol.disconnected)

        with pytest.raises((AssertionError, ConnectionError)):
            await client.frames_to_the_end()


async def test_a_connection_that_is_closed_and_not_read_is_aborted_at_the_second_sweep(exchange, alice):
    async with live_server(exchange, send_buffer=SMALL_BUFFER) as address, raw_stream(address, alice):
        protocol = await filled(exchange, alice)
        protocol.transport.close()
        sweep([protocol])
        assert not protocol.disconnected

        sweep([protocol])
        await until(lambda: protocol.disconnected)


async def test_the_end_of_the_server_waits_for_no_reader_that_is_gone(exchange, alice):
    async with (
        live_server(exchange, send_buffer=SMALL_BUFFER, limits=IMPATIENT) as address,
        raw_stream(address, alice) as frozen,
    ):
        await frozen.send(frame(TEXT, GUARD))
        await frozen.frame()
        alice.order("buy", 1, 1000)
        await filled(exchange, alice)
    assert open_orders(alice) == []


async def filled(exchange, team):
    """The server's end of the team's only connection, once it holds as much as it may and nobody reads."""
    (connection,) = exchange.private_streams.of_team(team.team_id).readers
    protocol = protocol_of(connection)
    while not protocol.is_full:
        team.cancel(team.order("buy", 1, 900))
        await asyncio.sleep(0)
    return protocol
