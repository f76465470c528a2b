"""The protocol of the order lane: how requests arrive, in which order they are answered, slow readers, and endings."""

import asyncio

import pytest
import uvicorn
from wire_stage import WireServer, headers_of, order, request_bytes

from openoutcry.gateway.app import build_gateway
from openoutcry.gateway.connections.bounded_http import SWEEPS_PER_REQUEST, BoundedHttpProtocol
from openoutcry.gateway.connections.places import Places
from openoutcry.gateway.connections.request_turns import MAX_WAITING_BYTES
from openoutcry.gateway.order_lane import protocol as order_protocol_module
from openoutcry.gateway.order_lane.heads import MAX_KNOWN_HEADS, MAX_ORDER_HEAD_BYTES
from openoutcry.gateway.order_lane.protocol import OrderProtocol, missing_parts, protocol_for


@pytest.fixture
def gateway(exchange):
    return build_gateway(exchange)


@pytest.fixture
async def server(gateway):
    return WireServer(gateway)


@pytest.fixture
async def line(server):
    return server.connect()


def sequences(line):
    return [int(answer.headers["x-sequence"]) for answer in line.answers]


async def test_an_order_is_answered_in_one_write_before_uvicorn_hears_of_it(line, alice):
    line.receive(order(alice))
    assert (line.answer.status, line.answer.json["order_id"]) == (200, "ORD_67890")
    assert line.transport.writes == 1
    assert line.went_by_the_lane()


async def test_a_cancel_is_answered_likewise(line, alice):
    placed = (await alice.order("buy", 1, 100.0)).order_id
    line.receive(request_bytes(b"DELETE", f"/orders/{placed}".encode(), b"", headers_of(alice)))
    assert (line.answer.status, line.answer.json["order_id"]) == (200, placed)
    assert line.went_by_the_lane()


@pytest.mark.parametrize(("digits", "status"), [(18, 409), (60, 409), (61, 404)])
async def test_a_cancel_with_a_long_id_is_answered_as_by_the_router(line, alice, digits, status):
    path = b"/orders/ORD_" + b"9" * digits
    line.receive(request_bytes(b"DELETE", path, b"", headers_of(alice)))
    await line.settle()
    assert line.answer.status == status


@pytest.mark.parametrize(
    ("change", "status", "is_closed"),
    [
        ((b"HTTP/1.1", b"HTTP/1.0"), 200, True),
        ((b"Host: x", b"Connection: close"), 200, True),
        ((b"Host: x", b"Expect: 100-continue"), 100, False),
        ((b"Host: x", b"X-Long: " + b"x" * MAX_ORDER_HEAD_BYTES), 200, False),
        ((b"Content-Length: ", b"Content-Length: 999"), 413, False),
        ((b"/orders", b"/orders?x=1"), 400, False),
        ((b"/orders", b"/%6frders"), 200, False),
        ((b"X-API-Key", b"X-Key"), 401, False),
        ((b"application/json", b"text/plain"), 415, False),
    ],
)
async def test_what_is_in_any_way_unusual_is_left_to_uvicorn(server, alice, change, status, is_closed):
    line = server.connect()
    line.receive(order(alice).replace(*change, 1))
    assert not line.went_by_the_lane()
    await line.settle()
    assert (line.answers[0].status, line.transport.is_closing()) == (status, is_closed)


async def test_an_order_waits_for_the_answers_before_it(line, alice):
    line.receive(request_bytes(b"GET", b"/orders", b"", headers_of(alice)), order(alice, request_id="mine"))
    await line.settle()
    first, second = line.answers
    assert "orders" in first.json["data"]
    assert second.json["request_id"] == "mine"


async def test_what_looks_like_an_order_in_a_body_is_none(exchange, line, alice):
    before = exchange.sequencer.last_sequence
    head = request_bytes(b"POST", b"/orders", b"", [*headers_of(alice), (b"Content-Length", b"99999999")])
    line.receive(head)
    await line.settle()
    line.receive(order(alice))
    await line.settle()
    assert line.answer.status == 413
    assert exchange.sequencer.last_sequence == before


