"""Invalid WebSocket handshakes: each is answered in the shape of all answers, and its connection ends at once."""

import logging

import pytest
from gateway_stage import FIELDS
from wire_stage import WireServer, request_bytes

from openoutcry.gateway.app import build_gateway

KEY = (b"Sec-WebSocket-Key", b"AAAAAAAAAAAAAAAAAAAAAA==")
VERSION = (b"Sec-WebSocket-Version", b"13")
UPGRADE = [(b"Connection", b"Upgrade"), (b"Upgrade", b"websocket")]
WHOLE = [*UPGRADE, KEY, VERSION]


def handshake(headers=(), method=b"GET", path=b"/ws", body=b""):
    return request_bytes(method, path, body, headers)


REFUSED = {
    "POST": (handshake(WHOLE, b"POST"), 405, "METHOD_NOT_ALLOWED"),
    "HEAD": (handshake(WHOLE, b"HEAD"), 405, "METHOD_NOT_ALLOWED"),
    "without a key": (handshake([*UPGRADE, VERSION]), 400, "MALFORMED_REQUEST"),
    "a short key": (handshake([*UPGRADE, VERSION, (KEY[0], b"AAAA")]), 400, "MALFORMED_REQUEST"),
    "two keys": (handshake([*WHOLE, KEY]), 400, "MALFORMED_REQUEST"),
    "an older version": (handshake([*UPGRADE, KEY, (VERSION[0], b"12")]), 400, "MALFORMED_REQUEST"),
    "two upgrades": (handshake([*WHOLE, *UPGRADE]), 400, "MALFORMED_REQUEST"),
    "130 headers": (handshake([*WHOLE, *[(b"X-%d" % n, b"1") for n in range(130)]]), 400, "MALFORMED_REQUEST"),
    "a header of 9,000 bytes": (handshake([*WHOLE, (b"X", b"y" * 9_000)]), 400, "MALFORMED_REQUEST"),
    "a path of 9,000 bytes": (handshake(WHOLE, path=b"/ws?" + b"x" * 9_000), 400, "MALFORMED_REQUEST"),
    "a body": (handshake(WHOLE, body=b"{}"), 400, "MALFORMED_REQUEST"),
    "a body to come": (handshake([*WHOLE, (b"Content-Length", b"2")]), 400, "MALFORMED_REQUEST"),
    "chunks": (handshake([*WHOLE, (b"Transfer-Encoding", b"chunked")]) + b"0\r\n\r\n", 400, "MALFORMED_REQUEST"),
    "two hosts": (handshake([*WHOLE, (b"Host", b"y")]), 400, "MALFORMED_REQUEST"),
    "two of a team's keys": (handshake([*WHOLE, (b"X-API-Key", b"1"), (b"X-API-Key", b"2")]), 400, "MALFORMED_REQUEST"),
    "another path": (handshake(WHOLE, path=b"/stream"), 404, "ROUTE_NOT_FOUND"),
}


@pytest.mark.parametrize("kind", REFUSED)
async def test_an_invalid_handshake_is_told_why_and_ends(exchange, caplog, kind):
    sent, status, code = REFUSED[kind]
    line = WireServer(build_gateway(exchange)).connect()
    with caplog.at_level(logging.WARNING):
        line.receive(sent)
        await line.settle()
    answer = line.answer
    assert (answer.status, answer.headers["content-type"]) == (status, "application/json")
    assert set(answer.json) == FIELDS
    assert answer.json["error"]["code"] == code
    assert answer.headers["connection"].lower() == "close"
    assert line.transport.is_closing()
    assert len(line.server.places) == 0
    assert not line.state.connections
    assert not line.state.tasks
    assert not caplog.records


async def test_a_method_that_is_not_taken_is_told_which_is(exchange):
    line = WireServer(build_gateway(exchange)).connect()
    line.receive(REFUSED["POST"][0])
    await line.settle()
    assert line.answer.headers["allow"] == "GET"


async def test_a_whole_handshake_opens_a_stream(exchange):
    line = WireServer(build_gateway(exchange)).connect()
    line.receive(handshake(WHOLE))
    await line.settle()
    assert line.transport.written.startswith(b"HTTP/1.1 101")
    assert b'"type":"welcome"' in line.transport.written
    await line.hang_up()
    assert len(line.server.places) == 0
