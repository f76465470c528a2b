"""Requests that arrive together, half-open connections and waiting requests: all are answered in order, one by one."""

import asyncio

import pytest
from wire_stage import WireServer, headers_of, order, request_bytes

from openoutcry.gateway.app import build_gateway
from openoutcry.gateway.connections.request_turns import MAX_PIECES_PER_TURN, MAX_WAITING_BYTES


@pytest.fixture(params=[True, False], ids=["with the lane", "without"])
async def line(request, exchange):
    return WireServer(build_gateway(exchange), uses_lane=request.param).connect()


def cancel_by_client_id(team, name):
    return request_bytes(b"DELETE", f"/orders/by-client-id/{name}".encode(), b"", headers_of(team))


def get_orders(team, name):
    return request_bytes(b"GET", b"/orders", b"", [*headers_of(team), (b"X-Request-ID", name.encode())])


def names(line):
    return [answer.json["request_id"] for answer in line.answers]


async def test_a_burst_of_small_requests_is_no_head_without_end(line, alice):
    count = 1_500
    burst = cancel_by_client_id(alice, "abc") * count
    line.receive(burst[:100_000], burst[100_000:])
    await line.until(lambda: line.transport.written.count(b"HTTP/1.1 ") == count)
    assert {answer.status for answer in line.answers} == {409}
    assert not line.transport.is_closing()


async def test_what_is_asked_at_once_is_answered_in_order_wherever_it_is_cut(line, alice):
    requests = [
        get_orders(alice, "0"),
        request_bytes(b"POST", b"/orders/batch", b'{"orders": [], "request_id": "1"}', headers_of(alice)),
        order(alice, request_id="2"),
        get_orders(alice, "3"),
        request_bytes(
            b"POST",
            b"/orders/validate",
            b'11\r\n{"request_id":"4"\r\n1\r\n}\r\n0\r\nX: y\r\n\r\n',
            [*headers_of(alice), (b"Transfer-Encoding", b"chunked")],
            length=False,
        ),
        get_orders(alice, "5"),
    ]
    whole = b"".join(requests)
    for cut in range(1, len(whole), 7):
        line.receive(whole[:cut])
        await asyncio.sleep(0)
        line.receive(whole[cut:])
        await line.until(lambda: line.transport.written.count(b"HTTP/1.1 ") == len(requests))
        assert names(line) == ["0", "1", "2", "3", "4", "5"]
        line.transport.written = b""


async def test_uvicorn_has_one_request_at_a_time_and_the_rest_waits_as_bytes(line, alice):
    line.receive(get_orders(alice, "x") * 100)
    most = 0
    while line.transport.written.count(b"HTTP/1.1 ") != 100:
        most = max(most, len(line.protocol.pipeline), len(line.state.tasks))
        await asyncio.sleep(0)
    assert most <= 1


async def test_while_much_waits_nothing_is_read(line, alice):
    one = get_orders(alice, "x")
    count = MAX_WAITING_BYTES // len(one) + 10
    line.receive(one * count)
    assert not line.transport.reads
    while len(line.protocol._unread) > MAX_WAITING_BYTES:
        await asyncio.sleep(0)
        assert line.transport.reads == (len(line.protocol._unread) <= MAX_WAITING_BYTES)
    await line.until(lambda: line.transport.written.count(b"HTTP/1.1 ") == count)
    assert line.transport.reads


async def test_pieces_that_hold_nothing_use_up_one_turn_of_the_loop_and_no_more(line, alice):
    parsed = []
    feed = line.protocol.parser.feed_data

    class Counting:
        def __getattr__(self, name):
            return getattr(parser, name)

        def feed_data(self, data):
            parsed.append(data)
            feed(data)

    parser, line.protocol.parser = line.protocol.parser, Counting()
    line.receive(b"\r\n\r\n" * 10_000 + get_orders(alice, "x"))
    assert len(parsed) == MAX_PIECES_PER_TURN
    await line.until(lambda: line.transport.written)
    assert line.answer.status == 200


async def test_requests_that_come_byte_by_byte_are_told_apart(line, alice):
    for byte in order(alice, *H2C, request_id="1") + get_orders(alice, "2") + order(alice, *H2C, request_id="3"):
        line.receive(bytes([byte]))
        await asyncio.sleep(0)
    await line.settle()
    assert names(line) == ["1", "2", "3"]
    assert [answer.status for answer in line.answers] == [200, 200, 200]


H2C = [(b"Connection", b"Upgrade, HTTP2-Settings"), (b"Upgrade", b"h2c"), (b"HTTP2-Settings", b"AAEAAEAA")]
"""What the client in Java's library says on every new connection."""


@pytest.mark.parametrize("path", [b"/orders", b"/orders/validate"])
async def test_an_upgrade_to_what_is_not_spoken_here_is_overlooked(line, alice, caplog, path):
    first = order(alice, *H2C, request_id="1").replace(b"/orders", path, 1)
    line.receive(first + order(alice, request_id="2"))
    await line.settle()
    assert names(line) == ["1", "2"]
    assert [answer.status for answer in line.answers] == [200, 200]
    assert not caplog.records


async def test_a_body_after_such_an_upgrade_is_read_wherever_the_request_is_cut(line, alice):
    whole = order(alice, *H2C, request_id="1", client_order_id="the-same-every-time")
    for cut in range(1, len(whole)):
        line.receive(whole[:cut])
        await asyncio.sleep(0)
        line.receive(whole[cut:])
        await line.settle()
        assert (line.answer.status, line.answer.json["request_id"]) == (200, "1")
        line.transport.written = b""


# ---- clients that close their side


@pytest.mark.parametrize("durability", ["os", "disk"])
@pytest.mark.parametrize("uses_lane", [True, False])
async def test_a_client_that_closes_its_side_still_gets_all_its_answers(open_on, durability, uses_lane):
    exchange = open_on(durability=durability)
    gateway = build_gateway(exchange)
    server = WireServer(gateway, uses_lane=uses_lane)
    team = await _team(server)
    line = server.connect()
    line.receive(order(team, request_id="1") + get_orders(team, "2") + order(team, request_id="3"))
    await line.end_sending()
    await line.until(line.transport.is_closing)
    assert names(line) == ["1", "2", "3"]
    assert [answer.status for answer in line.answers] == [200, 200, 200]


async def test_a_client_that_closes_its_side_between_requests_is_gone(line, alice):
    line.receive(get_orders(alice, "1"))
    await line.settle()
    await line.end_sending()
    assert line.transport.is_closing()


@pytest.mark.parametrize("cut", [5, -3])
async def test_a_client_that_closes_its_side_in_the_middle_of_a_request_has_asked_nothing(exchange, line, alice, cut):
    before = exchange.sequencer.last_sequence
    line.receive(get_orders(alice, "1") + order(alice)[:cut])
    await line.end_sending()
    await line.until(line.transport.is_closing)
    assert names(line) == ["1"]
    assert exchange.sequencer.last_sequence == before


async def _team(server):
    class Team:
        headers: dict

    line = server.connect()
    line.receive(
        request_bytes(
            b"POST", b"/teams", b'{"team_name": "a", "role": "market_maker"}', [(b"Content-Type", b"application/json")]
        )
    )
    await line.until(lambda: line.transport.written)
    Team.headers = {"x-api-key": line.answer.json["data"]["api_key"]}
    return Team