async def test_a_client_that_was_turned_away_places_no_order(gateway, alice):
    line = WireServer(gateway, places=Places(0, 1)).connect()
    line.receive(order(alice))
    await line.settle()
    assert line.answer.status == 503


async def test_a_request_may_be_cut_anywhere(server, alice):
    whole = order(alice, client_order_id="the-same-every-time")
    for cut in range(1, len(whole)):
        line = server.connect()
        line.receive(whole[:cut])
        assert line.transport.written == b""
        line.receive(whole[cut:])
        await line.settle()
        assert line.answer.status == 200
        assert line.went_by_the_lane() == (cut >= whole.index(b"\r\n\r\n") + 4)


async def test_a_request_may_come_byte_by_byte_and_another_after_it(line, alice):
    for byte in order(alice):
        line.receive(bytes([byte]))
    await line.settle()
    line.receive(order(alice))
    await line.settle()
    assert [answer.status for answer in line.answers] == [200, 200]


async def test_requests_that_come_at_once_are_answered_in_their_order(line, alice):
    kinds = [order(alice, request_id="lane"), request_bytes(b"GET", b"/orders", b"", headers_of(alice))]
    mixed = [0, 0, 0, 1, 0, 1, 1, 0, 0, 0]
    line.receive(b"".join(kinds[kind] for kind in mixed))
    await line.settle()
    assert [answer.json["request_id"] == "lane" for answer in line.answers] == [kind == 0 for kind in mixed]


async def test_a_client_that_sends_many_requests_at_once_does_not_delay_others(server, alice, bob):
    greedy, modest = server.connect(), server.connect()
    greedy.receive(order(alice) * 5)
    modest.receive(order(bob))
    await greedy.settle()
    assert sequences(modest) == [sequences(greedy)[0] + 1]
    assert len(greedy.answers) == 5


async def test_a_client_that_sends_faster_than_orders_are_served_is_not_read_for_a_while(line, alice):
    one = order(alice, client_order_id="the-same-every-time")
    count = 2 * MAX_WAITING_BYTES // len(one) + 1
    line.receive(one * count)
    assert not line.transport.reads
    await line.until(lambda: line.transport.reads)
    assert len(line.protocol._unread) <= MAX_WAITING_BYTES
    await line.until(lambda: not line.protocol._unread)
    assert [answer.status for answer in line.answers] == [200] * count


async def test_what_comes_while_others_wait_is_served_after_them(line, alice):
    line.receive(order(alice, request_id="1") + order(alice, request_id="2"), order(alice, request_id="3"))
    await line.settle()
    assert [answer.json["request_id"] for answer in line.answers] == ["1", "2", "3"]


async def test_a_client_that_does_not_take_its_answers_gets_no_more_until_it_does(line, alice):
    line.protocol.pause_writing()
    line.receive(order(alice), order(alice))
    await line.settle()
    assert line.transport.written == b""
    line.protocol.resume_writing()
    await line.settle()
    assert [answer.status for answer in line.answers] == [200, 200]


async def test_a_key_that_was_rotated_is_dead_although_its_requests_are_known(line, alice):
    line.receive(order(alice))
    await alice.post(f"/teams/{alice.team_id}/rotate-key")
    line.receive(order(alice))
    assert [answer.status for answer in line.answers] == [200, 401]


async def test_of_heads_that_are_always_new_few_are_remembered(line, alice):
    for number in range(5 * MAX_KNOWN_HEADS):
        line.receive(order(alice, (b"X-Request-ID", b"%d" % number)))
        assert len(line.protocol._heads._known) <= MAX_KNOWN_HEADS
    assert [answer.json["request_id"] for answer in line.answers] == [str(n) for n in range(5 * MAX_KNOWN_HEADS)]


