"""What counts as a header, and which headers may occur once: the same in the order lane and in the router."""

import pytest
from gateway_stage import limit_order
from wire_stage import WireServer, headers_of, order, request_bytes

from openoutcry.gateway.app import build_gateway
from openoutcry.gateway.http.header_rules import MAX_LENGTH_DIGITS

UPGRADE = [
    (b"Connection", b"Upgrade"),
    (b"Upgrade", b"websocket"),
    (b"Sec-WebSocket-Key", b"AAAAAAAAAAAAAAAAAAAAAA=="),
    (b"Sec-WebSocket-Version", b"13"),
]


@pytest.fixture(params=[True, False], ids=["with the lane", "without"])
async def line(request, exchange):
    return WireServer(build_gateway(exchange), uses_lane=request.param).connect()


def chunked(body, *trailers):
    lines = b"".join(b"%s: %s\r\n" % trailer for trailer in trailers)
    return b"%x\r\n%s\r\n0\r\n%s\r\n" % (len(body), body, lines) if body else b"0\r\n%s\r\n" % lines


def key_of(team):
    return team.headers["x-api-key"].encode()


def open_orders(exchange, team):
    return exchange.sequencer.queries.open_orders(int(team.team_id.removeprefix("TEAM_")))


@pytest.mark.parametrize("pieces", [1, 2])
async def test_a_key_in_a_trailer_is_nobody_s(exchange, line, alice, bob, pieces):
    head = request_bytes(b"POST", b"/orders", b"", [*headers_of(alice), (b"Transfer-Encoding", b"chunked")])
    body = chunked(order(alice).partition(b"\r\n\r\n")[2], (b"X-API-Key", key_of(bob)))
    line.receive(*([head + body] if pieces == 1 else [head, body]))
    await line.settle()
    assert line.answer.status == 200
    assert (len(open_orders(exchange, alice)), len(open_orders(exchange, bob))) == (1, 0)


@pytest.mark.parametrize(
    ("method", "path", "trailer", "status"),
    [
        (b"GET", b"/orders", "X-API-Key", 401),
        (b"GET", b"/admin/teams", "X-Admin-Key", 401),
        (b"POST", b"/orders", "Content-Type", 415),
    ],
)
async def test_what_would_do_as_a_header_does_nothing_as_a_trailer(line, api, alice, method, path, trailer, status):
    values = {
        "X-API-Key": key_of(alice),
        "X-Admin-Key": api.organiser.headers["x-admin-key"].encode(),
        "Content-Type": b"application/json",
    }
    body = b'{"request_id": "mine"}' if method == b"POST" else b""
    headers = [(b"Transfer-Encoding", b"chunked")]
    line.receive(
        request_bytes(method, path, b"", headers if method == b"GET" else [*headers, (b"X-API-Key", key_of(alice))])
        + chunked(body, (trailer.encode(), values[trailer]))
    )
    await line.settle()
    assert line.answer.status == status


@pytest.mark.parametrize("name", ["X-API-Key", "x-api-key", "Content-Type", "Host", "Content-Encoding", "X-Admin-Key"])
async def test_a_header_that_decides_who_asks_or_how_to_read_stands_once(exchange, line, alice, name):
    twice = [(name.encode(), b"identity"), (name.encode(), b"identity")]
    line.receive(order(alice, *twice))
    await line.settle()
    error = line.answer.json["error"]
    assert (line.answer.status, error["code"]) == (400, "MALFORMED_REQUEST")
    assert error["details"]["field"].lower() == name.lower()
    assert not open_orders(exchange, alice)


async def test_two_keys_are_refused_whichever_is_right(line, alice, bob):
    line.receive(order(alice, (b"X-API-Key", key_of(bob))))
    await line.settle()
    assert (line.answer.status, line.answer.json["error"]["details"]) == (400, {"field": "X-API-Key"})


async def test_the_connection_goes_on_after_a_header_too_many(line, alice):
    line.receive(order(alice, (b"X-API-Key", b"another")) + order(alice))
    await line.settle()
    assert [answer.status for answer in line.answers] == [400, 200]


async def test_other_headers_may_stand_twice(line, alice):
    line.receive(order(alice, (b"X-Other", b"1"), (b"X-Other", b"2")))
    await line.settle()
    assert line.answer.status == 200


@pytest.mark.parametrize("headers", [[(b"X-API-Key", b"1"), (b"X-API-Key", b"2")], [(b"Host", b"y")]])
async def test_a_handshake_with_a_header_too_many_is_refused(exchange, caplog, headers):
    line = WireServer(build_gateway(exchange)).connect()
    line.receive(request_bytes(b"GET", b"/ws", b"", [*UPGRADE, *headers]))
    await line.settle()
    assert (line.answer.status, line.answer.json["error"]["code"]) == (400, "MALFORMED_REQUEST")
    assert line.transport.is_closing()
    assert not [record for record in caplog.records if record.levelname != "INFO"]


@pytest.mark.parametrize("path", [b"/orders", b"/teams", b"/nowhere"])
@pytest.mark.parametrize("digits", [MAX_LENGTH_DIGITS + 1, 4_301])
async def test_a_length_of_endless_digits_is_refused(line, alice, caplog, path, digits):
    body = b"{}"
    length = b"%d" % len(body)
    line.receive(
        request_bytes(
            b"POST", path, body, [*headers_of(alice), (b"Content-Length", length.zfill(digits))], length=False
        ),
        order(alice),
    )
    await line.settle()
    first, second = line.answers
    assert (first.status, first.json["error"]["code"]) == (400, "MALFORMED_REQUEST")
    assert first.json["error"]["details"] == {"field": "Content-Length"}
    assert second.status == 200
    assert not caplog.records


async def test_a_length_with_leading_zeros_is_read(line, alice):
    request = order(alice)
    length = len(request.partition(b"\r\n\r\n")[2])
    line.receive(request.replace(b"Content-Length: ", b"Content-Length: " + b"0" * 8))
    await line.settle()
    assert length > 9
    assert line.answer.status == 200


async def test_the_rules_hold_without_a_connection_too(alice):
    reply = await alice.post("/orders", limit_order("buy", 1, 1.0), headers={"X-API-KEY": alice.headers["x-api-key"]})
    assert reply.refusal == (400, "MALFORMED_REQUEST")
