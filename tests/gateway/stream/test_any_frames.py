"""Any frames of a client: nothing fails in the server, no line is logged, and the next client is served."""

import asyncio
from contextlib import suppress
from random import Random

import pytest
from live_server import (
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    frame,
    live_server,
    raw_stream,
    until,
)

BINARY = 2
INVALID_TEXT = 1007

NOT_UTF8 = {
    "at once": frame(TEXT, b"\xff\xfe"),
    "in parts": frame(TEXT, b"\xe2", is_final=False) + frame(CONTINUATION, b"\x28"),
    "after a message": frame(TEXT, b'{"op":"ping"}') + frame(TEXT, b"\xff"),
    "before other frames": frame(TEXT, b"\xff") + frame(PING) + frame(TEXT, b"{}"),
    "twice": frame(TEXT, b"\xff") * 2,
}

FRAMES = (
    *NOT_UTF8.values(),
    frame(TEXT, b'{"op":"subscribe","channels":["book:*","top:*"]}'),
    frame(TEXT, b'{"op":"unsubscribe","channels":["book:*"]}'),
    frame(TEXT, b"x" * 20_000),
    frame(TEXT, b'{"op":', is_final=False),
    frame(CONTINUATION, b'"ping"}'),
    frame(CONTINUATION, b"", is_final=False) * 20,
    frame(BINARY, b"{}"),
    frame(PING, b"x" * 125) * 5,
    frame(PING, b"x" * 126),
    frame(PONG),
    frame(CLOSE),
    frame(CLOSE, b"\x03\xe8"),
    frame(CLOSE, b"\x00\x01"),
    frame(11),
    b"\x81\x05hello",
    b"\xff" * 9,
)


@pytest.fixture
async def address(exchange):
    async with live_server(exchange) as address:
        yield address


@pytest.mark.parametrize("sent", NOT_UTF8.values(), ids=NOT_UTF8)
async def test_text_that_is_not_utf8_ends_the_connection_with_its_close_code(address, caplog, sent):
    async with raw_stream(address) as client:
        await client.send(sent)
        opcode, payload = (await client.frames_to_the_end())[-1]

    assert (opcode, int.from_bytes(payload[:2])) == (CLOSE, INVALID_TEXT)
    assert not caplog.records


@pytest.mark.parametrize("seed", range(20))
async def test_no_frames_make_the_server_fail(exchange, address, caplog, seed):
    random = Random(seed)
    for _ in range(20):
        async with raw_stream(address) as client:
            sent = b"".join(random.choices(FRAMES, k=random.randrange(1, 12)))
            middle = random.randrange(len(sent))
            with suppress(ConnectionError):  # the server has ended it
                for piece in (sent[:middle], sent[middle:]):
                    await client.send(piece)
                    await asyncio.sleep(0)
    await until(lambda: not exchange.connections)

    assert not caplog.records
    async with raw_stream(address) as client:
        await client.send(frame(PING, b"anybody?"))
        assert await client.frame() == (PONG, b"anybody?")