async def test_a_body_that_never_comes_is_refused_after_a_while(line, alice):
    for _ in range(SWEEPS_PER_REQUEST):
        line.protocol.be_swept()
    line.receive(order(alice)[:-1])
    for _ in range(SWEEPS_PER_REQUEST):
        line.protocol.be_swept()
    assert line.transport.written == b""
    line.protocol.be_swept()
    assert line.answer.status == 400
    assert "did not arrive completely" in line.answer.json["error"]["message"]


@pytest.mark.parametrize(("seconds", "closes"), [(0, True), (3600, False)])
async def test_a_connection_that_stays_silent_is_closed_in_the_end(gateway, alice, seconds, closes):
    line = WireServer(gateway, timeout_keep_alive=seconds).connect()
    line.receive(order(alice))
    await line.settle()
    line.protocol.be_swept()
    assert line.transport.is_closing() == closes


async def test_the_server_counts_the_requests_of_the_lane(server, line, alice):
    line.receive(order(alice) * 3)
    await line.settle()
    assert server.state.total_requests == 3


async def test_where_an_access_log_is_kept_orders_are_in_it(gateway, alice, caplog):
    line = WireServer(gateway, access_log=True).connect()
    line.protocol.access_log = True  # as with a handler of the server's own
    with caplog.at_level("INFO", "uvicorn.access"):
        line.receive(order(alice))
        await line.settle()
    assert line.answer.status == 200
    assert not line.went_by_the_lane()


async def test_a_limit_of_requests_at_work_counts_orders_too(gateway, alice):
    line = WireServer(gateway, limit_concurrency=1).connect()
    line.receive(order(alice))
    await line.settle()
    assert line.answer.status == 503


# ---- the end of the server


async def test_an_idle_connection_is_closed_at_the_end(line, alice):
    line.receive(order(alice))
    line.protocol.shutdown()
    assert line.transport.is_closing()


async def test_an_order_half_way_is_still_taken_at_the_end(line, alice):
    whole = order(alice)
    line.receive(whole[:-5])
    line.protocol.shutdown()
    assert not line.transport.is_closing()
    line.receive(whole[-5:])
    await line.settle()
    assert (line.answer.status, line.answer.headers["connection"]) == (200, "close")
    assert line.transport.is_closing()


async def test_orders_that_wait_for_their_turn_are_still_served_at_the_end(line, alice):
    line.receive(order(alice) * 4)
    line.protocol.shutdown()
    await line.settle()
    assert [answer.status for answer in line.answers] == [200] * 4
    assert line.answers[-1].headers["connection"] == "close"
    assert line.transport.is_closing()


async def test_orders_of_a_client_that_left_are_not_served_any_more(exchange, line, alice):
    before = exchange.sequencer.last_sequence
    line.receive(order(alice) * 4)
    await line.hang_up()
    assert exchange.sequencer.last_sequence == before + 1


# ---- uvicorn


async def test_uvicorn_is_made_as_the_lane_needs_it(server):
    missing = missing_parts(server.configuration, asyncio.get_running_loop())
    assert missing == [], (
        f"this uvicorn ({uvicorn.__version__}) has no {missing}: order_protocol.py leans on them; see what took their"
        " place and mend it there. Until then orders go by the router, which is slower and right"
    )


async def test_on_a_uvicorn_of_another_make_the_server_does_without_the_lane(server, gateway, monkeypatch):
    assert issubclass(protocol_for(server.configuration, gateway.order_lane, server.places), OrderProtocol)
    monkeypatch.setitem(order_protocol_module.PARTS_OF_UVICORN, "ServerState", ("a_part_of_the_past",))
    without_lane = protocol_for(server.configuration, gateway.order_lane, server.places)
    assert issubclass(without_lane, BoundedHttpProtocol)
    assert not issubclass(without_lane, OrderProtocol)
