"""The application on the real HTTP server, over real connections."""

import asyncio
import json

import aiohttp
import pytest
import uvicorn
from gateway_stage import CALL, FIELDS, limit_order
from uvicorn.server import ServerState
from wire_stage import roomy_places

from openoutcry.gateway.app import build_gateway
from openoutcry.gateway.order_lane.protocol import protocol_for
from openoutcry.protocol.requests import MAX_BODY_BYTES

PATIENCE_SECONDS = 20.0


@pytest.fixture
async def port(exchange):
    gateway = build_gateway(exchange)
    configuration = uvicorn.Config(gateway.app, lifespan="off", log_config=None, access_log=False)
    configuration.load()
    state, loop = ServerState(), asyncio.get_running_loop()
    protocol = protocol_for(configuration, gateway.order_lane, roomy_places())
    server = await loop.create_server(lambda: protocol(configuration, state, {}, loop), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    for connection in list(state.connections):
        connection.shutdown()
    server.close()
    await server.wait_closed()


class Wire:
    """One connection, and what is said on it byte by byte."""

    def __init__(self, reader, writer, key):
        self._reader = reader
        self._writer = writer
        self._key = key.encode()

    def send(self, content):
        self._writer.write(content)

    def ask(self, method, path, body=b"", *headers):
        head = [
            b"%s %s HTTP/1.1" % (method, path),
            b"Host: x",
            b"X-API-Key: " + self._key,
            b"Content-Type: application/json",
            *headers,
        ]
        if not any(header.lower().startswith((b"content-length", b"transfer-encoding")) for header in headers):
            head.append(b"Content-Length: %d" % len(body))
        self.send(b"\r\n".join(head) + b"\r\n\r\n" + body)

    async def answer(self, *, has_body=True):
        """Status, headers and body of the next answer."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            head = await self._reader.readuntil(b"\r\n\r\n")
            status_line, *lines = head.decode("latin-1").strip().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
            body = await self._reader.readexactly(int(headers["content-length"])) if has_body else b""
        value = json.loads(body) if body else None
        assert value is None or set(value) == FIELDS
        return int(status_line.split()[1]), headers, value

    def close(self):
        self._writer.close()


@pytest.fixture
async def wire(port, alice):
    wire = Wire(*await asyncio.open_connection("127.0.0.1", port), alice.headers["x-api-key"])
    yield wire
    wire.close()


def order(**terms):
    return json.dumps(limit_order("buy", 1, 100.0, **terms)).encode()


async def test_a_client_trades_over_http(port, alice, bob):
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}", headers=alice.headers) as session:
        async with session.post("/orders", json=limit_order("buy", 10, 100.0)) as response:
            placed = await response.json()
        await bob.order("sell", 4, 100.0)
        async with session.get(f"/orders/{placed['order_id']}") as response:
            assert (await response.json())["data"]["order"]["remaining_quantity"] == 6
        async with session.delete(f"/orders/{placed['order_id']}") as response:
            assert response.status == 200
        async with session.get(f"/trades/{CALL}") as response:
            assert len((await response.json())["data"]["trades"]) == 1


async def test_many_requests_share_one_connection_and_are_answered_in_order(wire):
    ids = [f"pipelined-{number}" for number in range(20)]
    for request_id in ids:
        wire.ask(b"POST", b"/orders", order(request_id=request_id))
    answers = [await wire.answer() for _ in ids]
    assert [answer["request_id"] for _, _, answer in answers] == ids
    sequences = [int(headers["x-sequence"]) for _, headers, _ in answers]
    assert sequences == sorted(sequences)


async def test_a_chunked_body_is_read(wire):
    body = order()
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:9], body[9:]))
    wire.ask(b"POST", b"/orders", chunks + b"0\r\n\r\n", b"Transfer-Encoding: chunked")
    status, _, answer = await wire.answer()
    assert (status, answer["success"]) == (200, True)


async def test_a_body_too_large_is_answered_and_the_connection_lives_on(wire):
    large = b" " * (MAX_BODY_BYTES + 1)
    for path in (b"/orders", b"/orders/batch"):
        wire.ask(b"POST", path, large)
        status, _, answer = await wire.answer()
        assert (status, answer["error"]["code"]) == (413, "PAYLOAD_TOO_LARGE")
        wire.ask(b"POST", path, b"%x\r\n%s\r\n0\r\n\r\n" % (len(large), large), b"Transfer-Encoding: chunked")
        assert (await wire.answer())[0] == 413
    wire.ask(b"POST", b"/orders", order())
    assert (await wire.answer())[0] == 200


async def test_a_client_that_asks_first_need_not_send_what_is_too_large(wire):
    wire.ask(b"POST", b"/orders", b"", b"Content-Length: 99999999", b"Expect: 100-continue")
    assert (await wire.answer())[0] == 413


async def test_a_client_that_asks_first_is_told_to_go_on(wire):
    body = order()
    wire.ask(b"POST", b"/orders", b"", b"Content-Length: %d" % len(body), b"Expect: 100-continue")
    assert (await wire.answer(has_body=False))[0] == 100
    wire.send(body)
    assert (await wire.answer())[0] == 200


async def test_head_has_no_body_on_the_wire(wire):
    wire.ask(b"HEAD", b"/market")
    status, headers, _ = await wire.answer(has_body=False)
    assert (status, int(headers["content-length"]) > 0) == (200, True)
    wire.ask(b"GET", b"/market")
    assert (await wire.answer())[0] == 200


async def test_paths_and_header_bytes_of_all_kinds_are_answered(wire):
    for path in (b"/orders/ORD_%31", b"/orders/%ff", b"/orders/a%2Fb", b"//orders", b"/orders?%00=%ff", b"/%", b"*"):
        wire.ask(b"DELETE", path, b"", b"X-Request-ID: \xfc\xff", b"X-Other: \xe2\x82\xac")
        status, _, answer = await wire.answer()
        assert status in {400, 404, 405, 409}
        assert answer["request_id"] == "üÿ"
