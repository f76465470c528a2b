"""Frames without messages cost tokens too: one connection cannot delay others or fill the memory."""

import asyncio
import json
from collections import Counter
from itertools import pairwise

import pytest
from live_server import (
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    SMALL_BUFFER,
    TEXT,
    frame,
    handshake,
    live_server,
    protocol_of,
    raw_socket,
    raw_stream,
    turns,
    until,
)
from websockets.server import ServerProtocol

from openoutcry.gateway.stream.frame_gate import FrameGate, put_gate
from openoutcry.gateway.stream.protocol import FRAMES_PER_TURN
from openoutcry.protocol.stream import FRAME_BURST, MAX_FRAMES_PER_SECOND, CloseCode

FLOODS = {
    "pings": (b"", frame(PING)),
    "pings with content": (b"", frame(PING, b"x" * 125)),
    "pongs": (b"", frame(PONG)),
    "empty continuations": (frame(TEXT, is_final=False), frame(CONTINUATION, is_final=False)),
    "empty messages": (b"", frame(TEXT)),
}

MUCH = 3 * FRAME_BURST


def only_connection(exchange):
    (connection,) = exchange.connections._all
    return connection


@pytest.fixture
async def address(exchange):
    async with live_server(exchange) as address:
        yield address


@pytest.fixture
def frames_begun(monkeypatch):
    """How many frames each gate has let through."""
    counted = Counter()
    at_eof = FrameGate.at_eof

    def count(gate):
        ended = yield from at_eof(gate)
        counted[gate] += not ended
        return ended

    monkeypatch.setattr(FrameGate, "at_eof", count)
    return counted


@pytest.mark.parametrize(("before", "one"), FLOODS.values(), ids=FLOODS)
async def test_a_client_that_sends_too_many_frames_is_cut_off(exchange, address, frames_begun, before, one):
    async with raw_stream(address) as client:
        protocol = protocol_of(only_connection(exchange))
        started = asyncio.get_running_loop().time()
        await client.send(before + one * MUCH)
        await until(lambda: protocol.disconnected)
        earned = (asyncio.get_running_loop().time() - started) * MAX_FRAMES_PER_SECOND

        assert frames_begun[protocol.conn.reader] <= FRAME_BURST + earned + 2 * FRAMES_PER_TURN
    await until(lambda: not exchange.connections)


async def test_why_is_said_with_a_close_code(address):
    async with raw_stream(address) as client:
        # Few enough to be read to the last: what a server has not read when it closes takes its words back.
        await client.send(frame(PONG) * (FRAME_BURST + FRAMES_PER_TURN))
        await client.send(frame(PONG) * FRAMES_PER_TURN)
        ((opcode, payload),) = await client.frames_to_the_end()

    assert (opcode, int.from_bytes(payload[:2])) == (CLOSE, CloseCode.PROTOCOL_ERROR)
    assert payload[2:].decode() == f"more than {MAX_FRAMES_PER_SECOND} frames a second"


