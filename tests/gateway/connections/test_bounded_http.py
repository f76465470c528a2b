"""What is refused before it is a request: endless heads, other protocols, endless requests, too many connections."""

import asyncio
import json
from contextlib import asynccontextmanager, suppress

import pytest
import uvicorn
from uvicorn.server import ServerState

from openoutcry.gateway.connections.bounded_http import (
    MAX_DISCARDED_BYTES,
    MAX_HEAD_BYTES,
    MAX_TARGET_BYTES,
    SWEEPS_PER_REQUEST,
)
from openoutcry.gateway.connections.endings import sweep
from openoutcry.gateway.connections.places import Places
from openoutcry.gateway.connections.request_turns import plain_protocol
from openoutcry.protocol.timestamps import format_timestamp

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
PATIENCE_SECONDS = 20.0
REFUSED_AT = 1_705_312_800_000_000


class StandingClock:
    def now(self):
        return REFUSED_AT


async def application(_scope, receive, send):
    """Takes the whole body and says so."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


class Stage:
    def __init__(self, state, port):
        self.connections = state.connections
        self._port = port
        self._writers = []

    async def connect(self, *sent):
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writers.append(writer)
        writer.write(b"".join(sent))
        return reader

    async def until(self, condition):
        """Return when the server's connections are as `condition` asks."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not condition(self.connections):  # noqa: ASYNC110 - in each turn of the loop the server moves on
                await asyncio.sleep(0)

    async def close(self):
        for writer in self._writers:
            writer.close()
        await self.until(lambda connections: not connections)


@pytest.fixture
async def stage():
    async with serving() as stage:
        yield stage


@asynccontextmanager
async def serving(maximum=100):
    protocol = plain_protocol(StandingClock(), Places(maximum, maximum))
    configuration = uvicorn.Config(application, http=protocol, lifespan="off", log_config=None)
    configuration.load()
    state, loop = ServerState(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: protocol(configuration, state, {}, loop), "127.0.0.1", 0)
    stage = Stage(state, server.sockets[0].getsockname()[1])
    yield stage
    await stage.close()
    server.close()
    await server.wait_closed()


async def refusal(reader):
    """Status and error of the refusal that comes before the connection is closed."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    assert b"content-type: application/json" in head
    answer = json.loads(body)
    assert set(answer) == {"success", "request_id", "order_id", "data", "error", "timestamp"}
    assert answer["success"] is False
    assert answer["timestamp"] == format_timestamp(REFUSED_AT), "refusals bear the time of the exchange's clock"
    return int(head.split()[1]), answer["error"]


async def answered(reader):
    async with asyncio.timeout(PATIENCE_SECONDS):
        return await reader.readuntil(b"\r\n\r\nok")


async def test_a_request_is_served(stage):
    assert (await answered(await stage.connect(GET))).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "endless", [b"GET /", b"GET / HTTP/1.1\r\nX-Long: ", b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 12_000]
)
async def test_a_head_without_end_is_refused(stage, endless):
    reader = await stage.connect(endless + b"x" * MAX_HEAD_BYTES)
    status, error = await refusal(reader)
    assert (status, error["code"]) == (413, "PAYLOAD_TOO_LARGE")
    assert str(MAX_HEAD_BYTES) in error["message"]


async def test_a_client_that_continues_to_send_after_a_refusal_is_cut_off(stage):
    reader = await stage.connect(b"GET /" + b"x" * (MAX_HEAD_BYTES + MAX_DISCARDED_BYTES + 1024 * 1024))
    await stage.until(lambda connections: any(one.transport.is_closing() for one in connections) or not connections)
    with suppress(ConnectionResetError):
        await reader.read()


async def test_long_headers_within_the_bound_are_served(stage):
    reader = await stage.connect(b"GET / HTTP/1.1\r\nX-Long: " + b"x" * (MAX_HEAD_BYTES - 100), b"\r\n\r\n")
    assert (await answered(reader)).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("unit", [b"/a", b"%41", b"%F0%9F%98%80"])
async def test_a_target_is_decoded_only_up_to_a_bound(stage, unit):
    path = b"/" + unit * ((MAX_TARGET_BYTES - 1) // len(unit))
    reader = await stage.connect(b"GET " + path + b"x" * (MAX_TARGET_BYTES - len(path)) + b" HTTP/1.1\r\n\r\n")
    assert (await answered(reader)).startswith(b"HTTP/1.1 200")
    for longer in (path + unit, path + b"?" + unit):
        reader = await stage.connect(b"GET " + longer + b" HTTP/1.1\r\n\r\n")
        status, error = await refusal(reader)
        assert (status, error["code"]) == (400, "MALFORMED_REQUEST")
        assert str(MAX_TARGET_BYTES) in error["message"]


async def test_a_body_does_not_count_as_head(stage):
    size = 4 * MAX_HEAD_BYTES
    reader = await stage.connect(b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % size, b"x" * size, GET)
    await answered(reader)
    await answered(reader)


async def test_trailers_without_end_are_refused(stage):
    head = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-Long: "
    reader = await stage.connect(head)
    await stage.until(lambda connections: any(one.cycle for one in connections))
    stage._writers[-1].write(b"x" * (2 * MAX_HEAD_BYTES))
    status, error = await refusal(reader)
    assert (status, error["code"]) == (413, "PAYLOAD_TOO_LARGE")


async def test_many_small_chunks_are_no_trailers_without_end(stage):
    body = b"1\r\nx\r\n" * MAX_HEAD_BYTES + b"0\r\n\r\n"
    assert await answered(await stage.connect(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", body, GET))


async def test_what_is_no_http_is_refused_in_the_one_shape(stage):
    status, error = await refusal(await stage.connect(b"\x16\x03\x01\x02\x00\r\n\r\n"))
    assert (status, error["code"]) == (400, "MALFORMED_REQUEST")
    assert "HTTP/1.1" in error["message"]


@pytest.mark.parametrize(
    "begun", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost:", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"]
)
async def test_a_request_that_never_ends_is_refused_after_a_while(stage, begun):
    reader = await stage.connect(begun)
    has_body = b"\r\n\r\n" in begun
    await stage.until(lambda connections: any(bool(one.cycle) == has_body for one in connections))
    for _ in range(SWEEPS_PER_REQUEST):
        sweep(stage.connections)
    assert not reader.at_eof()
    sweep(stage.connections)
    status, error = await refusal(reader)
    assert (status, error["code"]) == (400, "MALFORMED_REQUEST")
    assert "did not arrive completely" in error["message"]


async def test_a_connection_between_requests_is_left_alone(stage):
    reader = await stage.connect(GET)
    await answered(reader)
    for _ in range(2 * SWEEPS_PER_REQUEST):
        sweep(stage.connections)
    assert len(stage.connections) == 1