async def test_in_each_turn_of_the_loop_a_few_frames_are_read(exchange, address):
    async with raw_stream(address) as client:
        protocol = protocol_of(only_connection(exchange))
        await client.send(frame(PONG) * (FRAME_BURST // 2))
        left = [protocol._tokens.standing()[1]]
        while left[-1] > FRAME_BURST // 2 + 1:
            await asyncio.sleep(0)
            left.append(protocol._tokens.standing()[1])

    assert max(before - after for before, after in pairwise(left)) <= FRAMES_PER_TURN + 1


async def test_a_bot_may_send_what_it_is_allowed_to_in_any_pieces(address):
    asked = b"".join(
        frame(TEXT, b'{"op":"ping",', is_final=False)
        + frame(PING)
        + frame(CONTINUATION, b'"request_id":"%d"}' % number)
        for number in range(40)
    )
    async with raw_stream(address) as client:
        for position in range(0, len(asked), 7):
            await client.send(asked[position : position + 7])
        heard = [await client.frame() for _ in range(80)]

    answers = [json.loads(payload) for opcode, payload in heard if opcode == TEXT]
    assert [answer["request_id"] for answer in answers] == [str(number) for number in range(40)]
    assert sum(opcode == PONG for opcode, _ in heard) == 40


async def test_nothing_is_read_while_the_client_does_not_take_what_was_written(exchange, alice):
    async with live_server(exchange, send_buffer=SMALL_BUFFER) as address, raw_stream(address, alice) as client:
        protocol = protocol_of(only_connection(exchange))
        events = 0
        while not protocol.is_full:
            alice.cancel(alice.order("buy", 1, 1000))
            events += 2
            await asyncio.sleep(0)
        buffered = protocol.transport.get_write_buffer_size()
        await client.send(frame(PING, b"anybody?") * 100)
        await turns(100)

        assert not protocol.transport.is_reading()
        assert protocol.transport.get_write_buffer_size() <= buffered
        assert len(protocol._gate.buffer) == 0

        heard = []
        while heard.count((PONG, b"anybody?")) < 100:
            heard.append(await client.frame())
        assert sum(opcode == TEXT for opcode, _ in heard) <= events


async def test_what_is_read_waits_in_small_numbers_for_the_session(exchange, address):
    async with raw_stream(address) as client:
        protocol = protocol_of(only_connection(exchange))
        await client.send(frame(TEXT, b'{"op":"ping"}') * 200)
        waiting, answers = 0, 0
        while answers < 200:
            waiting = max(waiting, protocol.queue.qsize())
            opcode, _ = await client.frame()
            answers += opcode == TEXT

    assert waiting <= FRAMES_PER_TURN


async def test_a_slow_reader_of_many_messages_is_still_heard(exchange, alice):
    """Its pongs too: or the exchange would take it for gone while it reads what it asked for."""
    for _ in range(3_000):
        alice.cancel(alice.order("buy", 1, 1000))
    async with live_server(exchange, send_buffer=SMALL_BUFFER) as address, raw_stream(address, alice) as client:
        protocol = protocol_of(only_connection(exchange))
        await client.send(frame(TEXT, b'{"op":"resume","after_seq":0}'))
        await until(lambda: protocol.is_full)
        await client.send(frame(TEXT, b'{"op":"ping","request_id":"here I am"}'))
        events = 0
        while True:
            _, payload = await client.frame()
            message = json.loads(payload)
            if message.get("request_id") == "here I am":
                break
            events += "seq" in message

        assert events < alice.last_seq / 2


UNREADABLE_HANDSHAKES = {
    "too many headers": handshake(*(b"X-%d: 1" % number for number in range(130))),
    "a header that is too long": handshake(b"X: " + b"y" * 9_000),
    "a body": handshake(b"Content-Length: 2") + b"{}",
    "a body in chunks": handshake(b"Transfer-Encoding: chunked") + b"0\r\n\r\n",
}


@pytest.mark.parametrize("head", UNREADABLE_HANDSHAKES.values(), ids=UNREADABLE_HANDSHAKES)
async def test_a_handshake_that_cannot_be_read_is_answered_and_ended(address, head):
    async with raw_socket(address) as client:
        await client.send(head)
        answer = await client.read_to_the_end()

    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    refused = json.loads(body)
    assert (refused["success"], refused["error"]["code"]) == (False, "MALFORMED_REQUEST")
    assert "handshake" in refused["error"]["message"]


def test_a_gate_lets_just_as_many_frames_through_as_it_is_told_to():
    protocol = ServerProtocol()
    gate = put_gate(protocol)
    protocol.receive_data(handshake() + frame(PING, b"1") * 10 + frame(PING, b"2")[:3])
    (request,) = protocol.events_received()
    protocol.send_response(protocol.accept(request))

    gate.admitted = 4
    protocol.receive_data(b"")
    assert len(protocol.events_received()) == 4
    assert gate.keeps_frames

    gate.admitted = 100
    protocol.receive_data(b"")
    assert len(protocol.events_received()) == 6
    assert not gate.keeps_frames

    gate.admitted = 0
    protocol.receive_data(frame(PING, b"2")[3:])
    assert [bytes(event.data) for event in protocol.events_received()] == [b"2"]
